using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tessera.Cards.Identity;

/// <summary>Names out of certificates as people may see them: whoever wrote one may be nobody's friend.</summary>
public static class CertificateName
{
    private const int MaxLength = 200;

    /// <summary>A name as people write it.</summary>
    /// <exception cref="ArgumentException">It is no X.500 name, or none at all.</exception>
    public static X500DistinguishedName Parse(string name)
    {
        try
        {
            var parsed = new X500DistinguishedName(name);
            return parsed.Name.Length > 0 ? parsed : throw new ArgumentException("A name is needed: CN=Ada.", nameof(name));
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException($"'{name}' is no name like CN=Ada: {e.Message}", nameof(name), e);
        }
    }

    /// <summary>RFC 4514 as far as it is short; control characters, which terminals obey, are question marks.</summary>
    public static string Of(X500DistinguishedName name)
    {
        var text = string.Concat(name.Name.Select(each => char.IsControl(each) ? '?' : each));
        return text.Length <= MaxLength ? text : text[..MaxLength] + "...";
    }
}

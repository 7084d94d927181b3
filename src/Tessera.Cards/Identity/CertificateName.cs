using System.Security.Cryptography.X509Certificates;

namespace Tessera.Cards.Identity;

/// <summary>Names out of certificates as people may see them: whoever wrote one may be nobody's friend.</summary>
public static class CertificateName
{
    private const int MaxLength = 200;

    /// <summary>RFC 4514 as far as it is short; control characters, which terminals obey, are question marks.</summary>
    public static string Of(X500DistinguishedName name)
    {
        var text = string.Concat(name.Name.Select(each => char.IsControl(each) ? '?' : each));
        return text.Length <= MaxLength ? text : text[..MaxLength] + "...";
    }
}

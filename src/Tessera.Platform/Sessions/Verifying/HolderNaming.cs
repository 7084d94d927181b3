using System.Security.Cryptography.X509Certificates;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>What of a trusted certificate says whose a card is that nobody registered.</summary>
public enum HolderNaming
{
    /// <summary>Nothing: such cards are registered, or not accepted.</summary>
    None,

    /// <summary>The serial number in its subject (X.520).</summary>
    SerialNumber,

    /// <summary>The mail address (rfc822Name of its alternative names, else of its subject).</summary>
    Mail,

    /// <summary>The user principal name (otherName of its alternative names).</summary>
    PrincipalName,

    /// <summary>The whole subject.</summary>
    Subject,
}

/// <summary>Reads the name of a holder out of a certificate.</summary>
internal static class NamedHolder
{
    private const int MaxName = 256;
    private const string SerialNumber = "2.5.4.5";

    /// <summary>The name with what kind of name it is in front; null where the certificate has none.</summary>
    public static string? Of(X509Certificate2 certificate, HolderNaming naming) => naming switch
    {
        HolderNaming.SerialNumber => Named("serial", SerialNumberOf(certificate)),
        HolderNaming.Mail => Named("mail", certificate.GetNameInfo(X509NameType.EmailName, false).ToLowerInvariant()),
        HolderNaming.PrincipalName =>
            Named("principal", certificate.GetNameInfo(X509NameType.UpnName, false).ToLowerInvariant()),
        HolderNaming.Subject => Named("subject", certificate.SubjectName.Name),
        _ => null,
    };

    /// <summary>What people call the holder: the common name, else the whole subject.</summary>
    public static string WordsOf(X509Certificate2 certificate) =>
        Clean(certificate.GetNameInfo(X509NameType.SimpleName, false)) is { Length: > 0 } name ? name : "Unnamed";

    private static string? SerialNumberOf(X509Certificate2 certificate) => certificate.SubjectName
        .EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements
            && string.Equals(part.GetSingleElementType().Value, SerialNumber, StringComparison.Ordinal))
        .Select(part => part.GetSingleElementValue()).FirstOrDefault();

    /// <summary>One that is too long or has control characters is none: no two names become one.</summary>
    private static string? Named(string kind, string? name) =>
        name is { Length: > 0 and <= MaxName } && !name.Any(char.IsControl) ? $"{kind}:{name}" : null;

    private static string Clean(string name) =>
        new([.. name.Where(each => !char.IsControl(each)).Take(MaxName)]);
}

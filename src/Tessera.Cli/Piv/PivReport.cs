using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;

namespace Tessera.Cli.Piv;

/// <summary>What a PIV card tells of itself without PIN and keys.</summary>
/// <param name="Name">The GUID of its CHUID; null where it has none.</param>
/// <param name="Serial">As vendors number cards; null where this one does not say.</param>
/// <param name="PinTriesLeft">0 when it is blocked, null when the card does not say.</param>
internal sealed record PivReport(
    string Reader, Guid? Name, uint? Serial, int? PinTriesLeft, IReadOnlyList<PivKeyReport> Keys)
{
    public static async Task<PivReport> ReadAsync(CardAtHand card, PivClient piv, CancellationToken cancel)
    {
        var keys = new List<PivKeyReport>();
        foreach (var reference in PivKeyReference.All)
        {
            if (await piv.CertificateAsync(reference, cancel) is not { } der) continue;
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            keys.Add(PivKeyReport.Of(reference, certificate));
        }

        var status = (await card.Channel.TransmitAsync(PinCommands.Status, cancel)).Status;
        return new PivReport(
            card.Reader, await piv.GuidAsync(cancel), await piv.SerialAsync(cancel),
            status == StatusWord.AuthenticationBlocked ? 0 : status.TriesLeft, keys);
    }

    public IEnumerable<string> Lines()
    {
        yield return $"Reader         {Reader}";
        if (Name is { } name) yield return $"Name           {name}";
        if (Serial is { } serial) yield return $"Serial number  {serial}";
        if (PinTriesLeft is { } tries) yield return $"PIN            {tries} tries left";
        foreach (var key in Keys) yield return key.Line();
    }
}

/// <param name="Reference">Two hexadecimal digits.</param>
/// <param name="Until">The last day of the certificate.</param>
internal sealed record PivKeyReport(
    string Reference, PivAlgorithm? Algorithm, string Subject, string Issuer, string Until, string Sha256)
{
    public static PivKeyReport Of(byte reference, X509Certificate2 certificate) => new(
        reference.ToString("X2", CultureInfo.InvariantCulture), CertificateKey.AlgorithmOf(certificate),
        certificate.Subject, certificate.Issuer,
        certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        certificate.GetCertHashString(HashAlgorithmName.SHA256));

    public string Line() =>
        $"Key {Reference}         {Algorithm?.ToString() ?? "of another kind"}, {Subject}, until {Until}";
}

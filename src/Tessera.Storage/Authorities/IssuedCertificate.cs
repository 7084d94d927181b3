using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Tessera.Cards.Identity;
using Tessera.Wire;

namespace Tessera.Storage.Authorities;

/// <summary>A certificate that the authority issued.</summary>
/// <param name="Serial">Hexadecimal.</param>
/// <param name="Key">The reference of the key, two hexadecimal digits.</param>
/// <param name="Revoked">When it was taken back; null while it is good.</param>
/// <param name="Reason">Why; null while it is good.</param>
public sealed record IssuedCertificate(
    string Serial, string Subject, string Key, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset? Revoked = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter))] X509RevocationReason? Reason = null)
{
    internal static IssuedCertificate Of(X509Certificate2 certificate, byte reference) => new(
        certificate.SerialNumber, CertificateName.Of(certificate.SubjectName), $"{reference:X2}",
        new DateTimeOffset(certificate.NotBefore).ToUniversalTime(),
        new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
}

/// <summary>All that an authority issued.</summary>
internal sealed record IssuedCertificates(long LastList, IReadOnlyList<IssuedCertificate> Certificates)
{
    public static IssuedCertificates None { get; } = new(0, []);

    /// <summary>Those that were taken back, as a list names them.</summary>
    [JsonIgnore]
    public IEnumerable<(Bytes Serial, Revocation Revocation)> Revoked =>
        from each in Certificates
        let since = each.Revoked
        where since.HasValue
        select (Bytes.FromHex(each.Serial),
            new Revocation(since.Value, each.Reason ?? X509RevocationReason.Unspecified));

    public IssuedCertificates With(IssuedCertificate fresh) => this with { Certificates = [.. Certificates, fresh] };

    public IssuedCertificates With(IssuedCertificate old, IssuedCertificate changed) =>
        this with { Certificates = [.. Certificates.Select(each => each == old ? changed : each)] };
}

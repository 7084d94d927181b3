using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>The certificates that an authority has taken back, signed by it (RFC 5280 §5).</summary>
/// <remarks>
/// <code>
/// CertificateList { tbsCertList { version?, signature, issuer, thisUpdate, nextUpdate?, revoked?, [0] extensions? },
///                   signatureAlgorithm, signatureValue }
/// </code>
/// Complete lists only: one that is partial, indirect or a delta says so in a critical extension, and
/// <see cref="NotUnderstood"/> names it.
/// </remarks>
public sealed class RevocationList
{
    /// <summary>Octets of the longest list that is read.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private const string AuthorityKeyIdentifier = "2.5.29.35";
    private const string Number = "2.5.29.20";
    private const string Reason = "2.5.29.21";
    private const string Invalidity = "2.5.29.24";

    private readonly Dictionary<Bytes, Revocation> _revoked = [];
    private readonly Bytes _signed;
    private readonly DerSignature _signature;

    private RevocationList(Bytes der)
    {
        Der = der;
        var reader = new AsnReader(der.Memory, AsnEncodingRules.DER);
        var list = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        _signed = new Bytes(list.PeekEncodedValue());
        var signed = list.ReadSequence();
        _signature = DerSignature.Read(list);
        list.ThrowIfNotEmpty();

        if (signed.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) && signed.ReadInteger() != 1)
            throw new WireFormatException("revocation list", 0, "has a version that is not known");
        if (new Bytes(signed.ReadEncodedValue()) != _signature.Algorithm)
            throw new WireFormatException("revocation list", 0, "names two algorithms");
        Issuer = new X500DistinguishedName(signed.ReadEncodedValue().Span);
        ThisUpdate = DerTime.Read(signed);
        if (signed.HasData && DerTime.IsNext(signed)) NextUpdate = DerTime.Read(signed);
        if (signed.HasData && signed.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence)) ReadRevoked(signed.ReadSequence());
        if (signed.HasData) ReadExtensions(signed);
        signed.ThrowIfNotEmpty();
    }

    /// <summary>The list itself.</summary>
    public Bytes Der { get; }

    public X500DistinguishedName Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the next list comes at the latest; null where it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>How many certificates it names.</summary>
    public int Count => _revoked.Count;

    /// <summary>The critical extension that forbids to use the list here; null where it has none.</summary>
    public string? NotUnderstood { get; private set; }

    /// <exception cref="WireFormatException">It is no revocation list, or above <see cref="MaxLength"/>.</exception>
    public static RevocationList Read(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxLength) throw new WireFormatException("revocation list", 0, $"has {der.Length} octets");
        try
        {
            return new RevocationList(Bytes.CopyOf(der.Span));
        }
        catch (Exception e) when (e is AsnContentException or System.Security.Cryptography.CryptographicException)
        {
            throw new WireFormatException("revocation list", 0, e.Message);
        }
    }

    /// <summary>What the list says of a number; null where it does not name it.</summary>
    /// <param name="serial">Big endian, as certificates have it.</param>
    public Revocation? Find(ReadOnlySpan<byte> serial) => _revoked.GetValueOrDefault(Plain(serial));

    /// <summary>Whether that authority signed it, and may.</summary>
    public bool IsSignedBy(X509Certificate2 authority) =>
        UsageRules.Permits(authority, X509KeyUsageFlags.CrlSign) && _signature.Verifies(authority.PublicKey, _signed.Span);

    private void ReadRevoked(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            var serial = Plain(entry.ReadIntegerBytes().Span);
            var revocation = new Revocation(DerTime.Read(entry), X509RevocationReason.Unspecified);
            if (entry.HasData) revocation = ReadEntry(entry.ReadSequence(), revocation);
            entry.ThrowIfNotEmpty();
            _revoked[serial] = revocation;
        }
    }

    private Revocation ReadEntry(AsnReader extensions, Revocation revocation)
    {
        while (extensions.HasData)
        {
            var extension = DerExtension.Read(extensions);
            var value = new AsnReader(extension.Value, AsnEncodingRules.DER);
            switch (extension.Id)
            {
                case Reason:
                    revocation = revocation with { Reason = value.ReadEnumeratedValue<X509RevocationReason>() };
                    break;
                case Invalidity:
                    revocation = revocation.Earlier(value.ReadGeneralizedTime());
                    break;
                case var other when extension.IsCritical:
                    NotUnderstood = other;
                    break;
            }
        }

        return revocation;
    }

    private void ReadExtensions(AsnReader signed)
    {
        var extensions = signed.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        while (extensions.HasData)
        {
            var extension = DerExtension.Read(extensions);
            if (extension is { IsCritical: true, Id: not (AuthorityKeyIdentifier or Number) })
                NotUnderstood = extension.Id;
        }
    }

    /// <summary>Without the zeros in front.</summary>
    private static Bytes Plain(ReadOnlySpan<byte> serial) => Bytes.CopyOf(serial.TrimStart((byte)0));
}

/// <summary>That a certificate was taken back (RFC 5280 §5.3).</summary>
/// <param name="Since">Since then it is not to be believed: the date of the entry, or an earlier one it states.</param>
public sealed record Revocation(DateTimeOffset Since, X509RevocationReason Reason)
{
    internal Revocation Earlier(DateTimeOffset invalid) => invalid < Since ? this with { Since = invalid } : this;
}

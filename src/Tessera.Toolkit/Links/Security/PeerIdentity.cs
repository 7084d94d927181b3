using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Who a peer is: SHA-256 of the SubjectPublicKeyInfo of its certificate (the pin of RFC 7469 §2.4).</summary>
public readonly record struct PeerIdentity
{
    public const int Length = SHA256.HashSizeInBytes;
    public const int IdLength = 8;

    /// <exception cref="ArgumentException">Not 32 octets.</exception>
    public PeerIdentity(Bytes keyHash)
    {
        if (keyHash.Length != Length)
            throw new ArgumentException($"An identity has {Length} octets, not {keyHash.Length}.", nameof(keyHash));
        KeyHash = keyHash;
    }

    public Bytes KeyHash { get; }

    /// <summary>The short name of the peer: its first 8 octets.</summary>
    public Bytes Id => new(KeyHash.Memory[..IdLength]);

    public static PeerIdentity Of(X509Certificate2 certificate) =>
        new(new Bytes(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));

    /// <summary>From 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 64 hexadecimal digits.</exception>
    public static PeerIdentity Parse(string hex)
    {
        var octets = Bytes.FromHex(hex);
        if (octets.Length != Length) throw new FormatException($"An identity has {2 * Length} hexadecimal digits.");
        return new PeerIdentity(octets);
    }

    public override string ToString() => KeyHash.ToString();
}

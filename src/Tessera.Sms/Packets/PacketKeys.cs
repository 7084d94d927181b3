using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>The two keys of a key set: KIc ciphers, KID makes the checksum. Owns and zeroes both.</summary>
/// <remarks>Either may be absent where the packet does not ask for it.</remarks>
public sealed class PacketKeys(SecretKey? kic, SecretKey? kid) : IDisposable
{
    private byte[]? _oldKic;
    private byte[]? _oldKid;

    /// <summary>Keys of any length, for algorithms that only the tool computes.</summary>
    internal static PacketKeys OfAnyLength(ReadOnlySpan<byte> kic, ReadOnlySpan<byte> kid) =>
        new(IfAes(kic), IfAes(kid)) { _oldKic = kic.ToArray(), _oldKid = kid.ToArray() };

    internal SecretKey Ciphering => kic ?? throw Missing(nameof(kic));

    internal SecretKey Checking => kid ?? throw Missing(nameof(kid));

    internal ReadOnlySpan<byte> OldCiphering => _oldKic is { Length: > 0 } ? _oldKic : throw Missing(nameof(kic));

    internal ReadOnlySpan<byte> OldChecking => _oldKid is { Length: > 0 } ? _oldKid : throw Missing(nameof(kid));

    public void Dispose()
    {
        kic?.Dispose();
        kid?.Dispose();
        CryptographicOperations.ZeroMemory(_oldKic);
        CryptographicOperations.ZeroMemory(_oldKid);
    }

    private static SecretKey? IfAes(ReadOnlySpan<byte> octets) =>
        octets.Length is 16 or 24 or 32 ? new SecretKey(octets) : null;

    private static ArgumentException Missing(string name) => new("The packet needs this key, of its algorithm.", name);
}

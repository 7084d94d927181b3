using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Authentication;

/// <summary>
/// What a SIM and its home network share: K, and OPc in place of the operator's OP (3GPP TS 35.206 §3). Zeroed when
/// disposed.
/// </summary>
/// <param name="key">K, 16 octets; owned from here on.</param>
/// <param name="operatorKey">OPc, 16 octets; owned from here on.</param>
public sealed class SubscriberKey(SecretKey key, SecretKey operatorKey) : IDisposable
{
    public const int Length = 16;

    /// <summary>K.</summary>
    public SecretKey Key { get; } = Checked(key);

    /// <summary>OPc.</summary>
    public SecretKey OperatorKey { get; } = Checked(operatorKey);

    /// <summary>OPc = OP xor E(K, OP), so that a card need not know OP.</summary>
    /// <param name="key">K; owned from here on.</param>
    /// <param name="op">OP, 16 octets; stays the caller's.</param>
    public static SubscriberKey OfOperator(SecretKey key, SecretKey op)
    {
        Span<byte> operatorKey = stackalloc byte[Length];
        using (var aes = Checked(key).CreateAes()) aes.EncryptEcb(Checked(op).Reveal(), operatorKey, PaddingMode.None);
        for (var i = 0; i < Length; i++) operatorKey[i] ^= op.Reveal()[i];
        var found = new SubscriberKey(key, new SecretKey(operatorKey));
        CryptographicOperations.ZeroMemory(operatorKey);
        return found;
    }

    public void Dispose()
    {
        Key.Dispose();
        OperatorKey.Dispose();
    }

    private static SecretKey Checked(SecretKey key) => key.Length == Length
        ? key
        : throw new ArgumentException($"K and OPc have {Length} octets, not {key.Length}.", nameof(key));
}

using System.Buffers.Binary;
using System.Globalization;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>
/// What a SIM shares with its network and with its issuer: K and OPc of Milenage (3GPP TS 35.206 §3) and the administrative
/// code. Zeroed when disposed.
/// </summary>
/// <remarks>
/// <code>
/// SM     KDF(master key of packets, 58)      of all SIMs of a key version
/// K      AN10922(SM, card id 8 | 01)         OPc    AN10922(SM, card id 8 | 02)
/// ADM    the first 8 octets of AN10922(SM, card id 8 | 03), modulo 100,000,000, as 8 digits
/// </code>
/// </remarks>
public sealed class SubscriberKeys(SecretKey key, SecretKey operatorKey, PinBlock administrator) : IDisposable
{
    private const byte Constant = 0x58;
    private const ulong Codes = 100_000_000;

    /// <summary>K, AES-128.</summary>
    public SecretKey Key => key;

    /// <summary>OPc, 16 octets.</summary>
    public SecretKey OperatorKey => operatorKey;

    /// <summary>8 digits.</summary>
    public PinBlock Administrator => administrator;

    /// <summary>Those of a card whose issuer derives them; the caller disposes them.</summary>
    public static SubscriberKeys Of(MasterKeys masters, CardId card)
    {
        using var master = Kdf.DeriveKey(masters.Ota, Constant, []);
        using var code = Derive(master, card, 0x03);
        Span<char> digits = stackalloc char[PinBlock.Length];
        var number = BinaryPrimitives.ReadUInt64BigEndian(code.Reveal()) % Codes;
        number.TryFormat(digits, out _, "D8", CultureInfo.InvariantCulture);
        var administrator = PinBlock.OfPuk(digits);
        digits.Clear();
        return new SubscriberKeys(Derive(master, card, 0x01), Derive(master, card, 0x02), administrator);
    }

    public void Dispose()
    {
        key.Dispose();
        operatorKey.Dispose();
        administrator.Dispose();
    }

    private static SecretKey Derive(SecretKey master, CardId card, byte purpose) =>
        An10922.Diversify(master, [.. Bytes.Of(card).Span, purpose]);
}

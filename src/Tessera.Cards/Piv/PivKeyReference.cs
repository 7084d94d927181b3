namespace Tessera.Cards.Piv;

/// <summary>The references of asymmetric keys, and the objects with their certificates (SP 800-73-5 part 1).</summary>
public static class PivKeyReference
{
    public const byte Authentication = 0x9A;
    public const byte Signature = 0x9C;
    public const byte KeyManagement = 0x9D;
    public const byte CardAuthentication = 0x9E;
    public const byte FirstRetired = 0x82;
    public const byte LastRetired = 0x95;

    /// <summary>How many retired keys a card may have.</summary>
    public const int MaxRetired = LastRetired - FirstRetired + 1;

    private const uint FirstRetiredCertificate = 0x5FC10D;

    /// <summary>The four keys, then the retired ones.</summary>
    public static IReadOnlyList<byte> All { get; } =
    [
        Authentication, Signature, KeyManagement, CardAuthentication,
        .. Enumerable.Range(FirstRetired, MaxRetired).Select(each => (byte)each),
    ];

    /// <summary>Whether the key works without the holder's PIN.</summary>
    public static bool IsFree(byte reference) => reference == CardAuthentication;

    /// <summary>Whether the key signs; the others decipher or agree.</summary>
    public static bool Signs(byte reference) => reference is Authentication or Signature or CardAuthentication;

    /// <summary>The tag of the object with its certificate; null where there is no such key.</summary>
    public static uint? Certificate(byte reference) => reference switch
    {
        Authentication => 0x5FC105,
        Signature => 0x5FC10A,
        KeyManagement => 0x5FC10B,
        CardAuthentication => 0x5FC101,
        >= FirstRetired and <= LastRetired => FirstRetiredCertificate + reference - FirstRetired,
        _ => null,
    };
}

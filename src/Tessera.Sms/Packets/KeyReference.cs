using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>KIc or KID: the octet that names an algorithm and the key set it takes (ETSI TS 102 225).</summary>
/// <remarks>
/// <code>
/// b8..b5          b4 b3      b2 b1
/// key set, 0 = implicit   variant    00 implicit, 01 DES or CRC, 10 AES, 11 proprietary
/// </code>
/// </remarks>
public readonly record struct KeyReference(byte Octet) : IWireFormat<KeyReference>
{
    internal const byte DesCbc = 0b0001;
    internal const byte TripleDesTwoKeys = 0b0101;
    internal const byte TripleDesThreeKeys = 0b1001;
    internal const byte DesEcb = 0b1101;
    internal const byte AesAlgorithm = 0b0010;

    public const int MaxKeySet = 15;

    /// <summary>1 to 15; 0 where it is known without being said.</summary>
    public int KeySet => Octet >> 4;

    /// <summary>The low four bits: what the key is for depends on where the octet stands.</summary>
    public byte Algorithm => (byte)(Octet & 0x0F);

    /// <summary>AES in CBC as KIc, AES-CMAC as KID.</summary>
    public static KeyReference Aes(int keySet)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keySet);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keySet, MaxKeySet);
        return new KeyReference((byte)((keySet << 4) | AesAlgorithm));
    }

    public static KeyReference Read(ref ByteReader reader) => new(reader.ReadByte("key reference"));

    public void Write(ByteWriter writer) => writer.WriteByte(Octet);

    public override string ToString() => Octet.ToString("X2", null);
}

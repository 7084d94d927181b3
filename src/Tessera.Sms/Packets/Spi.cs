using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>What tells a packet from a forged one: b2 b1 of the first SPI octet, b4 b3 of the second.</summary>
public enum Integrity : byte
{
    None = 0,
    RedundancyCheck = 1,
    CryptographicChecksum = 2,
    DigitalSignature = 3,
}

/// <summary>How the receiver treats the counter of a packet: b5 b4 of the first SPI octet.</summary>
public enum CounterMode : byte
{
    None = 0,
    Unchecked = 1,
    Higher = 2,
    OneHigher = 3,
}

/// <summary>When the receiver answers with a proof of receipt: b2 b1 of the second SPI octet.</summary>
public enum ProofOfReceipt : byte
{
    None = 0,
    Always = 1,
    OnError = 2,
    Reserved = 3,
}

/// <summary>Security Parameter Indicator: what protects a command and its proof (ETSI TS 102 225).</summary>
/// <remarks>
/// <code>
/// octet 1   b8 b7 b6    b5 b4          b3                b2 b1
///           0  0  0     counter mode   ciphered          integrity
/// octet 2   b8 b7       b6             b5                b4 b3       b2 b1
///           0  0        in SMS-SUBMIT  proof ciphered    its integrity   proof of receipt
/// </code>
/// </remarks>
public readonly record struct Spi(
    Integrity Integrity,
    bool Ciphered,
    CounterMode Counter,
    ProofOfReceipt Proof = ProofOfReceipt.None,
    Integrity ProofIntegrity = Integrity.None,
    bool ProofCiphered = false,
    bool ProofInSubmit = false)
    : IWireFormat<Spi>
{
    private const byte ReservedInFirst = 0b1110_0000;
    private const byte ReservedInSecond = 0b1100_0000;

    public byte First => (byte)((byte)Integrity | (Ciphered ? 0b100 : 0) | ((byte)Counter << 3));

    public byte Second => (byte)((byte)Proof | ((byte)ProofIntegrity << 2)
        | (ProofCiphered ? 0b1_0000 : 0) | (ProofInSubmit ? 0b10_0000 : 0));

    public static Spi Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var first = reader.ReadByte("SPI");
        var second = reader.ReadByte("SPI");
        if ((first & ReservedInFirst) != 0 || (second & ReservedInSecond) != 0)
            throw new WireFormatException("SPI", at, $"reserved bits are set in {first:X2}{second:X2}");

        return new Spi(
            (Integrity)(first & 0b11),
            (first & 0b100) != 0,
            (CounterMode)((first >> 3) & 0b11),
            (ProofOfReceipt)(second & 0b11),
            (Integrity)((second >> 2) & 0b11),
            (second & 0b1_0000) != 0,
            (second & 0b10_0000) != 0);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(First);
        writer.WriteByte(Second);
    }

    public override string ToString() => $"{First:X2}{Second:X2}";
}

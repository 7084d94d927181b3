namespace Tessera.Smpp;

/// <summary>The alphabet of a message (SMPP 3.4 §5.2.19, data_coding). C0-FF are as in TP-DCS.</summary>
public readonly record struct DataCoding(byte Value)
{
    /// <summary>What the SMSC takes for default, usually the GSM alphabet, one septet an octet.</summary>
    public static readonly DataCoding Default;

    public static readonly DataCoding Ascii = new(0x01);

    public static readonly DataCoding Latin1 = new(0x03);

    public static readonly DataCoding Octets = new(0x04);

    /// <summary>UCS-2, big endian.</summary>
    public static readonly DataCoding Ucs2 = new(0x08);

    /// <summary>8-bit data of class 2, for the SIM (TP-DCS F6).</summary>
    public static readonly DataCoding Sim = new(0xF6);

    public override string ToString() => $"{Value:X2}";
}

using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The command APDUs of a PIV card (NIST SP 800-73-5 part 2), and those of vendors to manage one.</summary>
public static class PivCommands
{
    /// <summary>P2 of VERIFY: the holder's primary finger (NIST SP 800-73-5 part 1, authentication data references).</summary>
    public const byte PrimaryFinger = 0x96;

    public const byte GeneralAuthenticate = 0x87;
    public const byte GenerateAsymmetricKeyPair = 0x47;
    public const byte GetData = 0xCB;
    public const byte PutData = 0xDB;

    /// <summary>Of vendors, as the three that follow.</summary>
    public const byte GetSerial = 0xF8;
    public const byte GetVersion = 0xFD;
    public const byte ImportAsymmetricKey = 0xFE;
    public const byte SetManagementKey = 0xFF;

    /// <summary>Objects: the name of the card, how many keys it retired.</summary>
    public const uint Chuid = 0x5FC102;
    public const uint KeyHistory = 0x5FC10C;

    /// <summary>Key reference of the card management key.</summary>
    public const byte ManagementKey = 0x9B;

    /// <summary>The first octets of <see cref="Aid"/>, which name who registered it.</summary>
    public const int ProviderLength = 5;

    /// <summary>The PIV application with its version 01 00.</summary>
    public static Bytes Aid { get; } = Bytes.FromHex("A0000003080000100001 00");

    public static CommandApdu Select { get; } = new(0x00, 0xA4, 0x04, 0x00, Aid, CommandApdu.MaxShortLe);

    /// <summary>By its name without version: cards exist that know no other.</summary>
    public static CommandApdu SelectAnyVersion { get; } =
        new(0x00, 0xA4, 0x04, 0x00, new Bytes(Aid.Memory[..^2]), CommandApdu.MaxShortLe);

    public static CommandApdu Serial { get; } = new(0x00, GetSerial, 0x00, 0x00, Le: CommandApdu.MaxShortLe);

    public static CommandApdu Version { get; } = new(0x00, GetVersion, 0x00, 0x00, Le: CommandApdu.MaxShortLe);

    /// <summary>The discovery object, whose tag is 7E.</summary>
    public static CommandApdu Discovery { get; } =
        new(0x00, GetData, 0x3F, 0xFF, Bytes.FromHex("5C017E"), CommandApdu.MaxShortLe);

    /// <summary>The object with a tag of three octets.</summary>
    public static CommandApdu Read(uint tag) =>
        new(0x00, GetData, 0x3F, 0xFF, Bytes.Of(new Tlv(0x5C, Tag(tag))), CommandApdu.MaxShortLe);

    /// <summary>Puts the content, without its tag 53, into the object with a tag of three octets.</summary>
    public static CommandApdu Write(uint tag, Bytes content) => new(0x00, PutData, 0x3F, 0xFF, Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x5C, Tag(tag).Span);
        Tlv.Write(writer, 0x53, content.Span);
    }));

    public static CommandApdu Generate(byte reference, PivAlgorithm algorithm) => new(
        0x00, GenerateAsymmetricKeyPair, 0x00, reference,
        Bytes.Of(new Tlv(0xAC, Bytes.Of(new Tlv(0x80, new Bytes((byte[])[(byte)algorithm]))))), CommandApdu.MaxShortLe);

    /// <summary>Brings in a key; its data are the caller's to zero.</summary>
    public static CommandApdu Import(byte reference, PivAlgorithm algorithm, Bytes parts) =>
        new(0x00, ImportAsymmetricKey, (byte)algorithm, reference, parts);

    /// <summary>A digest for a curve, a padded block for RSA.</summary>
    public static CommandApdu Sign(byte reference, PivAlgorithm algorithm, Bytes input) =>
        Authenticate(reference, algorithm, new Tlv(0x82, Bytes.Empty), new Tlv(0x81, input));

    /// <summary>Has a curve's key agree with a point, 04 x y: what is answered is the x of both.</summary>
    public static CommandApdu Agree(byte reference, PivAlgorithm algorithm, Bytes point) =>
        Authenticate(reference, algorithm, new Tlv(0x82, Bytes.Empty), new Tlv(0x85, point));

    /// <summary>What a key answered to <see cref="Sign"/> or <see cref="Agree"/>.</summary>
    /// <exception cref="WireFormatException">It is no template with a response.</exception>
    public static Bytes Response(Bytes data) =>
        PivData.Find(PivData.Unwrap(data, 0x7C, "template"), 0x82)
        ?? throw new WireFormatException("template", 0, "has no object 82");

    /// <summary>Asks for a challenge, which the management key is to encipher.</summary>
    public static CommandApdu Challenge(PivAlgorithm algorithm) =>
        Authenticate(ManagementKey, algorithm, new Tlv(0x81, Bytes.Empty));

    /// <summary>Answers it.</summary>
    public static CommandApdu Answer(PivAlgorithm algorithm, Bytes enciphered) =>
        Authenticate(ManagementKey, algorithm, new Tlv(0x82, enciphered));

    private static CommandApdu Authenticate(byte reference, PivAlgorithm algorithm, params Tlv[] objects)
    {
        var template = Bytes.Of(output =>
        {
            foreach (var one in objects) one.Write(new ByteWriter(output));
        });
        return new CommandApdu(
            0x00, GeneralAuthenticate, (byte)algorithm, reference, Bytes.Of(new Tlv(0x7C, template)),
            CommandApdu.MaxShortLe);
    }

    private static Bytes Tag(uint tag) => new((byte[])[(byte)(tag >> 16), (byte)(tag >> 8), (byte)tag]);
}

using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// GENERAL AUTHENTICATE over a statement, which nobody but the interpreter builds (docs/protocols/script.md §5).
/// </summary>
/// <remarks>
/// <code>
/// 00 87 algorithm key { 7C L { 82 00, 81 L input } } 00
/// input   P-256, P-384: the statement; RSA-2048: 00 01 FF.. 00 DigestInfo of SHA-256, statement (256 octets)
/// </code>
/// </remarks>
internal static class SignatureCommand
{
    private const byte GeneralAuthenticate = 0x87;
    private const int RsaBlock = 256;

    /// <summary>DigestInfo of SHA-256 without its digest (RFC 8017 §9.2, note 1).</summary>
    private static ReadOnlySpan<byte> Sha256Info =>
    [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86,
        0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    ];

    public static bool Is(CommandApdu command) => command is { Cla: 0x00, Ins: GeneralAuthenticate };

    public static CommandApdu Build(SignStep sign, Bytes statement)
    {
        var input = sign.Algorithm == SignatureAlgorithm.Rsa2048 ? Padded(statement.Span) : statement.ToArray();
        var template = Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            Tlv.Write(writer, 0x82, []);
            Tlv.Write(writer, 0x81, input);
        });
        return new CommandApdu(
            0x00, GeneralAuthenticate, (byte)sign.Algorithm, sign.KeyReference,
            Bytes.Of(new Tlv(0x7C, template)), CommandApdu.MaxShortLe);
    }

    private static byte[] Padded(ReadOnlySpan<byte> statement)
    {
        var block = new byte[RsaBlock];
        block.AsSpan().Fill(0xFF);
        (block[0], block[1]) = (0x00, 0x01);
        var info = block.AsSpan(RsaBlock - Sha256Info.Length - statement.Length);
        block[RsaBlock - info.Length - 1] = 0x00;
        Sha256Info.CopyTo(info);
        statement.CopyTo(info[Sha256Info.Length..]);
        return block;
    }
}

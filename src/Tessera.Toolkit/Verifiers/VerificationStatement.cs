using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>
/// What an entry for a verifier is bound to, so that it is worth nothing anywhere else (docs/protocols/verifier.md §2).
/// </summary>
/// <remarks>
/// <code>
/// "Tessera verification" 00
/// server identity 8 | session 2 | number 1 | nonce 16 | terminal 8 | card 8 | source 1 | digest 32
/// </code>
/// </remarks>
/// <param name="Server">Server identity of the link, 8 octets.</param>
/// <param name="Nonce">Of the verifier, good once: 16 octets.</param>
/// <param name="Terminal">The first 8 octets of SHA-256 of its public key.</param>
/// <param name="Source">PIN or finger.</param>
/// <param name="Digest">Of all that the script did and showed before (docs/protocols/script.md §5), 32 octets.</param>
public sealed record VerificationStatement(
    Bytes Server, ushort Session, byte Number, Bytes Nonce, Bytes Terminal, CardId Card, InputSource Source, Bytes Digest)
    : IWireFormat<VerificationStatement>
{
    public const int Length = 21 + 8 + 2 + 1 + NonceLength + TerminalLength + CardId.Length + 1 + ScriptDigest.Length;
    public const int NonceLength = 16;
    public const int TerminalLength = 8;

    private static ReadOnlySpan<byte> Label => "Tessera verification\0"u8;

    public static VerificationStatement Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        if (!reader.ReadOctets(Label.Length, "label").SequenceEqual(Label))
            throw new WireFormatException("label", at, "is not that of a verification");
        var server = reader.ReadBytes(ScriptDigest.ServerLength, "server identity");
        var (session, number) = (reader.ReadUInt16("session"), reader.ReadByte("number"));
        var nonce = reader.ReadBytes(NonceLength, "nonce");
        var terminal = reader.ReadBytes(TerminalLength, "terminal");
        var card = CardId.Read(ref reader);
        var source = (InputSource)reader.ReadByte("source");
        if (!SealedStep.MaySeal(source)) throw new WireFormatException("source", reader.Offset - 1, "is neither PIN nor finger");
        return new VerificationStatement(
            server, session, number, nonce, terminal, card, source, reader.ReadBytes(ScriptDigest.Length, "digest"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteOctets(Label);
        writer.WriteBytes(Server);
        writer.WriteUInt16(Session);
        writer.WriteByte(Number);
        writer.WriteBytes(Nonce);
        writer.WriteBytes(Terminal);
        Card.Write(writer);
        writer.WriteByte((byte)Source);
        writer.WriteBytes(Digest);
    }
}

using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>The second message of the handshake: a device that obeys.</summary>
/// <param name="Ephemeral">Its key for this call.</param>
/// <param name="Static">Its own key, enciphered for the server alone.</param>
/// <param name="Payload">What it says of itself, enciphered: <see cref="ReplyPayload"/>.</param>
/// <remarks>
/// <code>
/// ephemeral   33
/// static      41    33 octets of key, 8 of tag
/// payload     10    2 octets, 8 of tag
/// </code>
/// </remarks>
internal sealed record LineReply(LinePublicKey Ephemeral, Bytes Static, Bytes Payload) : IWireFormat<LineReply>
{
    public const int StaticLength = LinePublicKey.Length + LineCipher.TagLength;
    public const int Length = LinePublicKey.Length + StaticLength + PayloadLength;
    public const int PayloadLength = ReplyPayload.Length + LineCipher.TagLength;

    public static LineReply Read(ref ByteReader reader) => new(
        LinePublicKey.Read(ref reader), reader.ReadBytes(StaticLength, "static"),
        reader.ReadBytes(PayloadLength, "payload"));

    public void Write(ByteWriter writer)
    {
        Ephemeral.Write(writer);
        writer.WriteBytes(Static);
        writer.WriteBytes(Payload);
    }
}

/// <summary>What a device says of itself in its reply.</summary>
/// <param name="Rungs">The rungs it hears, a bit each.</param>
/// <param name="Quality">How it heard the hello, in dB.</param>
/// <remarks>
/// <code>
/// rungs     1
/// quality   1
/// </code>
/// </remarks>
internal sealed record ReplyPayload(byte Rungs, byte Quality) : IWireFormat<ReplyPayload>
{
    public const int Length = 2;

    public static ReplyPayload Read(ref ByteReader reader) =>
        new(reader.ReadByte("rungs"), reader.ReadByte("quality"));

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Rungs);
        writer.WriteByte(Quality);
    }
}

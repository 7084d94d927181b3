using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// What both ends of a line know before they speak; the handshake fails where they do not agree on it.
/// </summary>
/// <remarks>
/// <code>
/// name     14    "Tessera line 1"
/// caller    1    01 the server called, 00 it was called
/// call      n, 0 to 64    what both know of the call, as far as they do
/// </code>
/// </remarks>
internal static class LinePrologue
{
    public const int MaxCall = 64;

    private static ReadOnlySpan<byte> Name => "Tessera line 1"u8;

    public static Bytes Of(bool serverCalled, Bytes call) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteOctets(Name);
        writer.WriteByte(serverCalled ? (byte)1 : (byte)0);
        writer.WriteByte((byte)call.Length);
        writer.WriteBytes(call);
    });

    /// <summary>The seal of a message that asks for data: made and checked with the server's public key.</summary>
    public static Bytes Seal(LinePublicKey server, Bytes prologue, Bytes message)
    {
        byte[] all = [.. prologue.Span, .. message.Span];
        return new Bytes(HMACSHA256.HashData(server.Identity.Span, all).AsMemory(0, LineHello.SealLength));
    }

    public static bool Verify(LinePublicKey server, Bytes prologue, Bytes message, Bytes seal) =>
        CryptographicOperations.FixedTimeEquals(Seal(server, prologue, message).Span, seal.Span);
}

using Tessera.Phone.Data;
using Tessera.Wire;

namespace Tessera.Phone.Tests.Data;

/// <summary>The call of docs/protocols/line.md, with keys that everybody knows.</summary>
internal sealed class WorkedCall : IDisposable
{
    public const byte Rung = 6;
    public const byte Rungs = 0xFB;

    public static readonly ReplyPayload Payload = new(Rungs, 0x25);

    public LineKey ServerKey { get; } = Key(0x01);

    public LineKey DeviceKey { get; } = Key(0x21);

    public Bytes Prologue { get; } = LinePrologue.Of(serverCalled: false, new Bytes("+4712345678"u8.ToArray()));

    public LineInitiator Initiator() => new(ServerKey, Prologue, Rung, Rungs, Key(0x41));

    public LineResponder Responder() => new(DeviceKey, ServerKey.PublicKey, Prologue);

    public (LineReply Reply, LineSecrets Secrets) Answer(LineHello hello) =>
        Responder().Answer(hello, Payload, Key(0x61))!.Value;

    public void Dispose()
    {
        ServerKey.Dispose();
        DeviceKey.Dispose();
    }

    /// <summary>The private key whose octets count up from the first.</summary>
    private static LineKey Key(byte first) =>
        LineKey.FromScalar([.. Enumerable.Range(first, 32).Select(octet => (byte)octet)]);
}

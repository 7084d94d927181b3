using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// The server's side of the handshake, in the manner of Noise KX: it says hello, and knows from the reply who is there.
/// </summary>
/// <remarks>
/// <code>
/// → s                     known to every device beforehand
/// ...
/// → e                     hello
/// ← e, ee, se, s, es      reply
/// </code>
/// </remarks>
internal sealed class LineInitiator : IDisposable
{
    private readonly LineKey _own;
    private readonly LineKey _ephemeral;
    private readonly SymmetricState _state;

    /// <param name="ephemeral">Drawn for this opening; owned.</param>
    public LineInitiator(LineKey own, Bytes prologue, byte rung, byte rungs, LineKey ephemeral)
    {
        _own = own;
        _ephemeral = ephemeral;
        var open = new LineHello(_ephemeral.PublicKey, rung, rungs, Bytes.Empty);
        Hello = open with { Seal = LinePrologue.Seal(own.PublicKey, prologue, Bytes.Of(open)) };
        _state = new SymmetricState(prologue.Span);
        _state.MixHash(own.PublicKey.Point.Span);
        _state.MixHash(_ephemeral.PublicKey.Point.Span);
        _state.MixHash(Hello.Payload.Span);
    }

    public LineHello Hello { get; }

    /// <returns>Null when the reply is not one to this hello, or not from a device that may answer.</returns>
    public LineSecrets? Accept(LineReply reply, Func<LinePublicKey, bool> allowed)
    {
        using var state = _state.Fork();
        state.MixHash(reply.Ephemeral.Point.Span);
        state.MixKey(_ephemeral.Agree(reply.Ephemeral));
        state.MixKey(_own.Agree(reply.Ephemeral));
        if (state.DecryptAndHash(reply.Static.Span) is not { } point) return null;
        if (!TryRead(point, out var peer)) return null;

        state.MixKey(_ephemeral.Agree(peer));
        if (state.DecryptAndHash(reply.Payload.Span) is not { } octets || !allowed(peer)) return null;

        var payload = new Bytes(octets).Read<ReplyPayload>();
        var (outgoing, incoming) = state.Split();
        return new LineSecrets(peer, payload.Rungs, payload.Quality, outgoing, incoming);
    }

    public void Dispose()
    {
        _state.Dispose();
        _ephemeral.Dispose();
    }

    private static bool TryRead(byte[] point, out LinePublicKey key)
    {
        try
        {
            key = new Bytes(point).Read<LinePublicKey>();
            return true;
        }
        catch (WireFormatException)
        {
            key = default;
            return false;
        }
    }
}

using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>The device's side of the handshake: it answers the hello of its own server, and no other.</summary>
internal sealed class LineResponder(LineKey own, LinePublicKey server, Bytes prologue)
{
    /// <summary>
    /// The reply and what follows from it. Nothing is proven yet: the server is there when its first frame is heard.
    /// </summary>
    /// <param name="payload">What the device says of itself.</param>
    /// <param name="ephemeral">Drawn for this reply; owned.</param>
    /// <returns>Null when the hello is not that of the server, in this call.</returns>
    public (LineReply Reply, LineSecrets Secrets)? Answer(
        LineHello hello, ReplyPayload payload, LineKey ephemeral)
    {
        using var drawn = ephemeral;
        var open = Bytes.Of(hello with { Seal = Bytes.Empty });
        if (!LinePrologue.Verify(server, prologue, open, hello.Seal)) return null;

        using var state = new SymmetricState(prologue.Span);
        state.MixHash(server.Point.Span);
        state.MixHash(hello.Ephemeral.Point.Span);
        state.MixHash(hello.Payload.Span);

        state.MixHash(drawn.PublicKey.Point.Span);
        state.MixKey(drawn.Agree(hello.Ephemeral));
        state.MixKey(drawn.Agree(server));
        var sealedKey = state.EncryptAndHash(own.PublicKey.Point.Span);
        state.MixKey(own.Agree(hello.Ephemeral));
        var sealedPayload = state.EncryptAndHash(Bytes.Of(payload).Span);

        var (incoming, outgoing) = state.Split();
        var reply = new LineReply(drawn.PublicKey, new Bytes(sealedKey), new Bytes(sealedPayload));
        return (reply, new LineSecrets(server, hello.Rungs, Quality: 0, outgoing, incoming));
    }
}

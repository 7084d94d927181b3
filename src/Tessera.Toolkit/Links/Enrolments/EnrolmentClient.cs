using System.Security.Authentication;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>The terminal's side of an enrolment (docs/protocols/link.md §7.2).</summary>
public static class EnrolmentClient
{
    /// <summary>
    /// Proves the code to whoever is at the other end, and has them prove it. Can be repeated with the same code where it
    /// breaks off.
    /// </summary>
    /// <param name="channel">Between these two keys, as TLS has seen them; closed here.</param>
    /// <param name="terminal">Its own key.</param>
    /// <param name="server">The key at the other end, which nobody has vouched for yet.</param>
    /// <param name="name">For people, 1 to 64 octets of UTF-8.</param>
    /// <exception cref="AuthenticationException">
    /// The server refused, or does not know the code itself: nothing is to be believed of it.
    /// </exception>
    /// <exception cref="ConnectionLostException">The connection ended before both knew.</exception>
    public static async Task EnrolAsync(
        IFrameChannel channel, PeerIdentity terminal, PeerIdentity server, string name, EnrolmentKey key,
        CancellationToken cancel)
    {
        await using var closing = channel;
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(EnrolRequest.NonceLength));
        var request = new EnrolRequest(key.Selector, nonce, name);
        await channel.SendAsync(LinkFrame.Of(FrameType.Enrol, request), cancel);
        var challenge = await ReceiveAsync<EnrolChallenge>(channel, FrameType.Challenge, cancel);
        var own = key.Prove(EnrolmentSide.Terminal, terminal, server, request, challenge);
        await channel.SendAsync(LinkFrame.Of(FrameType.Proof, own), cancel);
        var proof = await ReceiveAsync<EnrolProof>(channel, FrameType.Proof, cancel);
        var expected = key.Prove(EnrolmentSide.Server, terminal, server, request, challenge);
        if (!CryptographicOperations.FixedTimeEquals(expected.Mac.Span, proof.Mac.Span))
            throw new AuthenticationException("Who answers there does not know the code: it is not the server.");
    }

    private static async Task<T> ReceiveAsync<T>(IFrameChannel channel, FrameType type, CancellationToken cancel)
        where T : IWireFormat<T>
    {
        var frame = await channel.ReceiveAsync(cancel)
            ?? throw new ConnectionLostException("The server ended the connection.");
        if (frame.Type == type) return frame.Body.Read<T>();
        if (frame.Type != FrameType.Bye) throw new WireFormatException("frame type", 0, $"{frame.Type} has no place here");
        var bye = frame.Body.Read<Bye>();
        throw bye.Reason == ByeReason.Refused
            ? new AuthenticationException($"The server refused: {bye.Text}")
            : new ConnectionLostException($"The server ended the connection: {bye.Text}");
    }
}

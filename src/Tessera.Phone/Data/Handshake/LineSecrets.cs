namespace Tessera.Phone.Data;

/// <summary>What the handshake leaves: who is there, how to speak and how to hear.</summary>
/// <param name="Peer">The other end's key.</param>
/// <param name="PeerRungs">The rungs it hears, a bit each.</param>
/// <param name="Quality">How it heard the last message, in dB; nothing is known where it is 0.</param>
/// <param name="Outgoing">Seals what this end sends.</param>
/// <param name="Incoming">Opens what it hears.</param>
internal sealed record LineSecrets(
    LinePublicKey Peer, byte PeerRungs, byte Quality, LineCipher Outgoing, LineCipher Incoming) : IDisposable
{
    public void Dispose()
    {
        Outgoing.Dispose();
        Incoming.Dispose();
    }
}

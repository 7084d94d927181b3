namespace Tessera.Phone.Data;

/// <summary>
/// Whose turn it is on a rung where one end speaks at a time. An end that says nothing loses its turn.
/// </summary>
/// <param name="server">The server begins: the reply was the device's turn.</param>
internal sealed class LineTurn(bool server)
{
    /// <summary>How long an end with nothing to say keeps the turn, for what it may have to say soon: 150 ms.</summary>
    private const long Hold = 1200;

    private readonly int _patience = server ? 1 : 2;
    private long _since;

    public bool IsMine { get; private set; } = server;

    /// <summary>This end has said its last frame and that it is the other's turn.</summary>
    public void Pass(long now) => (IsMine, _since) = (false, now);

    /// <summary>The ends begin to speak by turns: who falls speaks, for the other end may hear it.</summary>
    public void Begin(long now) => (IsMine, _since) = (true, now);

    /// <summary>The other end was heard.</summary>
    public void Hear(bool over, long now) => (IsMine, _since) = (over, now);

    /// <summary>Takes the turn back when the other end was not heard in its own.</summary>
    /// <param name="patience">How long a frame and its answer take; a device waits twice as long as a server.</param>
    public void Check(long now, long patience)
    {
        if (!IsMine && now - _since > _patience * patience) (IsMine, _since) = (true, now);
    }

    public bool HasHeld(long now) => IsMine && now - _since >= Hold;
}

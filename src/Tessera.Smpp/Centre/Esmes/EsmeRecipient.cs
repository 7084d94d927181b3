using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>An ESME, to whose sessions that are bound to receive messages go in turn.</summary>
internal sealed class EsmeRecipient(EsmeAccount account, MessageRegister register)
    : Recipient(Party.Esme(account.SystemId), register, account.MaxQueued, account.Window)
{
    private readonly List<SmppServerSession> _sessions = [];
    private readonly Throttle? _throttle = account.MaxPerSecond is { } limit ? new Throttle(limit) : null;
    private int _turn;

    public EsmeAccount Account => account;

    /// <summary>Bound either way.</summary>
    public int Sessions
    {
        get
        {
            lock (Gate) return _sessions.Count;
        }
    }

    protected override bool IsPresent => _sessions.Exists(session => session.CanReceive);

    public bool MaySubmit(DateTimeOffset now) => _throttle is null || _throttle.TryPass(now);

    public void Bound(SmppServerSession session)
    {
        lock (Gate)
        {
            if (session.Completion.IsCompleted) return;
            _sessions.Add(session);
            if (session.CanReceive) Wake();
        }
    }

    public void Ended(SmppServerSession session)
    {
        lock (Gate) _sessions.Remove(session);
    }

    protected override async Task<Attempt> OfferAsync(QueuedMessage message, CancellationToken cancel)
    {
        if (Next() is not { } session) return Attempt.Later("The ESME is not bound.");
        try
        {
            var response = await session.DeliverAsync(EsmeTerminated.Of(message.Message), cancel);
            return EsmeTerminated.AttemptOf(response.Status);
        }
        catch (Exception e) when (e is TimeoutException or ConnectionLostException or WireFormatException
            or InvalidOperationException)
        {
            // InvalidOperationException: the session is ending and takes no more.
            return Attempt.Later(e.Message);
        }
    }

    private SmppServerSession? Next()
    {
        lock (Gate)
        {
            for (var i = 0; i < _sessions.Count; i++)
            {
                _turn = (_turn + 1) % _sessions.Count;
                if (_sessions[_turn].CanReceive) return _sessions[_turn];
            }

            return null;
        }
    }
}

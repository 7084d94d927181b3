namespace Tessera.Smpp.Centre;

/// <summary>A message that waits for its recipient.</summary>
internal sealed class QueuedMessage(HeldMessage message)
{
    public HeldMessage Message => message;

    /// <summary>Only what is stored may leave.</summary>
    public bool IsStored { get; set; }

    public int Attempts { get; set; }

    /// <summary>How often the recipient had come when this was last offered.</summary>
    public int Arrivals { get; set; }
}

/// <summary>
/// What waits for one recipient, in order of arrival, and when the next attempt is due. Time is an argument; the owner
/// holds a lock.
/// </summary>
internal sealed class DeliveryQueue(RetrySchedule retry, int maxLength, int window)
{
    private readonly LinkedList<QueuedMessage> _waiting = [];
    private int _failures;
    private int _arrivals;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset _firstExpiry = DateTimeOffset.MaxValue;

    public int InFlight { get; private set; }

    /// <summary>Waiting and in flight.</summary>
    public int Count => _waiting.Count + InFlight;

    public bool IsFull => Count >= maxLength;

    /// <summary>Whether one more may be offered now.</summary>
    public bool IsReady(DateTimeOffset now) => InFlight < window && now >= _notBefore;

    /// <summary>Queues a message behind all older ones; it stays until it is stored.</summary>
    public QueuedMessage Add(HeldMessage message)
    {
        var queued = new QueuedMessage(message);
        _waiting.AddLast(queued);
        return queued;
    }

    public void Stored(QueuedMessage message)
    {
        message.IsStored = true;
        Expect(message);
    }

    /// <summary>The next one to offer to a recipient who is there, if any is due and may be in flight.</summary>
    public QueuedMessage? Take(DateTimeOffset now)
    {
        if (!IsReady(now)) return null;
        if (_waiting.First is not { Value: { IsStored: true } next }) return null;

        _waiting.RemoveFirst();
        InFlight++;
        next.Attempts++;
        next.Arrivals = _arrivals;
        return next;
    }

    /// <summary>The recipient took it, or never will; the way is free.</summary>
    public void Settle()
    {
        InFlight--;
        (_failures, _notBefore) = (0, DateTimeOffset.MinValue);
    }

    /// <summary>The attempt failed: the message goes back to its place, and all wait.</summary>
    /// <returns>When the next attempt is due.</returns>
    public DateTimeOffset Return(QueuedMessage message, DateTimeOffset now)
    {
        InFlight--;
        var after = _waiting.First;
        while (after is not null && after.Value.Message.Id < message.Message.Id) after = after.Next;
        if (after is null) _waiting.AddLast(message);
        else _waiting.AddBefore(after, message);
        Expect(message);

        // What failed with a recipient who has come again since says nothing of this one; several in flight fail
        // together: that is one failure.
        if (message.Arrivals != _arrivals) return now;
        if (now >= _notBefore) _notBefore = now + retry.After(++_failures);
        return _notBefore;
    }

    /// <summary>The recipient is there, or has room again: the next attempt is due at once.</summary>
    public void Wake()
    {
        _arrivals++;
        (_failures, _notBefore) = (0, DateTimeOffset.MinValue);
    }

    /// <summary>Takes out what is not valid any longer.</summary>
    public IReadOnlyList<QueuedMessage> Expire(DateTimeOffset now) =>
        now < _firstExpiry ? [] : Remove(queued => queued.IsStored && queued.Message.Expires <= now);

    /// <summary>Takes out one that could not be stored or was cancelled.</summary>
    /// <returns>False if it is in flight or not here.</returns>
    public bool Withdraw(long id) => Remove(queued => queued.Message.Id == id) is [_];

    public bool Any(Predicate<HeldMessage> wanted)
    {
        foreach (var queued in _waiting)
        {
            if (wanted(queued.Message)) return true;
        }

        return false;
    }

    /// <summary>When to look again: an attempt or an expiry is due. Null: when something happens.</summary>
    public DateTimeOffset? Due(bool present)
    {
        if (_waiting.First is not { } first) return null;
        var attempt = present && InFlight < window && first.Value.IsStored ? _notBefore : DateTimeOffset.MaxValue;
        return attempt < _firstExpiry ? attempt : _firstExpiry;
    }

    private List<QueuedMessage> Remove(Predicate<QueuedMessage> gone)
    {
        List<QueuedMessage> removed = [];
        _firstExpiry = DateTimeOffset.MaxValue;
        for (var node = _waiting.First; node is not null;)
        {
            var (queued, next) = (node.Value, node.Next);
            if (gone(queued))
            {
                _waiting.Remove(node);
                removed.Add(queued);
            }
            else if (queued.IsStored)
            {
                Expect(queued);
            }

            node = next;
        }

        return removed;
    }

    private void Expect(QueuedMessage message)
    {
        if (message.Message.Expires < _firstExpiry) _firstExpiry = message.Message.Expires;
    }
}

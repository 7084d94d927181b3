using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Our requests that wait for their responses: at most a window of them.</summary>
internal sealed class RequestWindow
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, PendingRequest> _pending = [];
    private readonly Channel<bool> _room;
    private readonly int _maxWaiting;
    private uint _number;
    private int _waiting;
    private string? _lost;

    public RequestWindow(SessionLimits limits)
    {
        _room = Channel.CreateBounded<bool>(limits.Window);
        _maxWaiting = limits.Waiting;
        for (var i = 0; i < limits.Window; i++) Leave();
    }

    /// <summary>Awaits room for one more request; <see cref="Add"/> or <see cref="Leave"/> must follow.</summary>
    /// <exception cref="InvalidOperationException">Too many wait already.</exception>
    /// <exception cref="ConnectionLostException">The session ended.</exception>
    public async ValueTask EnterAsync(CancellationToken cancel)
    {
        if (_room.Reader.TryRead(out _)) return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > _maxWaiting)
                throw new InvalidOperationException($"More than {_maxWaiting} requests wait for room in the window.");

            await _room.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException e)
        {
            throw new ConnectionLostException(_lost!, e);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _room.Writer.TryWrite(item: true);

    /// <summary>Gives the request its sequence number.</summary>
    /// <exception cref="ConnectionLostException">The session ended.</exception>
    public uint Add(PendingRequest request)
    {
        lock (_gate)
        {
            if (_lost is not null) throw new ConnectionLostException(_lost);

            do _number = Next(_number);
            while (!_pending.TryAdd(_number, request));
            return _number;
        }
    }

    /// <summary>A number for a request whose response nobody awaits.</summary>
    public uint Number()
    {
        lock (_gate)
        {
            do _number = Next(_number);
            while (_pending.ContainsKey(_number));
            return _number;
        }
    }

    /// <summary>Gives up a request that was never sent.</summary>
    public void Remove(uint number)
    {
        lock (_gate) _pending.Remove(number);
    }

    /// <summary>The request that a response belongs to; null for a response that nobody asked for.</summary>
    public PendingRequest? Take(in PduFrame response)
    {
        PendingRequest? request;
        lock (_gate)
        {
            if (!_pending.TryGetValue(response.SequenceNumber, out request)) return null;
            if (!request.IsAnsweredBy(response.Id)) return null;
            _pending.Remove(response.SequenceNumber);
        }

        if (request.TakesRoom) Leave();
        return request;
    }

    /// <summary>Fails all requests sent before <paramref name="moment"/>.</summary>
    public void Expire(TimeSpan moment)
    {
        List<KeyValuePair<uint, PendingRequest>> late = [];
        lock (_gate)
        {
            foreach (var entry in _pending)
            {
                if (entry.Value.Sent < moment) late.Add(entry);
            }

            foreach (var (number, _) in late) _pending.Remove(number);
        }

        foreach (var (_, request) in late)
        {
            if (request.TakesRoom) Leave();
            request.Fail(new TimeoutException("No response in time: what became of the request is not known."));
        }
    }

    /// <summary>Fails all requests, those to come too.</summary>
    public void Close(string reason)
    {
        List<PendingRequest> left;
        lock (_gate)
        {
            _lost = reason;
            left = [.. _pending.Values];
            _pending.Clear();
        }

        _room.Writer.TryComplete();
        foreach (var request in left) request.Fail(new ConnectionLostException(reason));
    }

    private static uint Next(uint number) => number < PduFrame.MaxSequenceNumber ? number + 1 : 1;
}

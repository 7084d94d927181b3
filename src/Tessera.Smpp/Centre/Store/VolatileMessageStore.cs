namespace Tessera.Smpp.Centre;

/// <summary>
/// Keeps nothing but the last ends: what waits lives in the centre and ends with it. Ids follow the clock, so that a
/// centre that starts again uses none twice.
/// </summary>
public sealed class VolatileMessageStore(TimeProvider? time = null) : IMessageStore
{
    /// <summary>Ends that are remembered.</summary>
    public const int MaxEnds = 100_000;

    private const long IdsPerMillisecond = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, MessageEnd> _ends = [];
    private readonly Queue<long> _order = new();

    public Task<HeldMessages> LoadAsync(CancellationToken cancel) => Task.FromResult(new HeldMessages(
        (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds() * IdsPerMillisecond, []));

    public ValueTask AddAsync(HeldMessage message, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask EndAsync(MessageEnd ending, HeldMessage? receipt, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_ends.TryAdd(ending.Id, ending)) _order.Enqueue(ending.Id);
            if (_order.Count > MaxEnds) _ends.Remove(_order.Dequeue());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<MessageEnd?> FindEndAsync(long id, CancellationToken cancel)
    {
        lock (_gate) return new ValueTask<MessageEnd?>(_ends.GetValueOrDefault(id));
    }

    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancel)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && _ends[oldest].Done < before) _ends.Remove(_order.Dequeue());
        }

        return Task.CompletedTask;
    }
}

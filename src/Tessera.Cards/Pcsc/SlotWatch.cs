using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>What is known of a reader's slot.</summary>
/// <param name="HasCard">A card is in that answered its reset.</param>
/// <param name="Events">Insertions and removals so far, modulo 65536: another number is another insertion.</param>
/// <param name="Gone">Why the reader is gone, null while it is there.</param>
internal sealed record Slot(bool HasCard, int Events, string? Gone = null)
{
    private const uint Unknown = 0x0004;
    private const uint Unavailable = 0x0008;
    private const uint Present = 0x0020;
    private const uint Mute = 0x0200;

    public static Slot OfEventState(uint state, string reader) => new(
        (state & (Present | Mute)) == Present,
        (int)(state >> 16),
        (state & (Unknown | Unavailable)) != 0 ? $"The reader {reader} is gone." : null);
}

/// <summary>Follows the slot of one reader until it is disposed or the reader is gone.</summary>
internal sealed class SlotWatch : IAsyncDisposable
{
    private const uint Changed = 0x0002;

    private readonly string _reader;
    private readonly PcscThread _thread;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _watching;
    private TaskCompletionSource _next = NewSource();
    private Slot? _slot;

    private SlotWatch(string reader, PcscThread thread)
    {
        (_reader, _thread) = (reader, thread);
        _watching = WatchAsync();
    }

    /// <exception cref="ConnectionLostException">There is no such reader.</exception>
    public static async Task<SlotWatch> StartAsync(string reader, CancellationToken cancel)
    {
        var watch = new SlotWatch(reader, await PcscThread.StartAsync($"PC/SC {reader}", cancel));
        try
        {
            await watch.UntilAsync(_ => true, cancel);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first slot, now or later, that <paramref name="wanted"/> holds for.</summary>
    /// <exception cref="ConnectionLostException">The reader is gone.</exception>
    public async Task<Slot> UntilAsync(Func<Slot, bool> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var (slot, next) = Current();
            if (slot?.Gone is { } reason) throw new ConnectionLostException(reason);
            if (slot is not null && wanted(slot)) return slot;
            await next.WaitAsync(cancel);
        }
    }

    /// <summary>Completes when the reader is in another state than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(Slot seen, CancellationToken cancel)
    {
        var (slot, next) = Current();
        return ReferenceEquals(slot, seen) ? next.WaitAsync(cancel) : Task.CompletedTask;
    }

    /// <summary>
    /// Completes when the card that came with <paramref name="insertion"/> is out, or its reader gone.
    /// </summary>
    public async Task RemovedAsync(Slot insertion)
    {
        while (true)
        {
            var (slot, next) = Current();
            if (slot is not { HasCard: true, Gone: null } || slot.Events != insertion.Events) return;
            await next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _thread.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var state = 0u;
        try
        {
            do
            {
                var known = state;
                state = await _thread.WaitAsync(context => context.WaitForChange(_reader, known), _stop.Token);
                state &= ~Changed;
                Publish(Slot.OfEventState(state, _reader));
            }
            while (Current().Slot is { Gone: null });
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Publish(new Slot(HasCard: false, 0, $"The reader {_reader} was closed."));
        }
        catch (IOException lost)
        {
            Publish(new Slot(HasCard: false, 0, lost.Message));
        }
    }

    private (Slot? Slot, Task Next) Current()
    {
        lock (_lock) return (_slot, _next.Task);
    }

    private void Publish(Slot slot)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _slot = slot;
            changed = _next;
            _next = NewSource();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

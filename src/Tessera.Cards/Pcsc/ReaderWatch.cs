using System.Runtime.CompilerServices;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>
/// All readers of this machine and the cards in them, as they come and go. Where the service tells of new readers it is
/// heard at once; who uses a card it never tells, so it is asked, and one that does not tell of readers is asked for them.
/// </summary>
public sealed class ReaderWatch : IAsyncDisposable
{
    private const uint Changed = 0x0002;
    private const uint Unknown = 0x0004;
    private const uint Unavailable = 0x0008;

    /// <summary>Between two questions that nothing else gave a reason for.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly PcscThread _thread;
    private Dictionary<string, uint> _known = new(StringComparer.Ordinal);
    private bool _tellsOfReaders = true;

    private ReaderWatch(PcscThread thread) => _thread = thread;

    /// <summary>
    /// What there is now, told as if it came, and then each change, until cancelled. A service that stops takes its readers
    /// with it, and is waited for.
    /// </summary>
    /// <exception cref="PcscException">There is no service at the start.</exception>
    public static async IAsyncEnumerable<ReaderEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        ReaderSight[] seen = [];
        var watch = await StartAsync(cancel);
        try
        {
            while (true)
            {
                var now = await watch.NextOrNoneAsync(cancel);
                foreach (var change in ReaderEvent.Between(seen, now ?? [])) yield return change;
                seen = now ?? [];
                if (now is null)
                {
                    await watch.DisposeAsync();
                    watch = await ReturnAsync(cancel);
                }
            }
        }
        finally
        {
            await watch.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => _thread.DisposeAsync();

    private static async Task<ReaderWatch> StartAsync(CancellationToken cancel) =>
        new(await PcscThread.StartAsync("PC/SC readers", cancel));

    /// <summary>Waits for a service that stopped.</summary>
    private static async Task<ReaderWatch> ReturnAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await StartAsync(cancel);
            }
            catch (PcscException)
            {
                // It is not back yet.
                await Task.Delay(Interval, cancel);
            }
        }
    }

    /// <summary>What there is after the next change, or after nothing for a while; null where the service stopped.</summary>
    private async Task<ReaderSight[]?> NextOrNoneAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                if (await NextAsync(cancel) is { } sights) return sights;
            }
        }
        catch (ConnectionLostException)
        {
            return null;
        }
    }

    private async Task<ReaderSight[]?> NextAsync(CancellationToken cancel)
    {
        var readers = await _thread.RunAsync(context => context.ListReaders(), cancel);
        (string Reader, uint State)[] asked = [.. readers.Select(reader => (reader, _known.GetValueOrDefault(reader)))];
        if (_tellsOfReaders) asked = [.. asked, (NativeContext.ListOfReaders, (uint)readers.Length << 16)];
        if (asked.Length == 0) await Task.Delay(Interval, cancel);
        else await _thread.WaitAsync(context => context.WaitForChanges(asked, Interval), cancel);
        if (readers.Length == 0) return [];

        // That somebody began to use a card is no change to wait for: it is seen by who knows nothing.
        var unknown = asked.Select(one => (one.Reader, 0u)).ToArray();
        if (await _thread.RunAsync(context => context.WaitForChanges(unknown, TimeSpan.Zero), cancel) is not { } states)
            return null;
        _tellsOfReaders = _tellsOfReaders && (states[^1].State & Unknown) == 0;
        var there = readers.Zip(states).Where(one => (one.Second.State & (Unknown | Unavailable)) == 0).ToArray();
        _known = there.ToDictionary(one => one.First, one => one.Second.State & ~Changed, StringComparer.Ordinal);
        return [.. there.Select(one => ReaderSight.Of(one.First, one.Second.State, one.Second.Atr))];
    }
}

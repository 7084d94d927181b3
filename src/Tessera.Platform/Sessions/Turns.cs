using System.Collections.Concurrent;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>
/// One session after the other at each terminal that shows everything itself: what the last answer of one brought about
/// is booked before the next one looks.
/// </summary>
internal sealed class Turns
{
    private readonly ConcurrentDictionary<Bytes, Turn> _last = new();

    /// <summary>Waits for the sessions before it; disposing lets the next one go on.</summary>
    public async Task<IDisposable> TakeAsync(Bytes terminal, CancellationToken cancel)
    {
        Turn? before = null;
        var turn = new Turn(this, terminal);
        _last.AddOrUpdate(terminal, turn, (_, last) =>
        {
            before = last;
            return turn;
        });
        try
        {
            if (before is not null) await before.Over.WaitAsync(cancel);
            return turn;
        }
        catch
        {
            // Whoever comes next still waits for those before.
            _ = turn.EndAfterAsync(before!);
            throw;
        }
    }

    private sealed class Turn(Turns turns, Bytes terminal) : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => _over.Task;

        public void Dispose()
        {
            turns._last.TryRemove(new KeyValuePair<Bytes, Turn>(terminal, this));
            _over.TrySetResult();
        }

        public async Task EndAfterAsync(Turn before)
        {
            await before.Over;
            Dispose();
        }
    }
}

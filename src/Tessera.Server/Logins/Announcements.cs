using System.Collections.Concurrent;
using Tessera.Cards;

namespace Tessera.Server.Logins;

/// <summary>Cards that said of themselves, lately, that their holder calls (docs/protocols/sms.md §7).</summary>
internal sealed class Announcements(TimeProvider time)
{
    /// <summary>An announcement is about a call that begins then.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<CardId, Announced> _cards = new();

    /// <summary>A card spoke up.</summary>
    public void Hear(CardId card)
    {
        var now = time.GetUtcNow();
        foreach (var (other, announced) in _cards)
        {
            if (announced.At < now - Fresh) _cards.TryRemove(new KeyValuePair<CardId, Announced>(other, announced));
        }

        var waiting = _cards.AddOrUpdate(card, _ => new Announced(now), (_, before) => before with { At = now });
        waiting.Came.TrySetResult();
    }

    /// <summary>Waits a little for the announcement of a card, which comes beside its call; each counts for one call.</summary>
    public async Task<bool> TakeAsync(CardId card, TimeSpan patience, CancellationToken cancel)
    {
        var announced = _cards.GetOrAdd(card, _ => new Announced(time.GetUtcNow()));
        try
        {
            await announced.Came.Task.WaitAsync(patience, time, cancel);
            return time.GetUtcNow() - announced.At < Fresh;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _cards.TryRemove(card, out _);
        }
    }

    private sealed record Announced(DateTimeOffset At)
    {
        public TaskCompletionSource Came { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

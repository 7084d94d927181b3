using System.Collections.Concurrent;
using System.Threading.Channels;
using Tessera.Cards;

namespace Tessera.Gateway;

/// <summary>The sessions that are open, one for each card, and those of them that nobody has taken yet.</summary>
internal sealed class LinkTable(GatewaySite site, CancellationToken stop)
{
    private readonly ConcurrentDictionary<CardId, SmsLink> _open = new();
    private readonly ConcurrentDictionary<Task, byte> _watched = new();
    private readonly Channel<SmsLink> _handedOut = Channel.CreateBounded<SmsLink>(site.Options.MaxSessions);

    public ChannelReader<SmsLink> HandedOut => _handedOut.Reader;

    public int Count => _open.Count;

    public SmsLink? At(CardId card) => _open.GetValueOrDefault(card);

    /// <summary>Whether one more session may be opened; a card that has one only changes it.</summary>
    public bool HaveRoom(CardId card) =>
        _handedOut.Reader.Count < site.Options.MaxSessions
        && (_open.Count < site.Options.MaxSessions || _open.ContainsKey(card));

    /// <summary>Hands out the sessions that were open when the gateway stopped.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        foreach (var session in await site.Store.OpenSessionsAsync(cancel))
        {
            if (await site.Store.FindAsync(session.Id.Card, cancel) is { } subscriber && HaveRoom(session.Id.Card))
                Open(session, subscriber, await site.Store.InFlightAsync(session.Id.Card, cancel));
        }
    }

    /// <summary>Hands out a session that a card has opened, and ends the one it had.</summary>
    /// <param name="earlier">The packet that may still be on its way to the card.</param>
    public void Open(OpeningArrival opening, Subscriber subscriber, OutboxPacket? earlier)
    {
        const string reason = "A newer session was opened.";
        if (At(opening.Card) is { } older && older.End(reason))
            site.Tell(new SessionClosed(opening.At, older.Id, reason, older.Traffic));
        var session = new SmsSession(
            opening.Session, opening.Opening, opening.Profile, opening.At, Begun: false,
            new SmsTraffic(opening.Count, default));
        Open(session, subscriber, earlier);
    }

    /// <summary>Awaits that all links have ended; no session has, and each is handed out again.</summary>
    public async Task StopAsync()
    {
        // The end of a session that could not be put on record is found after the restart.
        await Task.WhenAll(_watched.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _handedOut.Writer.TryComplete();
    }

    /// <summary>Fails where the end of a session could not be put on record.</summary>
    public async Task TidyAsync()
    {
        foreach (var watched in _watched.Keys.Where(task => task.IsCompleted))
        {
            _watched.TryRemove(watched, out _);
            await watched;
        }
    }

    private void Open(SmsSession session, Subscriber subscriber, OutboxPacket? earlier)
    {
        var link = new SmsLink(site, session, subscriber, earlier);
        _open[session.Id.Card] = link;
        _watched.TryAdd(WatchAsync(link), 0);
        _handedOut.Writer.TryWrite(link);
    }

    private async Task WatchAsync(SmsLink link)
    {
        try
        {
            await link.WatchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            link.End("The server shuts down.");
            await link.LandedAsync();
            _open.TryRemove(new KeyValuePair<CardId, SmsLink>(link.Id.Card, link));
        }
    }
}

using System.Threading.Channels;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>Where a session gets the links of its insertions.</summary>
internal sealed class Seats(
    ISessionStore store, Journal journal, SessionReference session, ILink first, TimeSpan limit, TimeProvider time)
{
    private readonly Channel<ILink> _offered =
        Channel.CreateBounded<ILink>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private ILink _link = first;
    private bool _reopened;

    /// <summary>Takes a new insertion, once the one before has ended.</summary>
    public bool TryOffer(ILink link) =>
        Volatile.Read(ref _link).Ended.IsCancellationRequested && _offered.Writer.TryWrite(link);

    /// <summary>Takes no more insertions.</summary>
    /// <returns>The newest one, used or not: whoever comes next begins there.</returns>
    public ILink Close()
    {
        _offered.Writer.TryComplete();
        if (_offered.Reader.TryRead(out var unused)) Volatile.Write(ref _link, unused);
        return Volatile.Read(ref _link);
    }

    /// <summary>The next insertion of a card at this terminal.</summary>
    /// <exception cref="ConnectionLostException">The card did not come back in time.</exception>
    public Task<Seat> ReturnedAsync(Insertion last, CancellationToken cancel) => NextAsync(last, BackAsync, cancel);

    /// <summary>The same insertion with new numbers for its scripts.</summary>
    /// <exception cref="ConnectionLostException">The session ended.</exception>
    public Task<Seat> ReopenedAsync(Insertion last, CancellationToken cancel) => NextAsync(last, _link.ReopenAsync, cancel);

    private async Task<Seat> NextAsync(
        Insertion last, Func<CancellationToken, Task<ILink>> next, CancellationToken cancel)
    {
        var at = await journal.EffectAsync("insertion", async (_, token) =>
        {
            if (Insertion.Of(_link) == last) Volatile.Write(ref _link, await next(token));
            var insertion = Insertion.Of(_link);
            await store.ContinueAsync(session, insertion, token);
            return insertion;
        }, cancel);
        return new Seat(_link, at, await store.LastNumberAsync(at, cancel));
    }

    /// <summary>
    /// An insertion that the terminal has not given up is asked for a new session, once: after a restart the card may
    /// have been in all the time.
    /// </summary>
    private async Task<ILink> BackAsync(CancellationToken cancel)
    {
        if (!_reopened && !_link.Ended.IsCancellationRequested)
        {
            _reopened = true;
            try
            {
                return await _link.ReopenAsync(cancel);
            }
            catch (ConnectionLostException)
            {
                // The card is out.
            }
        }

        var offered = await OfferedAsync(cancel);
        _reopened = false;
        return offered;
    }

    private async Task<ILink> OfferedAsync(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return await _offered.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ConnectionLostException("The card did not come back in time.");
        }
    }
}

using Tessera.Platform.Holders;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// How often in a row the verification of a holder or a signature came to nothing at the card of a session: kept in the
/// register, and counted as a card counts its PIN, before it is known what comes of it (docs/protocols/evidence.md §6).
/// </summary>
/// <param name="most">So often, and the card is disabled; 0 for never.</param>
internal sealed class Failures(Journal journal, CardSide card, IHolderStore holders, int most)
{
    private Try? _open;

    /// <summary>Counts, once in a dialogue, and before a script that verifies is sent.</summary>
    /// <exception cref="CardDisabledException">There were too many before.</exception>
    public async Task BeginAsync(CancellationToken cancel)
    {
        if (most == 0 || _open is not null) return;
        _open = await journal.EffectAsync(
            "try",
            async (key, token) => new Try(key, await holders.CountTryAsync(card.Card, key, token)),
            cancel);
        if (_open.Count > most) await card.DisableAsync(cancel);
    }

    public Task SucceedAsync(CancellationToken cancel) => EndAsync(succeeded: true, cancel);

    /// <summary>The dialogue had no use for a verification, or nobody answered.</summary>
    public Task TakeBackAsync(CancellationToken cancel) => EndAsync(succeeded: false, cancel);

    /// <summary>The dialogue failed for it.</summary>
    /// <exception cref="CardDisabledException">It was one too many.</exception>
    public async Task FailAsync(CancellationToken cancel)
    {
        await BeginAsync(cancel);
        if (_open?.Count >= most) await card.DisableAsync(cancel);
        _open = null;
    }

    private async Task EndAsync(bool succeeded, CancellationToken cancel)
    {
        if (_open is not { Key: var key }) return;
        _open = null;
        await journal.EffectAsync(
            "tried",
            async (_, token) =>
            {
                await holders.EndTryAsync(card.Card, key, succeeded, token);
                return true;
            },
            cancel);
    }

    /// <param name="Count">How many there are in a row, with this one.</param>
    private sealed record Try(string Key, int Count);
}

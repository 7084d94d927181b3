namespace Tessera.Platform.Sessions;

internal sealed partial class CardSide
{
    private const string DisableStep = "disable";

    private volatile bool _isUnwanted;

    /// <summary>Somebody wants the card out of use: the session does so with its next step, or is over before.</summary>
    public void Unwant() => _isUnwanted = true;

    /// <summary>Goes on, unless somebody wants the card out of use.</summary>
    /// <exception cref="CardDisabledException">It is.</exception>
    public Task CheckAsync(CancellationToken cancel) =>
        (_isUnwanted && journal.IsAtEnd) || journal.IsNext(DisableStep) ? DisableAsync(cancel) : Task.CompletedTask;

    /// <summary>
    /// Takes the card out of use: in the books at once, and by an order whose receipt proves that its purse obeyed. A card
    /// without a purse has nothing that could be ordered: the register keeps it out.
    /// </summary>
    /// <exception cref="CardDisabledException">Where it went well.</exception>
    public async Task DisableAsync(CancellationToken cancel)
    {
        await journal.EffectAsync(DisableStep, (_, token) => standings.DisableAsync(Registration, token), cancel);
        if (HasPurse) await InitializeAsync(cancel);
        throw new CardDisabledException();
    }
}

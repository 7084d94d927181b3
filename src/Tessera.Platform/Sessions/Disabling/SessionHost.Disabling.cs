using Tessera.Cards;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

public sealed partial class SessionHost
{
    /// <summary>
    /// Disables the card whose session runs at a terminal, as who stands there wants it: in the books at once, and on the
    /// card with the next step of its session, which ends with it. What the holder is just asked is not taken any more.
    /// </summary>
    /// <returns>
    /// The card, and a refusal where it cannot be disabled; no card where its session has yet to learn which it is, and then
    /// disables it; null where no session is there.
    /// </returns>
    public async Task<(CardId? Card, Refusal? Refusal)?> DisableAtAsync(Bytes terminal, CancellationToken cancel)
    {
        if (!_runs.TryGetValue(terminal, out var run)) return null;
        var card = run.Registration;
        var refusal = card is null ? null : await _standings.DisableAsync(card, cancel);
        if (refusal is null) run.Unwant();
        return (card?.Card, refusal);
    }
}

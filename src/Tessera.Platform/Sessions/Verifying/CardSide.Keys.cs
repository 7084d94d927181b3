using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using CardState = Tessera.Platform.Holders.CardState;

namespace Tessera.Platform.Sessions;

internal sealed partial class CardSide
{
    private const ushort Blocked = 0x6983;

    /// <summary>A card with neither purse nor data store says who it is by a key of its own.</summary>
    private async Task OpenByKeyAsync(CancellationToken cancel)
    {
        Registration = await FindAsync(await LogInByKeyAsync(cancel), cancel);
        CheckStanding(Registration);
    }

    /// <summary>It is the same card, by the same key.</summary>
    /// <exception cref="OtherCardException">It is another card.</exception>
    /// <exception cref="ConnectionLostException">Its holder did not enter the PIN: it has not come back.</exception>
    private async Task ReturnByKeyAsync(CancellationToken cancel)
    {
        try
        {
            if (await LogInByKeyAsync(cancel) != Card) throw new OtherCardException();
        }
        catch (DialogueEndedException declined)
        {
            throw new ConnectionLostException("The PIN was not entered.", declined);
        }
    }

    /// <summary>Of a card with a purse the treasury says it, and what the purse is told.</summary>
    private static void CheckStanding(CardRegistration card)
    {
        if (card.State == CardState.Stolen) throw new CardStolenException();
        if (card.State == CardState.Disabled) throw new CardDisabledException();
        if (card.State == CardState.Revoked) throw new CardRefusedException("The card was withdrawn.");
    }

    /// <summary>The PIN is asked once at an insertion: what follows there is done with the card that took it.</summary>
    private async Task<CardId> LogInByKeyAsync(CancellationToken cancel)
    {
        if (keyLogin is null) throw new CardRefusedException("No applet is there.");
        KeyVerdict? refused = null;
        foreach (var reference in KeyLogin.References)
        {
            var isFree = PivKeyReference.IsFree(reference);
            var before = isFree
                ? null
                : await journal.EffectAsync("logged in", (_, _) => Task.FromResult(last.LoggedIn(Seat.Link)), cancel);
            if (before is not null) return CardId.Parse(before);
            if (!isFree) await CheckShownAsync(reference, cancel);

            var answer = await SendAsync(
                $"log in by {reference:X2}", () => Task.FromResult(KeyLogin.Steps(reference)), cancel);
            if (answer.Answer(PivCommands.Select) is not { Status.IsSuccess: true })
                throw new CardRefusedException("No applet is there.");
            if (!isFree) CheckVerified(answer);
            var verdict = await journal.EffectAsync(
                CertificateStep, (_, token) => keyLogin.JudgeAsync(answer, reference, token), cancel);
            if (verdict.Card is { } card)
            {
                if (!isFree) last.Remember(Seat.Link, card);
                return card;
            }

            if (refused is null || verdict.Subject.Length > 0) refused = verdict;
            if (verdict.IsFinal) break;
        }

        throw new CardRefusedException($"{refused!.Subject}: {refused.Words}", refused.Said);
    }

    /// <summary>Whose holder need not enter a PIN to hear that the card is out of use, its certificate tells.</summary>
    private async Task CheckShownAsync(byte reference, CancellationToken cancel)
    {
        var shown = await SendAsync(
            $"look at {reference:X2}", () => Task.FromResult(KeyLogin.Showing(reference)), cancel);
        var card = await journal.EffectAsync(
            "shown", (_, token) => keyLogin!.FindAsync(shown, reference, token), cancel);
        if (card is { } known) CheckStanding(await FindAsync(known, cancel));
    }

    private static void CheckVerified(ScriptReading answer)
    {
        switch (answer.Stop, answer.LastStatus)
        {
            case (StopReason.EndedByHolder, _):
                throw new DialogueEndedException(DialogueEnd.Cancelled);
            case (StopReason.NoAnswerFromHolder, _):
                throw new DialogueEndedException(DialogueEnd.TimedOut);
            case (StopReason.UnexpectedStatus, { TriesLeft: 0 } or { Value: Blocked }):
                throw new CardRefusedException("The PIN is blocked.", Wording.PinBlocked);
        }
    }
}

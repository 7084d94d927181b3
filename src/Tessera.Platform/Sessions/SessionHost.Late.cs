using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

public sealed partial class SessionHost
{
    /// <summary>
    /// Settles what an answer proves that nobody waited for. Its session is waited for where it runs, and run to its end
    /// where a restart interrupted it; what it did not learn is booked as late: owed, and told at the next contact. May
    /// be given the same answer any number of times.
    /// </summary>
    /// <param name="link">The session as the card opened it: over, and the script has its answer.</param>
    /// <param name="find">The application of that name, or null.</param>
    /// <returns>
    /// What is known of the intent now, with a refusal where the answer is no evidence; null where the script moves
    /// nothing.
    /// </returns>
    public async Task<Settlement?> SettleLateAsync(
        ILink link, byte number, Bytes script, Func<string, ICardApplication?> find, CancellationToken cancel)
    {
        var card = link.Terminal.Read<CardId>();
        if (await treasury.FindAsync(card, script, cancel) is not { } intent) return null;
        await EndAsync(intent, link, find, cancel);

        var outcome = await treasury.OutcomeAsync(intent.Id, cancel);
        if (await holders.FindCardAsync(card, cancel) is not { } registration) return outcome;
        var lists = Journal.Effects<Bytes[]>(await store.StepsAsync(intent.Session, cancel), CardSide.ListsStep)
            .SelectMany(told => told).Select(list => list.Read<ProactiveCommand>()).ToList();
        try
        {
            var reading = ScriptReading.Of(
                new Exchange(script, await link.SendAsync(number, script, cancel)),
                TerminalRules.ForSim(link.Terminal, link.Profile) with { CachedList = KeptLists.Among(lists) },
                CardSituation.Sim(registration.Currency, initializeInForce: true));
            return reading.Moved is { } moved ? await SettleAsync(intent, reading, moved, cancel) : outcome;
        }
        catch (WireFormatException e)
        {
            return outcome with { Refusal = new Refusal(RefusalReason.AuthenticationFailed, e.Message) };
        }
    }

    /// <summary>Nobody but the card's receipt has anything to say about the intent any more.</summary>
    private async Task EndAsync(
        Intent intent, ILink link, Func<string, ICardApplication?> find, CancellationToken cancel)
    {
        if (_running.TryGetValue(intent.Session, out var running)) await running.Task.WaitAsync(cancel);
        var interrupted = await store.OpenAtAsync(link.Terminal, cancel);
        if (interrupted.FirstOrDefault(record => record.Id == intent.Session) is { } open)
            await ReplayAsync(open, link, null, find, cancel);
        await treasury.UnknownAsync(intent.Id, cancel);
    }

    private async Task<Settlement> SettleAsync(
        Intent intent, ScriptReading reading, TracedCommand moved, CancellationToken cancel)
    {
        var alternative = IndexOf(intent, moved.Command, reading.Item(moved.Ordinal));
        var receipt = moved.Answer.Data.Read<PurseReceipt>();
        return await treasury.SettleAsync(
            intent.Id, alternative, intent.AmountOf(intent.Moves[alternative], receipt), reading.Digest(moved.Ordinal),
            receipt, cancel);
    }

    /// <summary>The alternative that went to the card: of equal ones the one that was shown.</summary>
    private static int IndexOf(Intent intent, CommandApdu moved, string? item)
    {
        var equal = Enumerable.Range(0, intent.Moves.Count).Where(at => Is(intent.Moves[at], moved)).ToList();
        if (equal.Count == 0) throw new WireFormatException("MOVE", 0, "is none of the intent");
        var shown = equal.FindIndex(at =>
            item?.Contains(intent.Moves[at].Alternative.What, StringComparison.Ordinal) == true);
        return equal[Math.Max(shown, 0)];
    }

    private static bool Is(AuthorisedMove move, CommandApdu moved)
    {
        var command = PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2);
        return (command.P1, command.P2) == (moved.P1, moved.P2)
            && moved.Data.Span.StartsWith(command.Data.Span);
    }
}

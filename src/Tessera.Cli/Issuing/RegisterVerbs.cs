using System.CommandLine;
using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Issuing;

namespace Tessera.Cli.Issuing;

/// <summary><c>tessera card list|block|unblock</c>: the register of cards.</summary>
internal static class RegisterVerbs
{
    private static readonly Argument<string> CardArgument = new("card")
    {
        Description = "The card, 16 hexadecimal digits.",
    };

    public static IEnumerable<Command> All() => [List(), Block(), Unblock()];

    private static Command List()
    {
        var holder = new Option<string?>("--holder")
        {
            Description = "Those of one holder: the id, or part of the name.", HelpName = "text",
        };
        var state = new Option<CardState?>("--state") { Description = "Those in one state." };
        var kind = new Option<CardKind?>("--kind") { Description = "ISO cards or SIMs." };
        var command = new Command(
            "list", "Print the cards of a server, the newest first. Example: tessera card list --data data --state active")
        {
            IssuerAtHand.Data, holder, state, kind, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var cards = (await issuer.Issuances.ListAsync(cancel)).Where(card =>
                    (parsed.GetValue(state) is not { } wanted || card.Card.State == wanted)
                    && (parsed.GetValue(kind) is not { } make || card.Card.Kind == make)
                    && (parsed.GetValue(holder) is not { } text || Matches(card, text)))
                .Select(CardLine.Of).ToList();
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(cards);
            else foreach (var card in cards) Console.WriteLine(card.Line());
        });
        return command;
    }

    private static bool Matches(ListedCard card, string text) =>
        string.Equals(card.Card.Holder.ToString(), text, StringComparison.OrdinalIgnoreCase)
        || card.Holder.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static Command Block() => Standing(
        "block",
        "Report a card stolen or missing: it has no session and moves no value any more, and its purse, if it has one, is "
        + "deactivated at its next contact. "
        + "Example: tessera card block 0123456789ABCDEF --data data",
        "card.block", (standings, card, cancel) => standings.ReportStolenAsync(card, cancel));

    private static Command Unblock() => Standing(
        "unblock",
        "A card that was blocked or disabled is to be used again: at once, or with a purse when that was reactivated at its "
        + "next contact. "
        + "Example: tessera card unblock 0123456789ABCDEF --data data",
        "card.unblock", (standings, card, cancel) => standings.ReactivateAsync(card, cancel));

    private static Command Standing(
        string name, string what, string act, Func<CardStandings, CardRegistration, CancellationToken, Task<Refusal?>> report)
    {
        var command = new Command(name, what) { CardArgument, IssuerAtHand.Data, IssuerAtHand.Operator, Verb.Json };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var card = await issuer.FindAsync(CardId.Parse(parsed.GetRequiredValue(CardArgument)), cancel);
            await issuer.ActAsync(act, card.Card.ToString(), "", cancel);
            var standings = new CardStandings(await issuer.TreasuryAsync(cancel), issuer.Holders, TimeProvider.System);
            if (await report(standings, card, cancel) is { } no) return Verb.Fail(no.Detail);
            var now = (await issuer.FindAsync(card.Card, cancel)).State;
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { card = card.Card.ToString(), state = now });
            else Console.WriteLine($"Card {card.Card} is {now}.");
            return 0;
        });
        return command;
    }
}

/// <summary>A card of the register on one line.</summary>
internal sealed record CardLine(
    string Card, string State, string Kind, string Holder, string HolderId, IReadOnlyList<string> Applications,
    string KeyVersion, DateTimeOffset Since)
{
    public static CardLine Of(ListedCard listed) => new(
        listed.Card.Card.ToString(), listed.Card.State.ToString(), listed.Card.Kind.ToString(), listed.Holder,
        listed.Card.Holder.ToString(), [.. listed.Card.Applications.Select(IssueRecord.NameOf)],
        $"{listed.Card.KeyVersion:X2}", listed.Card.Since);

    public string Line() =>
        $"{Card}  {State,-8} {Kind,-4} {KeyVersion}  {Since.UtcDateTime:yyyy-MM-dd}  {string.Join(',', Applications),-12}  "
        + $"{HolderId}  {Holder}";
}

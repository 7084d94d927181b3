using System.CommandLine;
using Tessera.Cards;
using Tessera.Platform.Views;
using Tessera.Storage.Issuing;

namespace Tessera.Cli.Issuing;

/// <summary><c>tessera card info</c>: what a card tells of itself, and what its register knows of it.</summary>
internal static class InfoVerb
{
    private const int MaxActs = 20;

    private static readonly Option<string?> Card = new("--id")
    {
        Description = "A card of the register, which need not be at hand.", HelpName = "hex",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder of the server that issued it.", HelpName = "dir",
    };

    public static Command Create()
    {
        var command = new Command(
            "info",
            "Print all that a card tells of itself without keys and without a PIN, and with --data what the register knows. "
            + "Examples: tessera card info --reader NAME; tessera card info --id 0123456789ABCDEF --data data")
        {
            Card, Data, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetValue(Card);
            if (named is not null && parsed.GetValue(Data) is null)
                throw new FormatException("A card that is not at hand is looked up in --data.");
            CardReport? report = null;
            if (named is null || CardAtHand.IsNamed(parsed))
            {
                await using var card = await CardAtHand.OpenAsync(parsed, cancel);
                report = await CardReport.ReadAsync(card, cancel);
            }

            var known = parsed.GetValue(Data) is { } folder && (named ?? report?.Card) is { } id
                ? await RegisteredCard.ReadAsync(parsed, folder, CardId.Parse(id), cancel)
                : null;
            if (parsed.GetValue(Verb.Json) && parsed.GetValue(Data) is null) Verb.PrintJson(report);
            else if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { card = report, register = known });
            else foreach (var line in (report?.Lines() ?? []).Concat(known?.Lines() ?? [])) Console.WriteLine(line);
        });
        return command;
    }

    /// <summary>What the register knows of a card.</summary>
    /// <param name="Account">What its holder has; null for a card without a purse, as the next.</param>
    /// <param name="Suspense">What waits for proof because it was replaced or retired.</param>
    /// <param name="AtRisk">What was given back of it unproven, and the issuer pays where it was spent all the same.</param>
    private sealed record RegisteredCard(
        CardLine Card, IssueRecord? Issued, long? Account, long? Suspense, long? AtRisk, IReadOnlyList<LoggedAct> Acts)
    {
        public static async Task<RegisteredCard> ReadAsync(
            ParseResult parsed, string folder, CardId card, CancellationToken cancel)
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, folder, cancel);
            var registration = await issuer.FindAsync(card, cancel);
            var holder = (await issuer.Holders.FindAsync(registration.Holder, cancel))!.Name;
            var issuance = await issuer.Issuances.FindAsync(card, cancel);
            var treasury = await issuer.TreasuryAsync(cancel);
            var open = registration.HasPurse ? await treasury.FindOpenAsync(card, cancel) : null;
            var view = registration.HasPurse
                ? await treasury.ViewAsync(registration.Holder, card, long.MaxValue, 1, cancel)
                : null;
            var allowance = view?.Copy is { IsKept: false } gone ? gone.Allowance : 0;
            return new RegisteredCard(
                CardLine.Of(new ListedCard(registration, holder)),
                issuance is null ? null : IssueRecord.Of(issuance, holder, null),
                view?.Account,
                open is { Suspended: true } ? open.Hold + allowance : allowance > 0 ? allowance : null,
                view?.Copy is { AtRisk: > 0 and var risk } ? risk : null,
                await issuer.Acts.ReadAsync(card.ToString(), MaxActs, cancel));
        }

        public IEnumerable<string> Lines()
        {
            var since = $"{Card.Since.UtcDateTime:yyyy-MM-dd}";
            yield return $"Register       {Card.State}, {Card.Kind}, keys {Card.KeyVersion}, since {since}";
            yield return $"Holder         {Card.Holder} ({Card.HolderId})";
            if (Account is { } account) yield return $"Account        {Amount.Text(account)}";
            if (Suspense is { } hold) yield return $"Suspense       {Amount.Text(hold)} wait for proof";
            if (AtRisk is { } risk) yield return $"At risk        {Amount.Text(risk)} given back unproven";
            foreach (var line in Issued?.Lines().Skip(4) ?? []) yield return line;
            foreach (var (time, act) in Acts)
                yield return $"  {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} {act.Operator} {act.What} {act.Detail}";
        }
    }
}

using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cli.Keys;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Storage.Issuing;
using Tessera.VirtualCard;

namespace Tessera.Cli.Issuing;

/// <summary><c>tessera card issue|replace|retire|settle|letter</c>: a card's way to its holder, and back.</summary>
internal static class IssueVerbs
{
    private const int DaysToWait = 30;

    private static readonly (string Name, string Key)[] SimCodes =
        [("SIM PIN", "simPin"), ("SIM PUK", "simPuk"), ("SIM PIN2", "simPin2"), ("SIM PUK2", "simPuk2")];

    private static readonly Argument<string> CardArgument = new("card")
    {
        Description = "The card, 16 hexadecimal digits.",
    };

    public static IEnumerable<Command> All() => [Issue(), Replace(), Retire(), Settle(), Letter()];

    /// <exception cref="FormatException">Not 16 hexadecimal digits.</exception>
    public static CardId CardOf(ParseResult parsed) => CardId.Parse(parsed.GetRequiredValue(CardArgument));

    private static Command Issue()
    {
        var command = new Command(
            "issue",
            "Personalise a blank card for a holder under SCP03, register it, and print its record. Done again after a cut it "
            + "goes on. Example: tessera card issue --data data --card blank.img --holder 'Ada Marchand' --letter ada.pin "
            + "--letter-key env:LETTER")
        {
            OrderAtHand.NewHolder, OrderAtHand.KnownHolder,
        };
        foreach (var option in OrderAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var (fresh, known) = (parsed.GetValue(OrderAtHand.NewHolder), parsed.GetValue(OrderAtHand.KnownHolder));
            if (fresh is null == known is null) throw new FormatException("Name --holder or --holder-id, one of them.");
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var order = OrderAtHand.Read(parsed) with
            {
                NewHolder = fresh,
                Holder = known is null ? null : HolderId.Parse(known),
            };
            await OrderAtHand.IssueAsync(parsed, issuer, order, cancel);
        });
        return command;
    }

    private static Command Replace()
    {
        var command = new Command(
            "replace",
            "Issue a card in the place of a lost one: the purse of that is frozen at once, and its value, less what it may "
            + "still have paid, begins on the new one. Example: tessera card replace 0123456789ABCDEF --data data "
            + "--card blank.img --letter ada.pin --letter-key -")
        {
            CardArgument,
        };
        foreach (var option in OrderAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var lost = await issuer.FindAsync(CardOf(parsed), cancel);
            var treasury = await issuer.TreasuryAsync(cancel);
            if (lost.HasPurse && lost.State is CardState.Active or CardState.Found)
                await treasury.ReportStolenAsync(lost.Card, cancel);
            await OrderAtHand.IssueAsync(parsed, issuer, OrderAtHand.Read(parsed) with { Replaces = lost.Card }, cancel);
            await TellAsync(treasury, lost, cancel);
        });
        return command;
    }

    private static Command Retire()
    {
        var command = new Command(
            "retire",
            "Take a card back for good: at hand it proves what it has done, its purse is deactivated and the card terminated; "
            + "without it what it may have paid stays in suspense. Example: tessera card retire 0123456789ABCDEF --data data "
            + "--reader NAME")
        {
            CardArgument, IssuerAtHand.Data, IssuerAtHand.Operator, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var card = await issuer.FindAsync(CardOf(parsed), cancel);
            var treasury = await issuer.TreasuryAsync(cancel);
            var isAtHand = CardAtHand.IsNamed(parsed);
            await issuer.ActAsync("card.retire", card.Card.ToString(), isAtHand ? "at hand" : "not at hand", cancel);
            if (isAtHand) await TakeBackAsync(parsed, issuer, treasury, card, cancel);
            var booked = card.HasPurse ? await treasury.ReplaceAsync(card.Card, null, cancel) : null;
            if (!card.HasPurse) await issuer.Issuances.WithdrawAsync(card.Card, cancel);
            if (booked?.Refusal is { } no) return Verb.Fail(no.Detail);
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new { card = card.Card.ToString(), retired = true, account = booked?.Account });
            else
                Console.WriteLine(
                    $"Card {card.Card} is retired{(booked is null ? "" : $"; its holder has {Amount.Text(booked.Account)}")}.");
            await TellAsync(treasury, card, cancel);
            return 0;
        });
        return command;
    }

    private static async Task TakeBackAsync(
        ParseResult parsed, IssuerAtHand issuer, Treasury treasury, CardRegistration registration, CancellationToken cancel)
    {
        await using var card = await CardAtHand.OpenAsync(parsed, cancel);
        if (registration.HasPurse && registration.State != CardState.Revoked)
        {
            if (registration.State != CardState.Stolen) await treasury.ReportStolenAsync(registration.Card, cancel);
            await new CardCounter(treasury, TimeProvider.System).DeactivateAsync(card.Channel, registration, cancel);
        }

        if (await issuer.Issuances.FindAsync(registration.Card, cancel) is not { } issuance) return;
        using var maker = DemonstrationKeys.CreateDomain();
        var chip = await Personaliser.ReadChipAsync(card.Channel, cancel);
        if (chip != issuance.Chip) throw new IssuingException($"The card in the reader is not {registration.Card}.");
        var desk = await issuer.DeskAsync(cancel);
        using var masters = IssuingDesk.Masters(maker, await desk.KeysOfAsync(chip, cancel));
        await (await Personaliser.OpenAsync(card.Channel, masters, cancel)).TerminateAsync(cancel);
    }

    private static Command Settle()
    {
        var outcome = new Option<string?>("--outcome")
        {
            Description = "What became of the payment that nobody could prove, where there is one.",
        };
        outcome.AcceptOnlyFromAmong("paid", "unpaid");
        var alternative = new Option<int>("--alternative")
        {
            Description = "Which one was paid where there were several, from 0.", HelpName = "number",
        };
        var wait = new Option<int>("--after")
        {
            Description = "Days that the payment has to have been open, or the card revoked.",
            HelpName = "days",
            DefaultValueFactory = _ => DaysToWait,
        };
        var command = new Command(
            "settle",
            "Decide, for good, what a card that was replaced or retired has paid, when no proof came, and give its holder back "
            + "what it was allowed to spend offline and is not known to have: what is cleared later the issuer pays. Example: "
            + "tessera card settle 0123456789ABCDEF --data data --outcome unpaid")
        {
            CardArgument, outcome, alternative, wait, IssuerAtHand.Data, IssuerAtHand.Operator, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var card = await issuer.FindAsync(CardOf(parsed), cancel);
            var treasury = await issuer.TreasuryAsync(cancel);
            var days = TimeSpan.FromDays(parsed.GetValue(wait));
            Booked? decided = null;
            if (parsed.GetValue(outcome) is { } word)
            {
                var isPaid = word is "paid";
                await issuer.ActAsync(
                    "card.settle", card.Card.ToString(), isPaid ? $"paid {parsed.GetValue(alternative)}" : word, cancel);
                decided = await treasury.DecideAsync(
                    card.Card, isPaid ? FinalOutcome.Paid : FinalOutcome.Unpaid, parsed.GetValue(alternative), days, cancel);
                if (decided.Refusal is { Reason: not RefusalReason.NothingToDo } no) return Verb.Fail(no.Detail);
            }
            else if (await treasury.FindOpenAsync(card.Card, cancel) is { Suspended: true, IsPayment: true } open)
            {
                throw new FormatException($"{outcome.Name}: say what became of {What(open)}, paid or unpaid.");
            }

            await issuer.ActAsync("card.settle", card.Card.ToString(), "allowance", cancel);
            var given = await treasury.GiveBackAsync(card.Card, days, cancel);
            if (given.Refusal is { } neither && decided is null or { Refusal: not null }) return Verb.Fail(neither.Detail);
            if (given.Refusal is { Reason: not RefusalReason.NothingToDo } later) Verb.Warn(later.Detail);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { card = card.Card.ToString(), account = given.Account });
            else Console.WriteLine($"Settled; the holder has {Amount.Text(given.Account)}.");
            return 0;
        });
        return command;
    }

    private static Command Letter()
    {
        var file = new Argument<string>("file") { Description = "The letter that 'tessera card issue' wrote." };
        var key = SecretAtHand.Option("--letter-key", "The passphrase that seals it");
        key.Required = true;
        var command = new Command(
            "letter", "Open the letter of a card and print PIN and PUK. Example: tessera card letter ada.pin --letter-key -")
        {
            file, key, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var letter = await PinLetter.ReadAsync(parsed.GetRequiredValue(file), cancel);
            var passphrase = await SecretAtHand.ReadCharsAsync(key.Name, parsed.GetRequiredValue(key)!, cancel);
            using var digits = letter.Open(passphrase);
            passphrase.AsSpan().Clear();
            Print(letter.Card, digits, parsed.GetValue(Verb.Json));
        });
        return command;
    }

    /// <summary>Digit by digit: a string of them could not be zeroed.</summary>
    private static void Print(string card, LetterDigits digits, bool isJson)
    {
        Console.Write(isJson ? $"{{\"card\":\"{card}\"" : $"Card {card}");
        Write("PIN", "pin", digits.Pin, ":");
        Write("PUK", "puk", digits.Puk);
        for (var i = 0; digits.IsSim && i < SimCodes.Length; i++) Write(SimCodes[i].Name, SimCodes[i].Key, digits.Sim(i));
        Console.WriteLine(isJson ? "}" : "");

        void Write(string name, string key, ReadOnlySpan<char> code, string before = ",")
        {
            Console.Write(isJson ? $",\"{key}\":\"" : $"{before} {name} ");
            foreach (var digit in code) Console.Write(digit);
            if (isJson) Console.Write('"');
        }
    }

    /// <summary>What waits for proof, where something does.</summary>
    private static async Task TellAsync(Treasury treasury, CardRegistration card, CancellationToken cancel)
    {
        if (!card.HasPurse) return;
        var open = await treasury.FindOpenAsync(card.Card, cancel);
        var allowance = (await treasury.ViewAsync(card.Holder, card.Card, long.MaxValue, 1, cancel))?.Copy?.Allowance ?? 0;
        var held = (open?.Hold ?? 0) + allowance;
        if (held == 0) return;
        var may = open is not { Hold: > 0 } ? $"spent {Amount.Text(allowance)} offline"
            : allowance == 0 ? $"paid ({What(open)})"
            : $"paid ({What(open)}) and spent {Amount.Text(allowance)} offline";
        Verb.Warn(
            $"Card {card.Card} may have {may}, so {Amount.Text(held)} waits in suspense: proof that comes late "
            + $"settles it, or 'tessera card settle {card.Card}' after {DaysToWait} days.");
    }

    private static string What(Intent open) => string.Join(" / ", open.Moves.Where(move => move.Hold > 0).Select(move =>
        $"{move.Alternative.What} {Amount.Text(move.Hold)}"));
}

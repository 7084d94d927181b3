using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cli.Keys;
using Tessera.Wire;
using Amount = Tessera.Platform.Views.Amount;

namespace Tessera.Cli.Purses;

/// <summary><c>tessera purse offline</c>: an acceptor without a line to the issuer (docs/protocols/purse.md §8).</summary>
internal static class PurseOfflineCommand
{
    private const int ReceiptsPerRequest = 500;

    private static readonly Option<string?> KeyOption = KeyAtHand.Option("--key", "The offline key of this issuer");

    private static readonly Option<uint> AcceptorOption = new("--acceptor")
    {
        Description = "The id that the issuer gave this acceptor: who is paid.",
        HelpName = "number",
        Required = true,
    };

    private static readonly Option<string> ReceiptsOption = new("--receipts")
    {
        Description = "Where receipts are kept, one a line, until they are handed in.",
        HelpName = "file",
        Required = true,
    };

    public static Command Create() => new(
        "offline",
        "Take debits without a line to the issuer, as far as cards were allowed to. Example: tessera purse offline debit " +
        "--card card.img --amount 3.20 --acceptor 7 --key env:OFFLINE_KEY --receipts today.txt")
    {
        Key(), Debit(), Settle(), Clear(),
    };

    private static Command Key()
    {
        var master = KeyAtHand.Option("--master", "The issuer's master key of purses");
        var output = new Option<string>("--out")
        {
            Description = "The file that the offline key is written to, for its owner only.", HelpName = "file", Required = true,
        };
        var command = new Command(
            "key",
            "Derive the offline key of acceptors: it authorises offline debits and nothing else. Example: tessera purse " +
            "offline key --master env:PURSE_MASTER --out offline.key")
        {
            master, output,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var key = await KeyAtHand.ReadAsync(
                "--master", parsed.GetValue(master) ?? throw new FormatException("--master is missing."), cancel);
            using var offline = CardKeys.OfflineMaster(key);
            KeyAtHand.WriteNew(parsed.GetRequiredValue(output), offline);
            return 0;
        });
        return command;
    }

    private static Command Debit()
    {
        var amount = new Option<string>("--amount")
        {
            Description = "What is taken, like 3.20.", HelpName = "amount", Required = true,
        };
        var number = new Option<uint>("--number")
        {
            Description = "The acceptor's own number of the debit.", HelpName = "number",
        };
        var pin = SecretAtHand.Option("--pin", "The holder is verified by the PIN; without a source it is asked for");
        pin.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("debit", "Take an offline debit from a card and keep its receipt.")
        {
            amount, AcceptorOption, number, pin, KeyOption, ReceiptsOption, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction((parsed, cancel) => WithCardAsync(parsed, async (purse, channel, acceptor, book) =>
        {
            if (!Amount.TryParse(parsed.GetRequiredValue(amount), out var wanted) || wanted == Amount.Zero)
                throw new FormatException("--amount is an amount like 3.20.");
            if (book.Open is { } open)
                return Verb.Fail($"What became of a debit from card {open.Card} is not known: tessera purse offline settle.");
            var verified = parsed.GetResult(pin) is not null;
            if (verified) await PinAtHand.VerifyAsync(channel, parsed.GetValue(pin) ?? "-", cancel);

            var debit = await acceptor.AuthoriseAsync(purse, wanted.MinorUnits, parsed.GetValue(number), verified, cancel);
            book.Begin(debit);
            var receipt = await TakeAsync(acceptor, purse, debit, book, cancel);
            return Print(parsed, receipt);
        }, cancel));
        return command;
    }

    private static Command Settle()
    {
        var giveUp = new Option<bool>("--give-up")
        {
            Description = "Forget the debit: its card does not come back. If it was taken, the issuer learns it from the card.",
        };
        var command = new Command("settle", "Find out from the card what became of a debit whose answer was lost.")
        {
            AcceptorOption, KeyOption, ReceiptsOption, giveUp, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var given = new AcceptorBook(parsed.GetRequiredValue(ReceiptsOption));
            if (given.Open is null) return Verb.Fail("No debit is open.");
            if (parsed.GetValue(giveUp))
            {
                given.Forget();
                return 0;
            }

            return await WithCardAsync(parsed, async (purse, _, acceptor, book) =>
            {
                var receipt = await acceptor.SettleAsync(purse, book.Open!, cancel);
                if (receipt is not null) book.Take(receipt);
                else book.Forget();
                return Print(parsed, receipt);
            }, cancel);
        });
        return command;
    }

    private static Command Clear()
    {
        var file = new Argument<string>("file") { Description = "Receipts, one a line." };
        var command = new Command(
            "clear", "Hand receipts in at a server, as often as wanted: each is booked once. Exit 1 where one was refused.")
        {
            file, ServerAtHand.Option, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            List<ClearedReceipt> cleared = [];
            foreach (var some in (await AcceptorBook.ReadAsync(parsed.GetRequiredValue(file), cancel)).Chunk(ReceiptsPerRequest))
                cleared.AddRange(await server.ClearAsync(some, cancel));

            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(cleared);
            else foreach (var one in cleared) Console.WriteLine(one.Line());
            var refused = cleared.Count(one => one.Outcome is "refused");
            return refused == 0 ? 0 : Verb.Fail($"{refused} of {cleared.Count} receipts were refused.");
        });
        return command;
    }

    private static async Task<int> WithCardAsync(
        ParseResult parsed, Func<PurseClient, ICardChannel, PurseAcceptor, AcceptorBook, Task<int>> run,
        CancellationToken cancel)
    {
        using var key = await KeyAtHand.ReadAsync(
            "--key", parsed.GetValue(KeyOption) ?? throw new FormatException("--key is missing."), cancel);
        await using var card = await CardAtHand.OpenAsync(parsed, cancel);
        if (await PurseClient.SelectAsync(card.Channel, cancel) is not { } purse)
            return Verb.Fail($"The card in {card.Reader} has no purse.");

        var acceptor = new PurseAcceptor(key, purse.Template.KeyVersion, parsed.GetValue(AcceptorOption));
        var book = new AcceptorBook(parsed.GetRequiredValue(ReceiptsOption));
        try
        {
            return await run(purse, card.Channel, acceptor, book);
        }
        catch (OfflineRefusedException e)
        {
            return Verb.Fail(e.Message);
        }
        catch (ConnectionLostException e) when (book.Open is not null)
        {
            return Verb.Fail($"{e.Message} What became of the debit is not known: tessera purse offline settle.");
        }
    }

    /// <summary>What the card refuses was not taken; any other end leaves the debit open.</summary>
    private static async Task<OfflineReceipt> TakeAsync(
        PurseAcceptor acceptor, PurseClient purse, OfflineDebit debit, AcceptorBook book, CancellationToken cancel)
    {
        try
        {
            var receipt = await acceptor.TakeAsync(purse, debit, cancel);
            book.Take(receipt);
            return receipt;
        }
        catch (CardStatusException)
        {
            book.Forget();
            throw;
        }
    }

    private static int Print(ParseResult parsed, OfflineReceipt? receipt)
    {
        var taken = receipt?.Movement;
        if (parsed.GetValue(Verb.Json))
            Verb.PrintJson(new
            {
                taken = taken is not null,
                card = receipt?.Card.ToString(),
                number = taken?.Number,
                amount = taken?.Movement.Amount,
                balance = taken?.Balance,
                receipt = receipt is null ? null : Bytes.Of(receipt).ToString(),
            });
        else
            Console.WriteLine(taken is null
                ? "The debit was not taken."
                : $"Card {receipt!.Card}, number {taken.Number}: {Amount.Text(taken.Movement.Amount)} taken, " +
                    $"{Amount.Text(taken.Balance)} left on it.");
        return 0;
    }
}

/// <summary>What a server says of a receipt; the amount is minor units.</summary>
internal sealed record ClearedReceipt(string Card, uint Number, uint Amount, string Account, string Outcome, string? Reason)
{
    public string Line() =>
        $"{Card} {Number,6} {Platform.Views.Amount.Text(Amount),10}  {Outcome}{(Reason is null ? "" : $": {Reason}")}";
}

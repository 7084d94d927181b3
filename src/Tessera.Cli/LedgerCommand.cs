using System.CommandLine;
using Tessera.Cli.Keys;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Keys;
using Tessera.Storage.Money;
using Tessera.VirtualCard;

namespace Tessera.Cli;

/// <summary><c>tessera ledger</c>: the books of a server, with or without the server running.</summary>
internal static class LedgerCommand
{
    public static Command Create() => new Command("ledger", "The books of a server.") { Check() }.WithSeal();

    private static Command Check()
    {
        var data = new Option<string>("--data")
        {
            Description = "The server's data folder.",
            HelpName = "dir",
            Required = true,
        };
        var command = new Command("check", "Check every rule of money; print a line for each place that breaks one.")
        {
            data, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetRequiredValue(data);
            await using var database = await OpenAsync(folder, cancel);
            using var keys = await KeysAsync(parsed, folder, cancel);
            using var demonstration = DemonstrationKeys.Create();
            var store = new SqliteMoneyStore(database);
            var purses = keys is null ? null : new PurseKeyring([.. keys.Cards, demonstration]);
            var faults = await new LedgerCheck(store, purses).RunAsync(cancel);
            var size = await BookSize.CountAsync(store, cancel);
            var (holds, receiptsVerified) = (faults.Count == 0, keys is not null);
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new { holds, receiptsVerified, size.Accounts, size.Entries, size.Cards, faults });
            else Print(faults, size, receiptsVerified);
            return holds ? 0 : Verb.Fail($"The books do not hold: {faults.Count} faults.");
        });
        return command;
    }

    private static void Print(IReadOnlyList<LedgerFault> faults, BookSize size, bool receiptsVerified)
    {
        foreach (var fault in faults) Console.WriteLine($"{fault.Rule}: {fault.Where}: {fault.What}");
        if (faults.Count > 0) return;
        Console.WriteLine($"The books hold: {size.Accounts} accounts, {size.Entries} entries, {size.Cards} cards.");
        if (!receiptsVerified) Console.WriteLine("Receipts were not verified: the folder has no keys.");
    }

    /// <exception cref="FileNotFoundException">There is no database in the folder.</exception>
    private static Task<Database> OpenAsync(string data, CancellationToken cancel)
    {
        var path = Path.Combine(data, "tessera.db");
        return File.Exists(path)
            ? Database.OpenAsync(path, cancel: cancel)
            : throw new FileNotFoundException($"{path}: there is no database of a server.");
    }

    /// <summary>The server's own keys, null for a folder without them: none are made here.</summary>
    private static async Task<Vault?> KeysAsync(ParseResult parsed, string data, CancellationToken cancel)
    {
        if (!Directory.Exists(Path.Combine(data, "keys"))) return null;
        using var seal = await SealAtHand.ReadAsync(parsed, data, cancel);
        return await Vault.OpenAsync(data, seal, TimeProvider.System, cancel);
    }

    /// <summary>How much was checked.</summary>
    private sealed record BookSize(int Accounts, int Entries, int Cards)
    {
        public static async Task<BookSize> CountAsync(SqliteMoneyStore store, CancellationToken cancel)
        {
            await using var view = await store.ViewAsync(cancel);
            var cards = 0;
            await foreach (var purse in view.PursesAsync(cancel)) cards += purse.Copies.Count;
            return new BookSize(
                await view.AccountsAsync(cancel).CountAsync(cancel),
                await view.PostingsAsync(cancel).Select(posting => posting.Entry).Distinct().CountAsync(cancel),
                cards);
        }
    }
}

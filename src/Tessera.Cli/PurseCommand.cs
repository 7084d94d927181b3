using System.CommandLine;
using Spectre.Console;
using Tessera.Cards.Purse;
using Tessera.Cli.Purses;
using Amount = Tessera.Platform.Views.Amount;

namespace Tessera.Cli;

/// <summary><c>tessera purse</c>: the purse of a card as its holder may see it.</summary>
internal static class PurseCommand
{
    private const int TableWidth = 80;

    public static Command Create() => new("purse", "The purse of a card.") { Show(), PurseOfflineCommand.Create() };

    private static Command Show()
    {
        var command = new Command("show", "Print balance, number and the last movements of the purse.")
        {
            Verb.Json,
        };
        foreach (var option in CardAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var card = await CardAtHand.OpenAsync(parsed, cancel);
            if (await PurseClient.SelectAsync(card.Channel, cancel) is not { } purse)
                return Verb.Fail($"The card in {card.Reader} has no purse.");

            var shown = PurseReport.Of(purse, await purse.BalanceAsync(cancel));
            List<MovementReport> log = [.. (await purse.LogAsync(cancel)).Select(MovementReport.Of)];
            var id = purse.Template.Card.ToString();
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { card = id, purse = shown, log });
            else Print(id, shown, log);
            return 0;
        });
        return command;
    }

    private static void Print(string card, PurseReport purse, List<MovementReport> log)
    {
        Console.WriteLine($"Card           {card}");
        foreach (var line in purse.Lines()) Console.WriteLine(line);
        if (log.Count == 0) return;

        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in (string[])["Number", "Amount", "Adjust", "Balance"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("Kind").AddColumn("Allowed by");
        foreach (var entry in log)
        {
            table.AddRow(
                $"{entry.Number}", Amount.Text(entry.Amount), Amount.Text(entry.Adjust), Amount.Text(entry.Balance),
                $"{entry.Kind}", entry.AllowedBy);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected) console.Profile.Width = TableWidth;
        console.Write(table);
    }

    /// <summary>A movement of the log; amounts are minor units.</summary>
    private sealed record MovementReport(
        uint Number, MoveKind Kind, uint Amount, int Adjust, uint Balance, bool Pin, bool Ceiling, bool Goods,
        string S2, string Digest)
    {
        public string AllowedBy => (Pin ? "PIN" : "issuer") + (Ceiling ? ", ceiling" : "") + (Goods ? ", with goods" : "");

        public static MovementReport Of(LoggedMovement logged) => new(
            logged.Number, logged.Movement.Kind, logged.Movement.Amount, logged.Movement.Adjust, logged.Balance,
            !logged.Movement.Terms.HasFlag(MoveTerms.WithoutPin), logged.Movement.Terms.HasFlag(MoveTerms.Ceiling),
            logged.Movement.Terms.HasFlag(MoveTerms.Goods), logged.Movement.S2.ToString(), logged.Digest.ToString());
    }
}

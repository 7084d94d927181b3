using System.CommandLine;
using Tessera.Cards.Pcsc;

namespace Tessera.Cli;

/// <summary><c>tessera reader</c>: the card readers of this machine.</summary>
internal static class ReaderCommand
{
    public static Command Create() => new("reader", "The card readers of this machine (PC/SC).") { List(), Watch() };

    private static Command List()
    {
        var command = new Command(
            "list", "Print the name of every reader on a line. Example: tessera reader list --json")
        {
            Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var service = await PcscContext.EstablishAsync(cancel);
            var readers = await service.ListReadersAsync(cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(readers.Select(name => new { name }));
            else foreach (var name in readers) Console.WriteLine(name);
        });
        return command;
    }

    private static Command Watch()
    {
        var command = new Command(
            "watch",
            "Print a line for each reader that comes or goes, each card that is inserted or removed, and each change of who "
            + "uses it, until Ctrl+C; what is there at the start comes first. Example: tessera reader watch --json")
        {
            Verb.Json,
        };
        command.Serves(async (parsed, cancel) =>
        {
            var isJson = parsed.GetValue(Verb.Json);
            await foreach (var (change, sight) in ReaderWatch.WatchAsync(cancel))
            {
                if (isJson)
                {
                    Verb.PrintJson(new
                    {
                        change, reader = sight.Reader, card = sight.HasCard, mute = sight.IsMute, atr = sight.Atr.ToString(),
                        use = sight.Use,
                    });
                }
                else
                {
                    Console.WriteLine($"{sight.Reader}: {Words(change, sight)}");
                }
            }
        });
        return command;
    }

    private static string Words(ReaderChange change, ReaderSight sight) => change switch
    {
        ReaderChange.ReaderAdded => "reader there",
        ReaderChange.ReaderRemoved => "reader gone",
        ReaderChange.CardRemoved => "card out",
        ReaderChange.CardInserted when sight.IsMute => "card in, mute",
        ReaderChange.CardInserted => $"card in {sight.Atr}{Use(sight.Use, ", ")}",
        _ => $"card {Use(sight.Use, "")}",
    };

    private static string Use(ReaderUse use, string before) => use switch
    {
        ReaderUse.Exclusive => $"{before}in use by another program alone",
        ReaderUse.Shared => $"{before}in use",
        _ => before.Length == 0 ? "not in use" : "",
    };
}

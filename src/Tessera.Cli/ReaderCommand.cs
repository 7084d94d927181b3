using System.CommandLine;
using Tessera.Cards.Pcsc;

namespace Tessera.Cli;

/// <summary><c>tessera reader</c>: the card readers of this machine.</summary>
internal static class ReaderCommand
{
    public static Command Create() => new("reader", "The card readers of this machine (PC/SC).") { List() };

    private static Command List()
    {
        var command = new Command("list", "Print the name of every reader on a line.") { Verb.Json };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var service = await PcscContext.EstablishAsync(cancel);
            var readers = await service.ListReadersAsync(cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(readers.Select(name => new { name }));
            else foreach (var name in readers) Console.WriteLine(name);
        });
        return command;
    }
}

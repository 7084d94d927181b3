using System.CommandLine;
using System.Globalization;
using Tessera.Lab;

namespace Tessera.Cli;

/// <summary><c>tessera lab</c>: the lab's world in a process of its own.</summary>
internal static class LabCommand
{
    private const string Orders = "insert CARD TERMINAL, pull CARD or cut CARD WRITES";

    public static Command Create() => new("lab", "A world without hardware, beside a server.") { Run() };

    private static Command Run()
    {
        var folder = new Option<string>("--dir")
        {
            Description = "Card images, keys and journals of the lab; made if it is not there.",
            HelpName = "dir",
            Required = true,
        };
        var command = new Command(
            "run", $"Keep terminals and a demonstration card until Ctrl+C, moved by lines on standard input: {Orders}.")
        {
            ServerAtHand.Option, folder,
        };
        command.Serves(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            var (address, _, pin) = await server.LinkAsync(cancel);
            await using var world = await LabWorld.StartAsync(
                new LabOptions
                {
                    Folder = Path.GetFullPath(parsed.GetRequiredValue(folder)),
                    Link = address,
                    Pin = pin,
                    Origin = server.Origin,
                    Enrol = server.EnrolAsync,
                    Make = DemonstrationCards.MakeAsync,
                    Register = (_, _) => Task.CompletedTask,
                },
                cancel);
            foreach (var place in world.State.Places)
                Console.WriteLine($"Terminal {place.Name}, {place.Title}: {place.Page}");
            PrintCards(world);
            while (await Verb.ReadLineAsync(cancel) is { } line) await ObeyAsync(world, line, cancel);
            await Task.Delay(Timeout.Infinite, cancel);
        });
        return command;
    }

    /// <summary>Does what a line says and tells where the cards are then; what cannot be done is told too.</summary>
    private static async Task ObeyAsync(LabWorld world, string line, CancellationToken cancel)
    {
        try
        {
            await (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["insert", var card, var place] => world.InsertAsync(card, place, cancel),
                ["pull", var card] => world.PullAsync(card, cancel),
                ["cut", var card, var writes] when int.TryParse(writes, CultureInfo.InvariantCulture, out var count) =>
                    world.CutPowerAsync(card, count, cancel),
                _ => throw new FormatException($"The hand of the lab knows {Orders}."),
            });
            PrintCards(world);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            Verb.Warn(e.Message);
        }
    }

    private static void PrintCards(LabWorld world)
    {
        foreach (var (name, _, id, place) in world.State.Cards)
            Console.WriteLine($"Card {name}, {id}: {(place is null ? "on the shelf" : $"in {place}")}");
    }
}

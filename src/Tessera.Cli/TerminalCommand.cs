using System.CommandLine;
using Tessera.Cli.Terminals;
using Tessera.Terminal.Agents;
using Tessera.Toolkit;

namespace Tessera.Cli;

/// <summary><c>tessera terminal</c>: a terminal beside this PC.</summary>
internal static class TerminalCommand
{
    private const string Rich = "rich";
    private const string Text = "text";

    public static Command Create()
    {
        var command = new Command("terminal", "A terminal beside this PC, and the terminals of a server.")
        {
            Run(), RelayCommand.Create(),
        };
        foreach (var verb in AdmissionVerbs.All()) command.Add(verb);
        return command;
    }

    private static Command Run()
    {
        var folder = new Option<string>("--dir")
        {
            Description = "Key, certificate and journal of the terminal; made if it is not there.",
            HelpName = "dir",
            DefaultValueFactory = _ => Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".tessera", "terminal"),
        };
        var port = new Option<ushort>("--port")
        {
            Description = "Port of its own page on 127.0.0.1; 0 takes a free one.",
        };
        var relay = new Option<bool>("--relay")
        {
            Description = "A menu entry at its display lets the holder give the card to programs at the server (raw relay).",
        };
        var profile = new Option<string>("--profile")
        {
            Description = "A page with a keyboard, or two lines of text with keys.",
            DefaultValueFactory = _ => Rich,
        };
        profile.AcceptOnlyFromAmong(Rich, Text);
        var command = new Command(
            "run",
            "Run the scripts of a server beside the cards of a PC/SC reader, or a card in software, until Ctrl+C; "
            + "a connection that breaks comes back and goes on where it was. Examples: "
            + "tessera terminal run --reader NAME; --link serial:/dev/rfcomm0 --pin HEX "
            + "for a device with a telephone; --enrol --server HOST:PORT for one alone; "
            + "--link line --network 127.0.0.1:5060 for a device between a telephone and the network; "
            + "--link audio --in FIFO --out FIFO for one on a sound")
        {
            ServerAtHand.Option, RoadAtHand.LinkOption, RoadAtHand.PinOption, EnrolAtHand.Option,
            SerialAtHand.SpeedOption, SerialAtHand.HalfDuplexOption, folder, port, profile, relay,
        };
        foreach (var option in (Option[])[.. SlotAtHand.Options, .. LineAtHand.Options, .. PortsAtHand.Options])
            command.Add(option);
        command.Serves(async (parsed, cancel) =>
        {
            using var trace = TraceAtHand.Open(parsed);
            var openSlot = SlotAtHand.Of(parsed, trace);
            if (LineAtHand.IsNamed(parsed))
            {
                await LineAtHand.ServeAsync(
                    parsed, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(port), openSlot, cancel);
                return;
            }

            await using var ports = await PortsAtHand.OpenAsync(parsed, cancel);
            var (name, path) = (Environment.MachineName, Path.GetFullPath(parsed.GetRequiredValue(folder)));
            var shown = parsed.GetRequiredValue(profile) is Text ? TerminalProfile.TextOnly : TerminalProfile.Rich;
            var enrol = EnrolAtHand.Of(parsed, parsed.GetValue(port), () => PcAgent.ScreenOf(shown));
            using var road = await RoadAtHand.OpenAsync(parsed, path, enrol, cancel);
            await using (await openSlot(cancel))
            {
                // A reader that is not there is told before anything is made.
                await road.EnrolAsync(path, name, cancel);
            }

            var options = new PcAgentOptions
            {
                Name = name,
                Folder = path,
                Server = road.Server,
                Pin = road.Pin,
                Road = road.Road,
                Port = parsed.GetValue(port),
                Ports = ports.Ports,
                Profile = shown,
                OffersRelay = parsed.GetValue(relay),
            };

            await using var agent = await PcAgent.StartAsync(options, openSlot, cancel);
            Console.WriteLine($"Terminal {options.Name} is ready: {agent.Page}");
            await agent.Completion.WaitAsync(cancel);
        });
        return command;
    }
}

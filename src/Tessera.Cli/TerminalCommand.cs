using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Terminal.Agents;
using Tessera.Toolkit;

namespace Tessera.Cli;

/// <summary><c>tessera terminal</c>: a terminal beside this PC.</summary>
internal static class TerminalCommand
{
    private const string Rich = "rich";
    private const string Text = "text";

    public static Command Create() => new("terminal", "A terminal beside this PC.") { Run() };

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
        var profile = new Option<string>("--profile")
        {
            Description = "A page with a keyboard, or two lines of text with keys.",
            DefaultValueFactory = _ => Rich,
        };
        profile.AcceptOnlyFromAmong(Rich, Text);
        var command = new Command("run", "Run the scripts of a server beside the cards of a PC/SC reader until Ctrl+C.")
        {
            CardAtHand.ReaderOption, ServerAtHand.Option, folder, port, profile,
        };
        command.Serves(async (parsed, cancel) =>
        {
            using var host = ServerAtHand.Of(parsed);
            var (address, pin) = await host.LinkAsync(cancel);
            var options = new PcAgentOptions
            {
                Name = Environment.MachineName,
                Folder = Path.GetFullPath(parsed.GetRequiredValue(folder)),
                Server = address,
                Pin = pin,
                Port = parsed.GetValue(port),
                Profile = parsed.GetRequiredValue(profile) is Text ? TerminalProfile.TextOnly : TerminalProfile.Rich,
            };
            var reader = parsed.GetRequiredValue(CardAtHand.ReaderOption);
            await using (await OpenReaderAsync(reader, cancel))
            {
                // A reader that is not there is told before anything is made.
                await host.EnrolAsync(PcAgent.IdentityOf(options), options.Name, cancel);
            }

            await using var agent = await PcAgent.StartAsync(options, token => OpenReaderAsync(reader, token), cancel);
            Console.WriteLine($"Terminal {options.Name} is ready: {agent.Page}");
            await agent.Completion.WaitAsync(cancel);
        });
        return command;
    }

    private static async Task<ICardReader> OpenReaderAsync(string name, CancellationToken cancel)
    {
        await using var service = await PcscContext.EstablishAsync(cancel);
        return await service.OpenAsync(name, null, cancel);
    }
}

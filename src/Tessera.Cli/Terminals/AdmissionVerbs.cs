using System.CommandLine;

namespace Tessera.Cli.Terminals;

/// <summary>
/// <c>tessera terminal code|list|rename|withdraw</c>: who may connect to a server of this machine.
/// </summary>
internal static class AdmissionVerbs
{
    private static readonly Argument<string> Terminal = new("terminal")
    {
        Description = "The terminal, by the 16 digits that 'tessera terminal list' prints.",
    };

    public static IEnumerable<Command> All() => [Code(), List(), Rename(), Withdraw()];

    private static Command Code()
    {
        var command = new Command(
            "code",
            "Make a one-time code, good for a quarter of an hour, that one terminal is enrolled by. "
            + "Example: tessera terminal code --server http://127.0.0.1:5080")
        {
            ServerAtHand.Option, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            var code = await server.NewCodeAsync(cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { code = code.Code, until = code.Until });
            else Console.WriteLine($"{code.Code}  good once, until {code.Until.UtcDateTime:HH:mm:ss} UTC");
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command(
            "list", "Print the terminals of a server, one on a line. Example: tessera terminal list --json")
        {
            ServerAtHand.Option, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            var terminals = await server.TerminalsAsync(cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(terminals);
            else foreach (var one in terminals) Console.WriteLine($"{one.Terminal}  {StateOf(one),-18} {one.Name}");
        });
        return command;
    }

    private static Command Rename()
    {
        var name = new Argument<string>("name") { Description = "One line of at most 64 characters." };
        var command = new Command(
            "rename", "Give a terminal another name. Example: tessera terminal rename 0011223344556677 'Counter 3'")
        {
            Terminal, name, ServerAtHand.Option,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            await server.RenameAsync(parsed.GetRequiredValue(Terminal), parsed.GetRequiredValue(name), cancel);
        });
        return command;
    }

    private static Command Withdraw()
    {
        var command = new Command(
            "withdraw",
            "Refuse a terminal from now on and end its connection. Example: tessera terminal withdraw 0011223344556677")
        {
            Terminal, ServerAtHand.Option,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var server = ServerAtHand.Of(parsed);
            await server.WithdrawAsync(parsed.GetRequiredValue(Terminal), cancel);
        });
        return command;
    }

    private static string StateOf(ListedTerminal terminal) => terminal switch
    {
        { Enrolled: false } => "not enrolled",
        { Connected: true, Card: true } => "connected, card",
        { Connected: true } => "connected",
        _ => "not connected",
    };
}

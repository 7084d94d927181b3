using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary><c>tessera apdu</c>: commands to a card as octets, and its answers.</summary>
internal static class ApduCommand
{
    public static Command Create()
    {
        var apdus = new Argument<string[]>("hex")
        {
            Description = "C-APDUs, sent in order. Without any they are read from standard input, one on a line.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(
            "apdu", "Send C-APDUs to a card, chained where they are long, and print each whole R-APDU on a line.")
        {
            apdus,
        };
        foreach (var option in CardAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            List<CommandApdu> commands = [.. parsed.GetRequiredValue(apdus).Select(ReadArgument)];
            await using var card = await CardAtHand.OpenAsync(parsed, cancel);
            foreach (var one in commands) await SendAsync(card, one, cancel);
            if (commands.Count == 0) await SendLinesAsync(card, cancel);
        });
        return command;
    }

    private static async Task SendLinesAsync(CardAtHand card, CancellationToken cancel)
    {
        for (var number = 1; await Verb.ReadLineAsync(cancel) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line)) await SendAsync(card, Read(Name("line", number), line), cancel);
        }
    }

    private static async Task SendAsync(CardAtHand card, CommandApdu command, CancellationToken cancel) =>
        Console.WriteLine(Bytes.Of(await card.Channel.TransmitAsync(command, cancel)));

    /// <summary>Arguments are seen by every user of the machine, so they are no place for a PIN or a key.</summary>
    private static CommandApdu ReadArgument(string text, int index)
    {
        var name = Name("C-APDU", index + 1);
        var command = Read(name, text);
        return Secrets.AreIn(command)
            ? throw new FormatException($"{name}: a PIN or key does not belong into the arguments: use standard input.")
            : command;
    }

    /// <exception cref="FormatException">It is none; the error has its name and not its text.</exception>
    public static CommandApdu Read(string name, string text)
    {
        try
        {
            return Verb.Hex(name, text).Read<CommandApdu>();
        }
        catch (WireFormatException e)
        {
            throw new FormatException($"{name}: {e.Message}.", e);
        }
    }

    private static string Name(string what, int number) => $"{what} {number}";
}

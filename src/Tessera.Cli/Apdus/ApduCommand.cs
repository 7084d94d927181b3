using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cli.Apdus;

/// <summary><c>tessera apdu</c>: commands to a card, typed, from a script or as arguments, and its answers.</summary>
internal static class ApduCommand
{
    private static readonly string[] Words = [ApduLine.Reset, ApduLine.VerifyPin];

    private static readonly Argument<string[]> Apdus = new("hex")
    {
        Description = "C-APDUs, sent in order. Without any, and without a script, they are typed at a prompt that decodes them, "
            + "or read from standard input, one on a line.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Script = new("--script")
    {
        Description = "A file, one C-APDU on a line, => and the expected answer or status behind it (? any digit, * any "
            + "digits), # for remarks, 'reset', 'verify pin'; - for standard input. It ends at the first difference.",
        HelpName = "file",
    };

    public static Command Create()
    {
        var command = new Command(
            "apdu",
            "Send C-APDUs to a card, chained where they are long. Examples: tessera apdu --reader NAME; "
            + "--reader NAME '00A40400 09 F05445535345524102 00' 8060000000; --card card.img --script test.apdu --json")
        {
            Apdus, Script, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        List<CommandApdu> arguments = [.. parsed.GetRequiredValue(Apdus).Select(ReadArgument)];
        var script = parsed.GetValue(Script) is { } path ? await ApduLine.ReadAsync(path, Words, cancel) : null;
        if (script is not null && arguments.Count > 0) throw new FormatException("Name commands or a script, not both.");

        await using var card = await CardAtHand.OpenAsync(parsed, cancel);
        var session = new ApduSession(card);
        var isJson = parsed.GetValue(Verb.Json);
        if (script is not null) return await RunScriptAsync(session, script, isJson, cancel);
        foreach (var one in arguments) Print(session, await session.TransmitAsync(one, cancel), isJson);
        if (arguments.Count > 0) return 0;
        if (Console.IsInputRedirected || isJson) await SendLinesAsync(session, isJson, cancel);
        else await new ApduPrompt(session).RunAsync(cancel);
        return 0;
    }

    private static async Task<int> RunScriptAsync(
        ApduSession session, IReadOnlyList<ApduLine> script, bool isJson, CancellationToken cancel)
    {
        foreach (var line in script)
            if (await RunLineAsync(session, line, isJson, cancel) is { } answer && !line.Accepts(answer))
                return Verb.Fail(line.Difference(answer));
        return 0;
    }

    /// <summary>As they come, whatever the card answers.</summary>
    private static async Task SendLinesAsync(ApduSession session, bool isJson, CancellationToken cancel)
    {
        for (var number = 1; await Verb.ReadLineAsync(cancel) is { } text; number++)
            if (ApduLine.Parse(number, text, Words) is { } line) await RunLineAsync(session, line, isJson, cancel);
    }

    /// <returns>The answer to a command; null where it was a word.</returns>
    private static async Task<ResponseApdu?> RunLineAsync(
        ApduSession session, ApduLine line, bool isJson, CancellationToken cancel)
    {
        if (line.Command is { } command)
        {
            var answer = await session.TransmitAsync(command, cancel);
            Print(session, answer, isJson);
            return answer;
        }

        if (string.Equals(line.Text, ApduLine.Reset, StringComparison.Ordinal)) await session.ResetAsync(cancel);
        else await session.VerifyPinAsync(cancel);
        return null;
    }

    private static void Print(ApduSession session, ResponseApdu answer, bool isJson)
    {
        if (!isJson) Console.WriteLine(Bytes.Of(answer));
        else if (session.Last is TracedExchange { Answer: { } told, Command: var asked })
            Verb.PrintJson(new { command = asked, answer = told, status = answer.Status.ToString() });
    }

    /// <summary>Arguments are seen by every user of the machine, so they are no place for a PIN or a key.</summary>
    private static CommandApdu ReadArgument(string text, int index)
    {
        var name = $"C-APDU {index + 1}";
        var command = ApduLine.ReadCommand(name, text);
        return Secrets.AreIn(command)
            ? throw new FormatException($"{name}: a PIN or key does not belong into the arguments: use standard input.")
            : command;
    }
}

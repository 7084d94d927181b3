using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cli.Apdus;

/// <summary>The prompt of <c>tessera apdu</c>: what is typed is sent, and what is said is told in words.</summary>
internal sealed class ApduPrompt(ApduSession session)
{
    private const string Prompt = "apdu> ";
    private const string Atr = "atr";
    private const string Reader = "reader";
    private const string Help = "help";
    private const string Exit = "exit";

    private static readonly (string Word, string Meaning)[] Words =
    [
        (Help, "this"),
        (Reader, "the name of the reader"),
        (Atr, "the answer to reset"),
        (ApduLine.Reset, "resets the card"),
        (ApduLine.VerifyPin, "asks for the PIN, unseen, and has the card verify it"),
        (Exit, "ends, as Ctrl+D does"),
    ];

    private static readonly string[] Known = [.. Words.Select(one => one.Word)];

    public async Task RunAsync(CancellationToken cancel)
    {
        Greet();
        var history = ApduHistory.Open();
        var editor = new LineEditor(Prompt, history.Lines, Known);
        for (var number = 1; await editor.ReadAsync(cancel) is { } text; number++)
        {
            try
            {
                if (ApduLine.Parse(number, text, Known) is not { } line) continue;
                if (!line.IsSecret) history.Keep(line.Text);
                if (string.Equals(line.Text, Exit, StringComparison.Ordinal)) return;
                await RunAsync(line, cancel);
            }
            catch (ConnectionLostException lost)
            {
                Verb.Warn($"{lost.Message} Insert a card to go on, or press Ctrl+C.");
                await session.ReturnAsync(cancel);
                Greet();
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidDataException
                or CardStatusException or CardResetException)
            {
                Verb.Warn(e.Message);
            }
        }
    }

    private void Greet() =>
        Console.WriteLine($"Card in {session.Reader}, ATR {session.Atr}. 'help' tells what can be typed.");

    private async Task RunAsync(ApduLine line, CancellationToken cancel)
    {
        if (line.Command is { } command)
        {
            var answer = await session.TransmitAsync(command, cancel);
            Tell();
            if (line.Expected is not null && !line.Accepts(answer)) Verb.Warn(line.Difference(answer));
            return;
        }

        switch (line.Text)
        {
            case Help:
                Console.WriteLine("A C-APDU in hexadecimal digits, with => and what is expected behind it if wanted, or:");
                foreach (var (word, meaning) in Words) Console.WriteLine($"  {word,-12} {meaning}");
                break;
            case Reader:
                Console.WriteLine(session.Reader);
                break;
            case Atr:
                Console.WriteLine(session.Atr);
                break;
            case ApduLine.Reset:
                await session.ResetAsync(cancel);
                Tell();
                break;
            case ApduLine.VerifyPin:
                await session.VerifyPinAsync(cancel);
                Tell();
                break;
        }
    }

    private void Tell()
    {
        foreach (var line in TraceText.Lines(session.Last)) Console.WriteLine(line);
    }
}

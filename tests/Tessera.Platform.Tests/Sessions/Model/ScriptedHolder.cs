using System.Text;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>A person at a terminal who does what a test wrote down, and remembers what was shown.</summary>
internal sealed class ScriptedHolder
{
    private readonly Queue<string> _answers = new();

    /// <summary>Everything the terminal showed, in order.</summary>
    public List<string> Shown { get; } = [];

    /// <summary>Everything that came out of the printer, or was to.</summary>
    public List<Printout> Printed { get; } = [];

    /// <summary>How the printer does.</summary>
    public Func<StepOutcome> Printer { get; set; } = () => new PrinterAnswered(GeneralResult.Success);

    /// <summary>The card in the second reader of the terminal; null for none.</summary>
    public Func<CommandApdu, ResponseApdu>? SecondCard { get; set; }

    /// <summary>What is still to be answered.</summary>
    public int Left => _answers.Count;

    /// <summary>What the holder does about a text when nothing is written down.</summary>
    public Func<string, IReadOnlyList<string>, string>? Otherwise { get; set; }

    /// <summary>
    /// Labels of items, text to type, PINs, a finger in hexadecimal; <c>!cancel</c> and <c>!late</c> end a dialogue, and
    /// <c>!broken</c> says that the terminal cannot.
    /// </summary>
    public ScriptedHolder Does(params ReadOnlySpan<string> answers)
    {
        foreach (var answer in answers) _answers.Enqueue(answer);
        return this;
    }

    public StepOutcome Perform(Perform action)
    {
        var command = action.Command;
        if (command.Type is CommandType.PowerOnCard or CommandType.PerformCardApdu)
            return new HolderAnswered(OfSecondCard(command));
        Shown.Add(Text(command));
        if (command.Type == CommandType.DisplayText && action.Prompt is null)
            return _answers.TryPeek(out var next) && next is "!cancel at text" ? Ending(command, _answers.Dequeue()) : Done(command);

        if (!_answers.TryDequeue(out var answer))
            answer = Otherwise?.Invoke(command.Text ?? command.Alpha ?? "", [.. command.Items.Select(item => item.Text)]);
        Assert.True(answer is not null, $"Nobody answers: {Shown[^1]}");
        if (answer.StartsWith('!')) return Ending(command, answer);
        if (action.Prompt is { Kind: PromptKind.Finger }) return new HolderEntered(Convert.FromHexString(answer));
        if (action.Prompt is { IsHidden: true }) return new HolderEntered(Encoding.ASCII.GetBytes(answer));
        return new HolderAnswered(command.Type switch
        {
            CommandType.SelectItem => TerminalResponse.Chosen(command, Item(command, answer)),
            CommandType.GetInkey => TerminalResponse.Decided(command, answer is "yes"),
            CommandType.DisplayText => TerminalResponse.To(command, GeneralResult.Success),
            _ => TerminalResponse.Entered(command, answer),
        });
    }

    public StepOutcome Print(Printout content)
    {
        Printed.Add(content);
        return Printer();
    }

    private TerminalResponse OfSecondCard(ProactiveCommand command) => SecondCard is not { } card
        ? AdditionalReader.Failed(command, ReaderProblem.NoCard)
        : command.CardCommand() is { } apdu
            ? AdditionalReader.Answered(command, card(apdu))
            : AdditionalReader.PoweredOn(command, Bytes.FromHex("3B00"));

    private static byte Item(ProactiveCommand command, string label)
    {
        Assert.Contains(command.Items, item => string.Equals(item.Text, label, StringComparison.Ordinal));
        return command.Items.First(item => string.Equals(item.Text, label, StringComparison.Ordinal)).Identifier;
    }

    private static string Text(ProactiveCommand command) => command.Type == CommandType.SelectItem
        ? $"{command.Alpha} [{string.Join(" | ", command.Items.Select(item => item.Text))}]"
        : command.Text ?? "";

    private static HolderAnswered Done(ProactiveCommand command) =>
        new(TerminalResponse.To(command, GeneralResult.Success));

    private static HolderAnswered Ending(ProactiveCommand command, string answer) => new(TerminalResponse.To(command,
        answer switch
        {
            "!late" => GeneralResult.NoResponseFromUser,
            "!broken" => GeneralResult.BeyondCapabilities,
            _ => GeneralResult.SessionTerminatedByUser,
        }));
}

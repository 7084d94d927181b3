using System.Text;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>
/// Plays a script against a card and a holder of the test's own, and has a server check every answer.
/// </summary>
internal sealed class Stage
{
    public static readonly Bytes Server = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    public const ushort Euro = 0x0978;

    /// <summary>FCI of a purse in euro (docs/protocols/purse.md §1).</summary>
    public static readonly Bytes PurseTemplate = Bytes.FromHex(
        "6F27 8409 F05445535345524101 A51A C00101 C1080123456789ABCDEF C2020978 C30101 C40400002710");

    public TerminalRules Rules { get; set; } = TerminalRules.ForTerminal(Server, TerminalProfile.Rich);

    public CardSituation Situation { get; set; } = CardSituation.Sim(Euro, initializeInForce: false);

    /// <summary>The card: 9000 to everything, but a template to SELECT and a receipt to MOVE.</summary>
    public Func<CommandApdu, StepOutcome> Card { get; set; } = command => Answer(command.Ins switch
    {
        0xA4 => $"{PurseTemplate} 9000",
        0x54 => "00000D7A 00000007 5353535353535353 9000",
        _ => "9000",
    });

    /// <summary>The holder: the first item, PIN 123456, yes, 1250.</summary>
    public Func<Perform, StepOutcome> Holder { get; set; } = Agree;

    /// <summary>The printer: all is on paper.</summary>
    public Func<Print, StepOutcome> Printer { get; set; } = _ => new PrinterAnswered(GeneralResult.Success);

    public List<Printout> Printed { get; } = [];

    /// <summary>Commands in hex, as they were when sent.</summary>
    public List<string> Sent { get; } = [];

    public List<Perform> Shown { get; } = [];

    public ScriptTrace? Trace { get; private set; }

    public bool InitializeInForce { get; private set; }

    public IEnumerable<Prompt> Prompts => Shown.Select(perform => perform.Prompt).OfType<Prompt>();

    public string[] Texts => [.. Shown.Select(perform => perform.Command.Text ?? "")];

    public static StepOutcome Answer(string hex) => new CardAnswered(Bytes.FromHex(hex).Read<ResponseApdu>());

    public static StepOutcome Agree(Perform perform) => perform switch
    {
        { Prompt.Kind: PromptKind.Puk } => Typed("12345678"),
        { Prompt.IsHidden: true } => Typed("123456"),
        { Prompt.Kind: PromptKind.Amount } => Entered(perform, "1250"),
        { Command.IsYesNo: true } => new HolderAnswered(TerminalResponse.Decided(perform.Command, yes: true)),
        { Command.Type: CommandType.SelectItem } => Chosen(perform, 1),
        { Command.Type: CommandType.GetInput or CommandType.GetInkey } => Entered(perform, "Ann"),
        _ => Result(perform, GeneralResult.Success),
    };

    public static HolderEntered Typed(string digits) => new(Encoding.ASCII.GetBytes(digits));

    public static HolderAnswered Entered(Perform perform, string text) =>
        new(TerminalResponse.Entered(perform.Command, text));

    public static HolderAnswered Chosen(Perform perform, byte item) =>
        new(TerminalResponse.Chosen(perform.Command, item));

    public static HolderAnswered Result(Perform perform, GeneralResult result) =>
        new(TerminalResponse.To(perform.Command, result));

    public ResponseScript Play(ScriptBuilder script) => Play(script.Build(0x2A, 1));

    public ResponseScript Play(CommandScript script) => Run(script).Answer.Read<ResponseScript>();

    public Done Run(ScriptBuilder script) => Run(script.Build(0x2A, 1));

    public Done Run(CommandScript script)
    {
        using var interpreter = new ScriptInterpreter(script, Rules, Situation);
        StepOutcome? outcome = null;
        while (true)
        {
            Assert.True(Sent.Count + Shown.Count < 1000, "The script does not end.");
            switch (interpreter.Next(outcome))
            {
                case Transmit transmit:
                    Sent.Add(Bytes.Of(transmit.Command).ToString());
                    outcome = Card(transmit.Command);
                    break;

                case Perform perform:
                    Shown.Add(perform);
                    outcome = Holder(perform);
                    break;

                case Print print:
                    Printed.Add(print.Content);
                    outcome = Printer(print);
                    break;

                case Done done:
                    (Trace, InitializeInForce) = (interpreter.Trace, done.InitializeInForce);
                    CheckAtServer(script, done.Answer);
                    return done;
            }
        }
    }

    public void Stops(ScriptBuilder script, StopReason reason, byte step)
    {
        Assert.Equal(new Stopped(reason, step), Play(script).Stopped);
    }

    /// <summary>The server, which knows script, answer and rules only, comes to the same digest and payments.</summary>
    private void CheckAtServer(CommandScript script, Bytes answer)
    {
        var replayed = ScriptReplay.Trace(script, answer, Rules, Situation);

        Assert.Equal(Trace!.Stop, replayed.Stop);
        if (replayed.Stop?.Reason == StopReason.Limit) return;
        if (replayed.Payments.Count > Trace.Payments.Count)
        {
            // A card that is lost while a payment is confirmed may have got its MOVE, for all a server can know.
            Assert.True(replayed.Stop?.Reason is StopReason.CardLost or StopReason.Interrupted);
            Assert.Equal(replayed.Stop!.Step, replayed.Payments[^1].Ordinal);
            return;
        }

        Assert.Equal(Trace.Digest, replayed.Digest);
        Assert.Equal(Trace.Payments, replayed.Payments);
        Assert.Equal(Trace.Steps, replayed.Steps);
    }
}

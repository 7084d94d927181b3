using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>Puts a script together step by step and tells the ordinal by which the answer names each.</summary>
public sealed class ScriptBuilder
{
    private const byte MoveDigestLength = 8;

    private readonly List<ScriptStep> _steps = [];
    private readonly Ordinals _ordinals;

    public ScriptBuilder() : this(new Ordinals()) { }

    private ScriptBuilder(Ordinals ordinals) => _ordinals = ordinals;

    /// <summary>Adds a step as it is.</summary>
    public ScriptBuilder Add(ScriptStep step, out byte ordinal)
    {
        ordinal = _ordinals.Next();
        _steps.Add(step);
        return this;
    }

    public ScriptBuilder Add(ScriptStep step) => Add(step, out _);

    /// <summary>A command for the card, with whatever the modifiers before it add.</summary>
    public ScriptBuilder Send(CommandApdu command, out byte ordinal) => Add(new CardStep(command), out ordinal);

    public ScriptBuilder Send(CommandApdu command) => Send(command, out _);

    /// <summary>A proactive command, in its short form where it has one.</summary>
    public ScriptBuilder Perform(ProactiveCommand command, out byte ordinal) =>
        Add(ToolkitStep.Of(command), out ordinal);

    public ScriptBuilder Perform(ProactiveCommand command) => Perform(command, out _);

    /// <summary>The statuses that let the script go on after the next command for the card.</summary>
    public ScriptBuilder Expect(params ReadOnlySpan<StatusWord> statuses) =>
        Add(new ExpectStep(statuses.ToArray().Select(status => new ExpectedStatus(status)).ToSequence()));

    /// <summary>Whatever the card answers to the next command, the script goes on.</summary>
    public ScriptBuilder ExpectAnything() => Add(new ExpectStep([new ExpectedStatus(default, Mask: 0)]));

    public ScriptBuilder Pick(byte offset, params ReadOnlySpan<Bytes> operands) =>
        Add(new PickStep(offset, Sequence.Of(operands)));

    public ScriptBuilder ShowList(byte id, ushort version, out byte ordinal) =>
        Add(new CachedListStep(id, version), out ordinal);

    /// <summary>A list that the card keeps from here on.</summary>
    public ScriptBuilder KeepList(byte id, ushort version, ProactiveCommand list, out byte ordinal) =>
        Add(new CachedListStep(id, version, list), out ordinal);

    public ScriptBuilder Sign(
        byte keyReference, SignatureAlgorithm algorithm, out byte ordinal, Bytes nonce = default) =>
        Add(new SignStep(keyReference, algorithm, nonce), out ordinal);

    /// <summary>Lines for the printer, and with them the payment that the script made.</summary>
    public ScriptBuilder Print(string text, bool withPayment, out byte ordinal) =>
        Add(PrintStep.Of(text, withPayment), out ordinal);

    public ScriptBuilder Print(string text, bool withPayment = false) => Print(text, withPayment, out _);

    /// <summary>VERIFY with the PIN that the holder enters.</summary>
    public ScriptBuilder VerifyPin(out byte ordinal) => Add(InputStep.Pin()).Send(PinCommands.Status, out ordinal);

    public ScriptBuilder VerifyPin() => VerifyPin(out _);

    /// <summary>VERIFY with the finger that the holder lays on the terminal, which must have a reader for it.</summary>
    public ScriptBuilder VerifyFinger(out byte ordinal) =>
        Add(InputStep.Finger).Send(FingerCommands.Status, out ordinal);

    public ScriptBuilder VerifyFinger() => VerifyFinger(out _);

    /// <summary>CHANGE REFERENCE DATA with the PIN and the new PIN that the holder enters.</summary>
    public ScriptBuilder ChangePin(out byte ordinal) =>
        Add(InputStep.Pin()).Add(InputStep.NewPin()).Send(PinCommands.Status with { Ins = 0x24 }, out ordinal);

    /// <summary>RESET RETRY COUNTER with the PUK and the new PIN that the holder enters.</summary>
    public ScriptBuilder UnblockPin(out byte ordinal) =>
        Add(InputStep.Puk()).Add(InputStep.NewPin()).Send(PinCommands.Status with { Ins = 0x2C }, out ordinal);

    /// <summary>A MOVE, with the digest as its last eight octets after whatever the modifiers before it add.</summary>
    public ScriptBuilder Move(CommandApdu move, out byte ordinal)
    {
        var added = Enumerable.Reverse(_steps).TakeWhile(step => step.IsModifier).Sum(step => step.InsertedLength);
        return Add(new ShownDigestStep((byte)(move.Data.Length + added), MoveDigestLength)).Send(move, out ordinal);
    }

    /// <summary>One list of steps for each item of the last SELECT ITEM.</summary>
    public ScriptBuilder Branch(params IReadOnlyList<Action<ScriptBuilder>> branches)
    {
        _ordinals.Next();
        var lists = new List<Sequence<ScriptStep>>();
        foreach (var branch in branches)
        {
            var inner = new ScriptBuilder(_ordinals);
            branch(inner);
            lists.Add(inner._steps.ToSequence());
        }

        _steps.Add(new BranchStep(lists.ToSequence()));
        return this;
    }

    /// <exception cref="InvalidOperationException">The steps break a rule of the format, which is named.</exception>
    public CommandScript Build(ushort session, byte number)
    {
        var script = new CommandScript(session, number, _steps.ToSequence());
        try
        {
            return Bytes.Of(script).Read<CommandScript>() == script
                ? script
                : throw new InvalidOperationException("A step has a value that its octets cannot hold.");
        }
        catch (ScriptFormatException bad)
        {
            throw new InvalidOperationException(bad.Message, bad);
        }
    }

    private sealed class Ordinals
    {
        private byte _last;

        public byte Next() => _last == byte.MaxValue ? _last : ++_last;
    }
}

using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>What came of a script, step by step.</summary>
internal sealed class ScriptReading
{
    private readonly CommandScript _script;
    private readonly ScriptTrace _trace;

    private ScriptReading(CommandScript script, ScriptTrace trace, Exchange exchange, CardSituation before) =>
        (_script, _trace, Exchange, Before) = (script, trace, exchange, before);

    /// <summary>The octets that it is read from.</summary>
    public Exchange Exchange { get; }

    /// <summary>How the script found the card.</summary>
    public CardSituation Before { get; }

    /// <summary>Why the script stopped; null where it came to its end.</summary>
    public StopReason? Stop => _trace.Stop?.Reason;

    /// <summary>It came to the step of that ordinal.</summary>
    public bool CameTo(int ordinal) => _trace.Stop is not { Step: var stopped } || stopped >= ordinal;

    /// <summary>The same up to a step: a stop behind it is no matter of those before.</summary>
    public ScriptReading UpTo(int ordinal) => _trace.Stop is { Step: var stopped } && stopped > ordinal
        ? new ScriptReading(_script, _trace with { Stop = null }, Exchange, Before)
        : this;

    /// <summary>It stopped where the card was to compare a finger of its holder, before or behind the comparison.</summary>
    public bool StoppedAtFinger => _trace.Stop is { Step: var ordinal } &&
        _script.Numbered().FirstOrDefault(numbered => numbered.Ordinal == ordinal).Step
            is InputStep { Source: InputSource.Finger } or CardStep { Command.Ins: FingerCommands.Verify }
            or CardStep { Command: { Ins: 0x20, P2: PivCommands.PrimaryFinger } };

    /// <summary>No script will ever run at this insertion again.</summary>
    public bool IsOver => Stop is StopReason.CardLost or StopReason.SessionNotOpen or StopReason.NumberUsed;

    /// <summary>The status the card answered last.</summary>
    public StatusWord LastStatus => Commands.LastOrDefault()?.Answer.Status ?? StatusWord.NoPreciseDiagnosis;

    /// <summary>The last INITIALIZE of the script.</summary>
    public TracedCommand? LastInitialize => Commands.LastOrDefault(IsInitialize);

    /// <summary>What the card was asked to sign with that key, the last time; null where it was not.</summary>
    public TracedSignature? SignatureOf(byte key) =>
        _trace.Signatures.LastOrDefault(signed => signed.Step.KeyReference == key);

    /// <summary>The last READ of the data store.</summary>
    public TracedCommand? LastRead => Commands.LastOrDefault(one => one.Command is { Cla: 0x80, Ins: 0x62 });

    /// <summary>The MOVE that the card carried out; null where it carried out none.</summary>
    public TracedCommand? Moved => Commands.LastOrDefault(
        one => one is { Command: { Cla: 0x80, Ins: 0x54 }, Answer.Status.IsSuccess: true });

    /// <summary>Lists that were told to be kept, on the way that the script took.</summary>
    public IEnumerable<ListVersion> ToldLists => _script.Numbered()
        .Where(numbered => _trace.Dialogue(numbered.Ordinal) is not null)
        .Select(numbered => numbered.Step).OfType<CachedListStep>()
        .Where(list => list.Whole is not null).Select(list => list.Name);

    private IEnumerable<TracedCommand> Commands => _trace.Steps.OfType<TracedCommand>();

    /// <exception cref="WireFormatException">The answer is none to that script.</exception>
    public static ScriptReading Of(Exchange exchange, TerminalRules rules, CardSituation card)
    {
        var script = exchange.Sent.Read<CommandScript>();
        return new ScriptReading(script, ScriptReplay.Trace(script, exchange.Answer, rules, card), exchange, card);
    }

    /// <summary>The step was carried out, and well.</summary>
    public bool Did(byte ordinal) =>
        _trace.Answer(ordinal)?.Status.IsSuccess ?? _trace.Dialogue(ordinal)?.Result.Result.IsDone() ?? false;

    /// <summary>The terminal has said how that step ended, be it badly.</summary>
    public bool Tried(byte ordinal) => _trace.Dialogue(ordinal) is not null;

    /// <summary>The place of the item chosen at that step, from 0.</summary>
    public int? Chosen(byte ordinal) => _trace.Choice(ordinal) - 1;

    public string? Text(byte ordinal) => _trace.Text(ordinal);

    /// <summary>What the second card answered, the last time at that step and the others directly before.</summary>
    /// <exception cref="WireFormatException">The terminal told no answer.</exception>
    public ResponseApdu[] SecondCard(byte ordinal, int count) =>
    [
        .. Enumerable.Range(ordinal - count + 1, count).Select(step =>
            _trace.Dialogue((byte)step)?.Result.Objects.Find(ObjectTag.RApdu)?.Read<ResponseApdu>()
            ?? throw new WireFormatException("answer", 0, $"has no answer of the second card at step {step}")),
    ];

    public ResponseApdu Answer(byte ordinal) => _trace.Answer(ordinal)!;

    /// <summary>What the card answered to a command that went to it as it is.</summary>
    public ResponseApdu? Answer(CommandApdu command) => Commands.FirstOrDefault(one => one.Command == command)?.Answer;

    /// <summary>What the holder confirmed to pay by the MOVE of that step; null where it pays nothing.</summary>
    public string? Item(byte ordinal) =>
        _trace.Payments.FirstOrDefault(payment => payment.Ordinal == ordinal)?.Payment.Item;

    /// <summary>What the holder entered for a verifier at that step, encrypted.</summary>
    public TracedEntry Entry(byte ordinal) => _trace.Entries.First(entry => entry.Ordinal == ordinal);

    /// <summary>The digest that went into the MOVE of that step.</summary>
    public Bytes Digest(byte ordinal) => new(_trace.Command(ordinal)!.Data.Memory[^PurseMac.DigestLength..]);

    private static bool IsInitialize(TracedCommand one) => one.Command is { Cla: 0x80, Ins: 0x50 };
}

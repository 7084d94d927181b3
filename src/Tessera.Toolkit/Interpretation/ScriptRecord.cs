using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What came of a script so far: the answer that grows, the digest over it, the trace.</summary>
internal sealed class ScriptRecord(TerminalRules rules, ScriptHead head)
{
    /// <summary>Octets that one result may take: the answer to a short command, or 255 characters.</summary>
    public const int OneResult = 300;

    private const int Frame = 4 + 2 + ScriptHead.Length + 3 + 4;

    private readonly List<ScriptResult> _results = [];
    private readonly List<TracedStep> _steps = [];
    private readonly List<TracedPayment> _payments = [];
    private readonly List<TracedSignature> _signatures = [];
    private readonly List<TracedEntry> _entries = [];
    private int _executed;
    private int _room = rules.MaxAnswer - Frame;

    public ScriptHead Head => head;

    public ScriptDigest Digest { get; } = new(rules.Server, head);

    public Stopped? Stop { get; private set; }

    /// <summary>The first reason stays.</summary>
    public void StopAt(StopReason reason, byte step) => Stop ??= new Stopped(reason, step);

    public bool HasRoom(int octets) => _room >= octets;

    /// <summary>A command and its answer; false where the answer has no room.</summary>
    public bool Sent(byte step, CommandApdu command, ResponseApdu answer)
    {
        Digest.Sent(command, answer);
        return Took(step, command, answer);
    }

    /// <summary>A command that carried a PIN: the header and the status are all that is kept.</summary>
    public bool SentPin(byte step, CommandApdu command, StatusWord status)
    {
        Digest.SentPin(command, status);
        return Took(step, command with { Data = Bytes.Empty }, new ResponseApdu(status));
    }

    /// <summary>A proactive command and what came of it; false where that has no room.</summary>
    public bool Performed(ProactiveCommand command, ToolkitResult result, int? choice)
    {
        Digest.Performed(command, result);
        _steps.Add(new TracedDialogue(result.Step, command, result, choice));
        return result.IsSilent || Add(result);
    }

    /// <summary>Lines for the printer and how that ended; false where that has no room.</summary>
    public bool Printed(PrintStep print, ToolkitResult result)
    {
        Digest.Printed(print, result);
        _steps.Add(new TracedDialogue(result.Step, null, result, null));
        return result.IsSilent || Add(result);
    }

    /// <summary>What was entered for a verifier, encrypted; false where it has no room.</summary>
    public bool Sealed(SealedStep step, VerificationStatement statement, ToolkitResult result)
    {
        Digest.Sealed(step, result);
        _steps.Add(new TracedDialogue(result.Step, null, result, null));
        _entries.Add(new TracedEntry(result.Step, statement, result.Objects.Find(ObjectTag.SealedEntry)!.Value));
        return Add(result);
    }

    /// <summary>A visible input of the terminal's own; false where it has no room.</summary>
    public bool Entered(ToolkitResult result)
    {
        Digest.Entered(result);
        _steps.Add(new TracedDialogue(result.Step, null, result, null));
        return Add(result);
    }

    public void Confirmed(Payment payment) => Digest.Confirmed(payment);

    /// <summary>The MOVE of the payment just confirmed, as it goes to the card.</summary>
    public void Paying(byte step, Payment payment, CommandApdu move) =>
        _payments.Add(new TracedPayment(step, payment, Digest.Current, move, null));

    /// <summary>What the card is about to be asked to sign.</summary>
    /// <returns>The statement.</returns>
    public Bytes Signing(byte step, SignStep sign)
    {
        var signing = new TracedSignature(step, sign, Digest.Record, Digest.Statement(sign.Nonce), null);
        _signatures.Add(signing);
        return signing.Statement;
    }

    public Bytes Answer() => Bytes.Of(new ResponseScript(head, _executed, _results.ToSequence(), Stop));

    public ScriptTrace Trace() =>
        new(_steps.ToSequence(), _payments.Select(Paid).ToSequence(), Digest.Current, Stop)
        {
            Entries = _entries.ToSequence(),
            Signatures = _signatures.Select(one => one with { Answer = AnswerTo(one.Ordinal) }).ToSequence(),
        };

    private TracedPayment Paid(TracedPayment payment) => payment with { Answer = AnswerTo(payment.Ordinal) };

    private ResponseApdu? AnswerTo(byte ordinal) =>
        _steps.OfType<TracedCommand>().LastOrDefault(step => step.Ordinal == ordinal)?.Answer;

    private bool Took(byte step, CommandApdu command, ResponseApdu answer)
    {
        _executed++;
        _steps.Add(new TracedCommand(step, command, answer));
        return Add(new CardResult(answer));
    }

    private bool Add(ScriptResult result)
    {
        var length = Bytes.Of(output => result.Write(new ByteWriter(output))).Length;
        if (!HasRoom(length)) return false;

        _room -= length;
        _results.Add(result);
        return true;
    }
}

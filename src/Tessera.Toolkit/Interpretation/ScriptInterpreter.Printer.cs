using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What goes to the printer; it never stands in the way of anything (docs/protocols/script.md §6.9).</summary>
public sealed partial class ScriptInterpreter
{
    private CardId? _card;

    /// <summary>The payment made last.</summary>
    private PaymentSlip? _slip;

    private IEnumerable<ScriptAction> RunPrint(PrintStep step, byte ordinal)
    {
        var lines = Lines(step);
        if (step.Text.Length > PrintStep.MaxText || lines.Count > PrintStep.MaxLines ||
            !_record.HasRoom(ScriptRecord.OneResult))
        {
            _record.StopAt(StopReason.Limit, ordinal);
            yield break;
        }

        var result = !_rules.Profile.HasPrinter ? GeneralResult.BeyondCapabilities
            : step.WithPayment && _slip is null ? GeneralResult.MissingValues
            : GeneralResult.Success;
        if (result.IsDone())
        {
            yield return new Print(new Printout(step.WithPayment ? _slip : null, lines));
            if (_outcome is not PrinterAnswered printed)
            {
                _record.StopAt(EndOf(_outcome) ?? StopReason.Interrupted, ordinal);
                yield break;
            }

            result = printed.Result;
        }

        if (!_record.Printed(step, new ToolkitResult(ordinal, result, []))) _record.StopAt(StopReason.Limit, ordinal);
    }

    private static Sequence<string> Lines(PrintStep step) =>
        step.TextString.Length == 0 ? [] : step.Text.Split('\n').Select(OneLine.Cleaned).ToSequence();

    /// <summary>The MOVE that the holder confirmed was answered with 9000.</summary>
    private void Paid(Bytes receipt)
    {
        if (_confirmed is not { } payment) return;
        try
        {
            _slip = new PaymentSlip(payment, _card, receipt.Read<PurseReceipt>(), _rules.Wording);
        }
        catch (WireFormatException)
        {
            _slip = null;
        }
    }
}

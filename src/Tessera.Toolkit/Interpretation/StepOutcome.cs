using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What came of an action of the interpreter.</summary>
public abstract class StepOutcome
{
    private protected StepOutcome() { }

    /// <summary>The card or its reader is gone, or did not answer in time.</summary>
    public static StepOutcome CardLost { get; } = new CardLostOutcome();

    /// <summary>The terminal itself must end the script, whatever it waits for.</summary>
    public static StepOutcome Interrupted { get; } = new InterruptedOutcome();

    private sealed class CardLostOutcome : StepOutcome;

    private sealed class InterruptedOutcome : StepOutcome;
}

/// <summary>The card's answer to a <see cref="Transmit"/>.</summary>
public sealed class CardAnswered(ResponseApdu answer) : StepOutcome
{
    public ResponseApdu Answer { get; } = answer;
}

/// <summary>The terminal's response to a <see cref="Perform"/>, but for a hidden input that was entered.</summary>
public sealed class HolderAnswered(TerminalResponse response) : StepOutcome
{
    public TerminalResponse Response { get; } = response;
}

/// <summary>How a <see cref="Print"/> ended.</summary>
/// <param name="result">
/// <see cref="GeneralResult.Success"/> where all is on paper; <see cref="GeneralResult.TerminalBusy"/> where the printer
/// cannot now: no paper, open, out of order.
/// </param>
public sealed class PrinterAnswered(GeneralResult result) : StepOutcome
{
    public GeneralResult Result { get; } = result;
}

/// <summary>
/// The PINs of a <see cref="Perform"/> were typed at the keypad of the card's reader, which has sent them to the card.
/// </summary>
/// <param name="answer">What the card said.</param>
public sealed class ReaderAnswered(ResponseApdu answer) : StepOutcome
{
    public ResponseApdu Answer { get; } = answer;
}

/// <summary>
/// What the holder typed hidden, one ASCII digit an octet, or the template of their finger; the interpreter zeroes it.
/// </summary>
/// <param name="octets">Owned by the interpreter from here on.</param>
public sealed class HolderEntered(byte[] octets) : StepOutcome, IDisposable
{
    internal ReadOnlySpan<byte> Octets => octets;

    public void Dispose() => CryptographicOperations.ZeroMemory(octets);

    /// <summary>Encrypts it for a verifier; it is zero afterwards.</summary>
    /// <param name="asked">The prompt that wanted it for one.</param>
    public StepOutcome Seal(Perform asked, VerifierKey verifier)
    {
        using (this)
        {
            var entry = SealedEntry.Seal(verifier, asked.Prompt!.Statement!, octets);
            return new HolderAnswered(entry is null
                ? TerminalResponse.To(asked.Command, GeneralResult.BeyondCapabilities)
                : TerminalResponse.To(
                    asked.Command, GeneralResult.Success, ComprehensionTlv.Of(ObjectTag.SealedEntry, entry.Value.Span)));
        }
    }

    public override string ToString() => nameof(HolderEntered);
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What the terminal itself asks of the holder (docs/protocols/script.md §1, §6.2).</summary>
public sealed partial class ScriptInterpreter
{
    private const byte PinPadding = 0xFF;

    /// <summary>What the card said to the command that its reader has sent; it is not sent again.</summary>
    private ResponseApdu? _saidToReader;

    /// <summary>Visible inputs by the ordinal of their step, for an amount is asked before its turn.</summary>
    private readonly Dictionary<byte, Bytes> _entered = [];

    /// <summary>
    /// Performs a prompt of the terminal's own; the script stops where the holder does not answer it.
    /// </summary>
    private IEnumerable<ScriptAction> Ask(Perform prompt, byte ordinal)
    {
        At = ordinal;
        yield return prompt;
        if (EndOf(_outcome) is { } reason) _record.StopAt(reason, ordinal);
    }

    /// <summary>
    /// The holder's answer to a question for a yes or a no; where only a text can be shown, clearing it is a yes.
    /// </summary>
    private bool SaidYes() => _outcome is HolderAnswered { Response: var response } &&
        (response.Type == CommandType.GetInkey ? response.IsYes : response.Result == GeneralResult.Success);

    /// <summary>Fills a block of 8 octets with a PIN, new PIN or PUK.</summary>
    private IEnumerable<ScriptAction> AskHidden(CardUnit unit, NumberedModifier modifier, byte[] block)
    {
        var input = (InputStep)modifier.Step;
        return input.Source switch
        {
            InputSource.NewPin => AskTwice(modifier, block),
            InputSource.Puk => AskOnce(PromptKind.Puk, modifier, block),
            _ => AskOnce(PromptKind.Pin, modifier, block, PlaceOf(unit)),
        };
    }

    /// <summary>
    /// What a keypad of the reader may send in place of us: a VERIFY or a change of the PIN that we would send now, and
    /// nothing else. A reader knows one pair of bounds for all that is typed, so what has two is typed here.
    /// </summary>
    private PinPlace? PlaceOf(CardUnit unit)
    {
        Between[] digits = [.. unit.Inserting.OfType<InputStep>().Select(PinRule.Digits).Distinct()];
        return PinRule.PlaceOf(unit.Step.Command) is { } place && digits is [var bounds] &&
            IsAllowed(place.Command) && _record.HasRoom(ScriptRecord.OneResult)
            ? place with { LeastDigits = (byte)bounds.Least, MostDigits = (byte)bounds.Most }
            : null;
    }

    private IEnumerable<ScriptAction> AskOnce(
        PromptKind kind, NumberedModifier modifier, byte[] block, PinPlace? place = null)
    {
        var digits = PinRule.Digits((InputStep)modifier.Step);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var announced = kind == PromptKind.Pin ? _announced : null;
            var prompt = _prompts.Hidden(
                kind, digits, announced?.Payment, announced?.Reason, kind == PromptKind.Pin && _signatureNext, place, _triesLeft);
            foreach (var action in Ask(prompt, modifier.Ordinal)) yield return action;
            if (_outcome is ReaderAnswered said) _saidToReader = said.Answer;
            if (_outcome is not HolderEntered entered) yield break;

            var filled = TryFill(entered.Octets, digits, block);
            entered.Dispose();
            if (filled) yield break;
        }

        _record.StopAt(StopReason.NotCapable, modifier.Ordinal);
    }

    /// <summary>A reader that makes no template of a finger is one that cannot be used.</summary>
    private IEnumerable<ScriptAction> AskFinger(NumberedModifier modifier)
    {
        var prompt = _prompts.Finger(_announced?.Payment, _announced?.Reason, _signatureNext);
        foreach (var action in Ask(prompt, modifier.Ordinal)) yield return action;
        if (_record.Stop is null && !IsTemplate(_outcome)) _record.StopAt(StopReason.NotCapable, modifier.Ordinal);
    }

    private static bool IsTemplate(StepOutcome? outcome)
    {
        if (outcome is not HolderEntered { Octets: var octets }) return false;
        try
        {
            var reader = new ByteReader(octets);
            using var template = FingerTemplate.Read(ref reader);
            return reader.Remaining == 0;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private IEnumerable<ScriptAction> AskTwice(NumberedModifier modifier, byte[] block)
    {
        var again = new byte[block.Length];
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                foreach (var action in AskOnce(PromptKind.NewPin, modifier, block)) yield return action;
                if (_record.Stop is not null) yield break;
                foreach (var action in AskOnce(PromptKind.RepeatNewPin, modifier, again)) yield return action;
                if (_record.Stop is not null || CryptographicOperations.FixedTimeEquals(block, again)) yield break;
            }

            _record.StopAt(StopReason.EndedByHolder, modifier.Ordinal);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(again);
        }
    }

    private static bool TryFill(ReadOnlySpan<byte> entered, Between digits, byte[] block)
    {
        if (!digits.Has(entered.Length) || entered.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        block.AsSpan().Fill(PinPadding);
        entered.CopyTo(block);
        return true;
    }

    /// <summary>Asks for an amount or a text, once for each step, and keeps its octets.</summary>
    private IEnumerable<ScriptAction> AskVisible(NumberedModifier modifier, uint maxAmount)
    {
        var input = (InputStep)modifier.Step;
        if (!_record.HasRoom(ScriptRecord.OneResult)) _record.StopAt(StopReason.Limit, modifier.Ordinal);
        if (_record.Stop is not null) yield break;
        for (var attempt = 0; attempt < Attempts && !_entered.ContainsKey(modifier.Ordinal); attempt++)
        {
            var prompt = input.Source == InputSource.Amount
                ? _prompts.Amount(input, _currency, maxAmount)
                : _prompts.Text(input);
            foreach (var action in Ask(prompt, modifier.Ordinal)) yield return action;
            if (_record.Stop is not null) yield break;
            if (Typed() is { } text && Encoded(input, text, maxAmount) is { } octets)
                Keep(modifier.Ordinal, text, octets);
        }

        if (!_entered.ContainsKey(modifier.Ordinal)) _record.StopAt(StopReason.NotCapable, modifier.Ordinal);
    }

    private void Keep(byte ordinal, string text, Bytes octets)
    {
        _entered[ordinal] = octets;
        var result = new ToolkitResult(
            ordinal, GeneralResult.Success, [ComprehensionTlv.Of(ObjectTag.TextString, TextString.Encode(text).Span)]);
        if (!_record.Entered(result)) _record.StopAt(StopReason.Limit, ordinal);
    }

    private string? Typed()
    {
        try
        {
            return (_outcome as HolderAnswered)?.Response.Text;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>What goes into the command, or null where the step does not allow it.</summary>
    private static Bytes? Encoded(InputStep input, string text, uint maxAmount)
    {
        var most = input.Most == 0 ? input.Fitting : input.Most;
        if (text.Length < input.Least || text.Length > most) return null;

        var octets = new byte[input.Size]; // padded 00
        if (input.Source == InputSource.Amount)
        {
            if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ||
                amount > maxAmount)
                return null;
            BinaryPrimitives.WriteUInt32BigEndian(octets, amount);
            return new Bytes(octets);
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsBetween(text[i], ' ', '~')) return null;
            octets[i] = (byte)text[i];
        }

        return new Bytes(octets);
    }
}

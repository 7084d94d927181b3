using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>The keypad of the PC/SC reader a card is in.</summary>
internal sealed class PcscPinPad(PcscCard card, IReadOnlyDictionary<ReaderFeature, uint> features) : IPinPad
{
    /// <summary>The longest a driver waits for a keypad, with some to spare.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(SecondsToType + 60);

    private const byte SecondsToType = 60;

    public async Task<PinPadAnswer> EnterAsync(PinPlace place, CancellationToken cancel)
    {
        if (!features.TryGetValue(place.IsChange ? ReaderFeature.ModifyPinDirect : ReaderFeature.VerifyPinDirect, out var code))
            return new PinPadAnswer(PinEntryEnd.Unusable, StatusWord.NoPreciseDiagnosis);

        var block = place.IsChange ? PinPadBlocks.Modify(place, SecondsToType) : PinPadBlocks.Verify(place, SecondsToType);
        card.NoteSecret();
        try
        {
            var answer = (await card.ControlAsync(code, block, Patience, cancel)).Read<StatusWord>();
            return new PinPadAnswer(EndOf(answer), answer);
        }
        catch (Exception lie) when (lie is PcscException or WireFormatException)
        {
            // It claims what it does not do: readers do, and the holder has other keys.
            return new PinPadAnswer(PinEntryEnd.Unusable, StatusWord.NoPreciseDiagnosis);
        }
    }

    /// <summary>SW1-SW2 that the reader says itself (PC/SC part 10 §2.5.2).</summary>
    private static PinEntryEnd EndOf(StatusWord status) => status.Value switch
    {
        0x6400 => PinEntryEnd.TimedOut,
        0x6401 => PinEntryEnd.Cancelled,
        0x6402 => PinEntryEnd.Differed,
        0x6403 => PinEntryEnd.WrongLength,
        _ => PinEntryEnd.Answered,
    };
}

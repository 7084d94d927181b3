using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>A keypad at the reader of a card, on which a test types when it likes.</summary>
internal sealed class Keypad(ICardChannel card) : IPinPad
{
    private readonly TaskCompletionSource<(PinEntryEnd End, string Digits)> _typed = new();

    public void Type(string digits) => _typed.SetResult((PinEntryEnd.Answered, digits));

    public void End(PinEntryEnd end) => _typed.SetResult((end, ""));

    public async Task<PinPadAnswer> EnterAsync(PinPlace place, CancellationToken cancel)
    {
        var (end, digits) = await _typed.Task.WaitAsync(cancel);
        if (end != PinEntryEnd.Answered) return new PinPadAnswer(end, StatusWord.NoPreciseDiagnosis);
        var block = place.Command.Data.ToArray();
        for (var i = 0; i < digits.Length; i++) block[i] = (byte)digits[i];
        var answer = await card.TransmitAsync(place.Command with { Data = new Bytes(block) }, cancel);
        return new PinPadAnswer(end, answer.Status);
    }
}

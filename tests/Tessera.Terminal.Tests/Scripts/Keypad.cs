using System.Text;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>A keypad at the reader of a card, on which a test types when it likes: a PIN, and a new one where it is changed.</summary>
internal sealed class Keypad(ICardChannel card) : IPinPad
{
    private readonly TaskCompletionSource<(PinEntryEnd End, string[] Pins)> _typed = new();

    /// <summary>How often somebody was to type there.</summary>
    public int Entries { get; private set; }

    public void Type(params string[] pins) => _typed.SetResult((PinEntryEnd.Answered, pins));

    public void End(PinEntryEnd end) => _typed.SetResult((end, []));

    public async Task<PinPadAnswer> EnterAsync(PinPlace place, CancellationToken cancel)
    {
        Entries++;
        var (end, pins) = await _typed.Task.WaitAsync(cancel);
        if (end != PinEntryEnd.Answered) return new PinPadAnswer(end, StatusWord.NoPreciseDiagnosis);
        var block = place.Command.Data.ToArray();
        for (var i = 0; i < pins.Length; i++) Encoding.ASCII.GetBytes(pins[i]).CopyTo(block, i * PinBlock.Length);
        var answer = await card.TransmitAsync(place.Command with { Data = new Bytes(block) }, cancel);
        return new PinPadAnswer(end, answer.Status);
    }
}

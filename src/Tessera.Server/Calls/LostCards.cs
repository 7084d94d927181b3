using Tessera.Phone.Calls;
using Tessera.Phone.Tones;
using Tessera.Platform.Holders;

namespace Tessera.Server.Calls;

/// <summary>
/// Takes the report of a lost or stolen card from a caller whose number a trusted network asserts: the card is named by
/// its last digits, and what was said is confirmed.
/// </summary>
internal sealed class LostCards(Callers callers, IHolderStore holders, CardStandings standings, ILogger<LostCards> log)
{
    private const int Digits = 4;

    private static readonly KeyRule FourKeys = new() { Least = Digits, Most = Digits, End = null, Back = '*' };
    private static readonly KeyRule OneKey = new() { End = null, Back = null, Fresh = true };

    public async Task ServeAsync(CallDesk call, CallVoice voice, CancellationToken cancel)
    {
        if (Callers.NumberOf(call.Caller) is not { } number || await callers.FindAsync(number, cancel) is not { } caller)
        {
            await voice.SayAsync("unknown-number", cancel);
            return;
        }

        var cards = await holders.CardsAsync(caller.Holder, cancel);
        for (var attempt = 0; attempt < KeyMenu.Tries; attempt++)
        {
            var keyed = await voice.AskAsync(voice.Words.Say("last-digits").ToSamples(), FourKeys, cancel);
            if (!keyed.IsComplete) continue;
            if (Named(cards, keyed.Keys) is not { } card)
            {
                await voice.SayAsync("no-such-card", cancel);
                continue;
            }

            var back = voice.Words.Digits(keyed.Keys).Say("correct").Say("for-press").Number(1).ToSamples();
            if ((await voice.AskAsync(back, OneKey, cancel)).Keys is not "1") continue;

            var refusal = await standings.ReportStolenAsync(card, cancel);
            log.LogInformation("Call {Call}: card {Card} reported lost: {Refusal}", call.Id, card.Card, refusal);
            await voice.SayAsync(refusal is null ? "blocked-now" : "wrong", cancel);
            return;
        }
    }

    /// <summary>The one card that ends so; letters are where telephones have them (ITU-T E.161).</summary>
    private static CardRegistration? Named(IReadOnlyList<CardRegistration> cards, string keys)
    {
        var named = cards.Where(card =>
            string.Equals(Keys(card.Card.ToString()[^Digits..]), keys, StringComparison.Ordinal)).ToList();
        return named.Count == 1 ? named[0] : null;
    }

    private static string Keys(string digits) => string.Concat(digits.Select(digit => digit switch
    {
        >= 'A' and <= 'C' => '2',
        >= 'D' and <= 'F' => '3',
        _ => digit,
    }));
}

using Tessera.Phone.Tones;

namespace Tessera.Server.Calls;

/// <summary>
/// A choice by the keys of a telephone: what stands on 1 to 9 is said, nine lead on where there is more, * and 0 say it
/// again, # leaves. Silence and wrong keys are tries.
/// </summary>
/// <param name="isFresh">Keys that were pressed ahead of it choose nothing.</param>
internal sealed class KeyMenu(CallVoice voice, bool isFresh = false)
{
    /// <summary>A good deal of patience, and then goodbye.</summary>
    public const int Tries = 3;

    private const int Keys = 9;
    private const int MaxRounds = 30;

    private static readonly KeyRule OneKey = new() { End = null, Back = null, First = TimeSpan.FromSeconds(8) };

    /// <summary>Offers items until one is chosen.</summary>
    /// <param name="opening">What is said first, once.</param>
    /// <returns>The place of the item; null where the caller leaves, or does not find one.</returns>
    public async Task<int?> ChooseAsync(
        short[] opening, IReadOnlyList<short[]> items, CancellationToken cancel, int tries = Tries)
    {
        var (first, said, rule) = (0, opening, OneKey with { Fresh = isFresh });
        for (var round = 0; round < MaxRounds && tries > 0; round++)
        {
            var isPaged = items.Count > Keys;
            var count = Math.Min(isPaged ? Keys - 1 : Keys, items.Count - first);
            short[] question = [.. said, .. Question(items, first, count, isPaged)];
            var keyed = await voice.AskAsync(question, rule, cancel);
            said = [];
            switch (keyed.IsComplete ? keyed.Keys[0] : (char?)null)
            {
                case '#':
                    return null;
                case '*' or '0':
                    break;
                case '9' when isPaged:
                    first = first + count < items.Count ? first + count : 0;
                    break;
                case >= '1' and <= '9' and var key when key - '1' < count:
                    return first + (key - '1');
                case null:
                    (tries, said) = (tries - 1, voice.Words.Say("again").ToSamples());
                    break;
                default:
                    // Who has lost the way is heard from where it was lost.
                    (tries, said) = (tries - 1, voice.Words.Say("wrong").Say("again").ToSamples());
                    rule = rule with { Fresh = true };
                    break;
            }
        }

        return null;
    }

    private short[] Question(IReadOnlyList<short[]> items, int first, int count, bool isPaged)
    {
        List<short> sound = [];
        for (var place = 0; place < count; place++)
        {
            sound.AddRange(items[first + place]);
            sound.AddRange(voice.Words.Say("for-press").Number(place + 1).ToSamples());
        }

        if (isPaged) sound.AddRange(voice.Words.Say("more").Say("for-press").Number(Keys).ToSamples());
        return [.. sound, .. voice.Words.Say("repeat").Say("for-press").Digits("*").ToSamples()];
    }
}

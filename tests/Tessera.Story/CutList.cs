namespace Tessera.Story;

/// <summary>The cuts a story can have.</summary>
public static class CutList
{
    /// <summary>Octets of a write that are there when the power goes: none, a few, most, all.</summary>
    private static readonly int[] Torn = [0, 1, 5, 24, 60, int.MaxValue];

    private static readonly CutKind[] Air =
        [CutKind.MessageLost, CutKind.MessageDoubled, CutKind.MessageOvertaken, CutKind.MessageLate];

    /// <summary>Every single cut of a story of that length.</summary>
    public static IEnumerable<Cut> All(StoryLength length) =>
    [
        .. from place in Places(length.Writes) from octets in Torn
           select new Cut(CutKind.CardPower, place, Octets: octets),
        .. from isLong in Either from after in Either from place in Places(length.FramesUp)
           select new Cut(CutKind.FrameUp, place, after, Long: isLong),
        .. from isLong in Either from after in Either from place in Places(length.FramesDown)
           select new Cut(CutKind.FrameDown, place, after, Long: isLong),
        .. from after in Either from place in Places(length.Steps) select new Cut(CutKind.Server, place, after),
        .. from after in Either from place in Places(length.Records) select new Cut(CutKind.Terminal, place, after),
        .. from kind in Air from place in Places(length.Messages) select new Cut(kind, place),
        .. from place in Places(length.Screens) select new Cut(CutKind.Phone, place),
        .. from place in Places(length.Deliveries) select new Cut(CutKind.Road, place),
        .. from isLong in Either from place in Places(length.Packets) select new Cut(CutKind.Loss, place, Long: isLong),
        .. from place in Places(length.Packets) select new Cut(CutKind.Call, place),
        .. from place in Places(length.Packets) select new Cut(CutKind.Device, place),
    ];

    /// <summary>Some of them at random, of each kind at most that many.</summary>
    public static IEnumerable<Cut> Some(StoryLength length, int ofEachKind, Random random) =>
        All(length).GroupBy(cut => cut.Kind).SelectMany(kind => random.GetItems([.. kind], ofEachKind)).Distinct();

    /// <summary>Two to four cuts of any kind, later ones perhaps in what the earlier ones have made longer.</summary>
    public static IReadOnlyList<Cut> Several(StoryLength length, Random random) =>
        [.. Enumerable.Range(1, random.Next(2, 5)).Select(times => Any(length, random, times))];

    private static Cut Any(StoryLength length, Random random, int times)
    {
        var kind = (CutKind)random.Next(5);
        var place = random.Next(times * kind switch
        {
            CutKind.CardPower => length.Writes,
            CutKind.FrameUp => length.FramesUp,
            CutKind.FrameDown => length.FramesDown,
            CutKind.Server => length.Steps,
            _ => length.Records,
        });
        return new Cut(
            kind, place, random.Next(2) == 0, kind == CutKind.CardPower ? random.Next(100) : 0,
            kind is CutKind.FrameUp or CutKind.FrameDown && random.Next(3) == 0);
    }

    private static readonly bool[] Either = [false, true];

    private static IEnumerable<int> Places(int count) => Enumerable.Range(0, count);
}

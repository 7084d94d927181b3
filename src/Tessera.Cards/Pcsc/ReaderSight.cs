using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>Who uses the card in a reader.</summary>
public enum ReaderUse
{
    Nobody,

    /// <summary>Programs that share it.</summary>
    Shared,

    /// <summary>One program that lets no other in.</summary>
    Exclusive,
}

/// <summary>What can be seen of a reader without touching its card.</summary>
/// <param name="Insertions">Counts insertions and removals, modulo 65536.</param>
/// <param name="Atr">Of the card that is in; empty where none is, or where it is mute.</param>
/// <param name="IsMute">A card is in that does not answer its reset.</param>
public sealed record ReaderSight(string Reader, int Insertions, bool HasCard, bool IsMute, Bytes Atr, ReaderUse Use)
{
    private const uint Present = 0x0020;
    private const uint InExclusiveUse = 0x0080;
    private const uint InUse = 0x0100;
    private const uint Mute = 0x0200;

    internal static ReaderSight Of(string reader, uint state, Bytes atr) => new(
        reader, (int)(state >> 16), (state & Present) != 0, (state & Mute) != 0, (state & Present) != 0 ? atr : Bytes.Empty,
        (state & InExclusiveUse) != 0 ? ReaderUse.Exclusive : (state & InUse) != 0 ? ReaderUse.Shared : ReaderUse.Nobody);
}

/// <summary>What changed at the readers of a machine.</summary>
public enum ReaderChange
{
    ReaderAdded,
    ReaderRemoved,
    CardInserted,
    CardRemoved,

    /// <summary>Other programs began or ended to use the card.</summary>
    UseChanged,
}

/// <summary>One change, and what can be seen after it.</summary>
public sealed record ReaderEvent(ReaderChange Change, ReaderSight Sight)
{
    /// <summary>What led from one sight of all readers to the next, in an order in which it can have happened.</summary>
    public static IEnumerable<ReaderEvent> Between(IReadOnlyList<ReaderSight> before, IReadOnlyList<ReaderSight> after)
    {
        foreach (var gone in before.Where(old => !after.Any(now => IsSame(old, now))))
        {
            if (gone.HasCard) yield return new ReaderEvent(ReaderChange.CardRemoved, Emptied(gone));
            yield return new ReaderEvent(ReaderChange.ReaderRemoved, Emptied(gone));
        }

        foreach (var now in after)
        {
            var old = before.FirstOrDefault(one => IsSame(one, now));
            if (old is null) yield return new ReaderEvent(ReaderChange.ReaderAdded, Emptied(now));
            var isOther = old is null || old.Insertions != now.Insertions || old.HasCard != now.HasCard;
            if (isOther && old is { HasCard: true }) yield return new ReaderEvent(ReaderChange.CardRemoved, Emptied(now));
            if (isOther && now.HasCard) yield return new ReaderEvent(ReaderChange.CardInserted, now);
            else if (old is not null && now.HasCard && old.Use != now.Use)
                yield return new ReaderEvent(ReaderChange.UseChanged, now);
        }
    }

    private static bool IsSame(ReaderSight one, ReaderSight other) =>
        string.Equals(one.Reader, other.Reader, StringComparison.Ordinal);

    private static ReaderSight Emptied(ReaderSight sight) =>
        sight with { HasCard = false, IsMute = false, Atr = Bytes.Empty, Use = ReaderUse.Nobody };
}

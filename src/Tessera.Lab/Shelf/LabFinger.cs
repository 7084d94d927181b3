using Tessera.Cards;

namespace Tessera.Lab.Shelf;

/// <summary>The finger of a holder of the lab, which nobody has: its number is that of their first card.</summary>
public static class LabFinger
{
    public static long Of(CardId first) => unchecked((long)first.Value);
}

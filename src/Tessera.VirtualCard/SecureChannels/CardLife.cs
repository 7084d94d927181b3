using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>The life cycle of the card, and which of its applets were deleted before it began.</summary>
/// <remarks>
/// <code>
/// state 1 | deleted 1: 01 purse, 02 data store     not there on a card that was made personalised: 0F 00
/// </code>
/// Until the card is secured its domain is all there is of it, and again once it is terminated. What a change makes of
/// it shows at the next reset.
/// </remarks>
internal sealed class CardLife(CardMemory memory)
{
    public const int CellLength = 2;

    private byte[] _shown = Content(memory);

    public static NewCell BlankCell { get; } =
        new(CellId.Life, CellLength, new Wire.Bytes((byte[])[(byte)CardLifeCycle.Initialized, 0]));

    public CardLifeCycle State => (CardLifeCycle)Content(memory)[0];

    /// <summary>There is something that the card, as it was composed last, does not show.</summary>
    public bool HasChanged => !_shown.AsSpan().SequenceEqual(Content(memory));

    /// <summary>The card is composed anew.</summary>
    public void Show() => _shown = Content(memory);

    public bool Has(CardApplets applets) => ((CardApplets)Content(memory)[1] & applets) == CardApplets.None;

    /// <summary>No applet is deleted.</summary>
    public void Begin(MemoryTransaction change) => Write(change, State, CardApplets.None);

    public void Delete(CardApplets applet)
    {
        using var change = memory.Begin();
        Write(change, State, (CardApplets)Content(memory)[1] | applet);
        change.Commit();
    }

    /// <returns>False where the card cannot become that.</returns>
    public bool TryBecome(CardLifeCycle state)
    {
        if (!memory.Has(CellId.Life) || state <= State || !Enum.IsDefined(state)) return false;
        using var change = memory.Begin();
        Write(change, state, (CardApplets)Content(memory)[1]);
        change.Commit();
        return true;
    }

    private static byte[] Content(CardMemory memory) =>
        memory.Has(CellId.Life) ? memory.Read(CellId.Life).ToArray() : [(byte)CardLifeCycle.Secured, 0];

    private static void Write(MemoryTransaction change, CardLifeCycle state, CardApplets deleted) =>
        change.Write(CellId.Life, [(byte)state, (byte)deleted]);
}

/// <summary>Applets that an issuer may delete.</summary>
[Flags]
internal enum CardApplets : byte
{
    None = 0x00,
    Purse = 0x01,
    Store = 0x02,
}

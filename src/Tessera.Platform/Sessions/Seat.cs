using Tessera.Toolkit.Links;

namespace Tessera.Platform.Sessions;

/// <summary>A card at a terminal: the link of one insertion and the numbers its scripts take.</summary>
/// <param name="at">The insertion; in a replay one that is long over, whose link nobody uses again.</param>
internal sealed class Seat(ILink link, Insertion at, byte lastNumber)
{
    private int _last = lastNumber;

    public ILink Link => link;

    public Insertion At => at;

    /// <summary>All 255 numbers are taken: only a new session of the terminal gives others.</summary>
    public bool IsUsedUp => _last == byte.MaxValue;

    /// <summary>The number of the next script.</summary>
    public byte NextNumber => checked((byte)(_last + 1));

    public void TakeNumber() => _last = NextNumber;
}

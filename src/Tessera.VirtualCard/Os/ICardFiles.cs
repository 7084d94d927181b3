using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>
/// A tree of files, and what a channel has selected while no applet is. SELECT by anything but a name is always its own;
/// some of its directories may have names, as applets have.
/// </summary>
internal interface ICardFiles : IApplet
{
    /// <summary>Nothing but its answer to reset is left of the card.</summary>
    bool IsCardTerminated { get; }

    /// <summary>Those of directories.</summary>
    IEnumerable<Bytes> Names { get; }

    /// <summary>The current directory of the current channel is the one with that name.</summary>
    bool IsIn(Bytes name);

    /// <summary>SELECT of any kind but by name; it has changed nothing where its status is an error.</summary>
    ResponseApdu Select(CommandApdu command);

    /// <summary>SELECT by name found the directory with that name.</summary>
    ResponseApdu Select(Bytes name, byte p2);

    /// <summary>
    /// The current channel is opened and begins where another is; false where that directory is another's alone.
    /// </summary>
    bool TryBegin(int origin);
}

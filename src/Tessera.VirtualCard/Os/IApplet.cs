using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>A program on the card: once selected it gets every command the operating system does not take.</summary>
internal interface IApplet
{
    Bytes Aid { get; }

    /// <summary>What it says when it is selected; what it keeps in volatile memory stays.</summary>
    Bytes Select();

    /// <summary>One whole command. Its data are erased when this returns: what must last is copied.</summary>
    ResponseApdu Process(CommandApdu command);

    /// <summary>Power is gone: forgets what is volatile.</summary>
    void Forget();
}

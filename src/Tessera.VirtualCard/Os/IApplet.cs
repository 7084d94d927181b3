using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>A program on the card: once selected it gets every command the operating system does not take.</summary>
/// <remarks>
/// There is one of each for all channels, and it is asked for one command at a time. It sees CLA without the bits of
/// the channel and of chaining, and commands and answers of any length: blocks, 61xx and GET RESPONSE are not its own.
/// What it keeps for each channel apart is a <see cref="PerChannel{T}"/>.
/// </remarks>
internal interface IApplet
{
    Bytes Aid { get; }

    /// <summary>
    /// It may be selected on several channels at once; a second one is refused with 6985 where it says no, so that it
    /// needs nothing kept apart.
    /// </summary>
    bool IsShareable => false;

    /// <summary>
    /// The operating system answers VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER for it, by PIN and finger of
    /// the card, and GET DATA of the card id. One that says no gets these commands itself.
    /// </summary>
    bool UsesCardServices => true;

    /// <summary>Its hosts leave Le out and want the answer all the same: that of a short Le of 256.</summary>
    bool AnswersWithoutLe => false;

    /// <summary>
    /// It unwraps secure messaging itself: such commands come with CLA b4 b3 as they are. All others are refused 6882.
    /// </summary>
    bool TakesSecureMessaging => false;

    /// <summary>What it says when it is selected; what it keeps in volatile memory stays.</summary>
    Bytes Select();

    /// <summary>One whole command. Its data are erased when this returns: what must last is copied.</summary>
    ResponseApdu Process(CommandApdu command);

    /// <summary>Another application is selected on the current channel now, or the channel is closed.</summary>
    void Deselect()
    {
        // Most keep nothing that ends with it.
    }

    /// <summary>Power is gone: forgets what is volatile, on all channels.</summary>
    void Forget();
}

using Tessera.Cards;
using Tessera.Platform.Dialogues;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// By what the holder is verified, PIN or finger, and what is done where a finger was of no use
/// (docs/protocols/finger.md §3).
/// </summary>
/// <param name="allowed">What issuer and application allow.</param>
internal sealed class HolderCheck(Verification allowed, CardSide card)
{
    /// <summary>So often a finger may be laid on before the PIN is asked; a card gives five.</summary>
    private const int MaxFingers = 3;

    private const ushort Blocked = 0x6983;

    private int _fingers;
    private bool _pinInstead;

    /// <summary>By what the holder is verified next; null where they cannot be at this terminal with this card.</summary>
    public PaymentMethod? Method =>
        allowed.HasFlag(Verification.Finger) && !_pinInstead && HasReader && card.KnowsFinger ? PaymentMethod.Finger
        : MayEnterPin ? PaymentMethod.Pin
        : null;

    /// <summary>Only what the card says of itself tells whether a finger will do.</summary>
    public bool DependsOnCard => allowed.HasFlag(Verification.Finger) && HasReader;

    private bool HasReader => card.Seat.Link.Profile.HasBiometrics;

    private bool MayEnterPin => allowed.HasFlag(Verification.Pin);

    /// <summary>Another dialogue begins with the finger again.</summary>
    public void Begin() => (_fingers, _pinInstead) = (0, false);

    /// <summary>Only a finger would do, and none can be compared.</summary>
    public Node Impossible(Remarks remarks, Node node) => HasReader
        ? remarks.Ending(Wording.NoFinger, DialogueEnd.CardRefused, node)
        : remarks.Ending(Wording.NoReader, DialogueEnd.TerminalRefused, node);

    /// <summary>
    /// What follows where a script stopped at the finger; null where it ends as it would have ended at the PIN.
    /// </summary>
    public Node? Unrecognised(Remarks remarks, Node node, StopReason why, StatusWord status) => (why, status) switch
    {
        (StopReason.EndedByHolder, _) when MayEnterPin =>
            Without(Wording.NoFingerLaid, DialogueEnd.Cancelled, remarks, node),
        (StopReason.NotCapable, _) => Without(Wording.FingerUnread, DialogueEnd.TerminalRefused, remarks, node),
        (StopReason.UnexpectedStatus, { TriesLeft: > 0 and var tries }) => ++_fingers < MaxFingers || !MayEnterPin
            ? remarks.Saying(Wording.WrongFinger(tries), node)
            : Without(Wording.FingerUnknown, DialogueEnd.CardRefused, remarks, node),
        (StopReason.UnexpectedStatus, { TriesLeft: 0 } or { Value: Blocked }) =>
            Without(Wording.FingerBlocked, DialogueEnd.CardRefused, remarks, node),
        (StopReason.UnexpectedStatus, _) => Without(Wording.FingerUnread, DialogueEnd.CardRefused, remarks, node),
        _ => null,
    };

    /// <summary>Goes on with the PIN where that may be, and ends where not.</summary>
    private Node Without(string why, DialogueEnd end, Remarks remarks, Node node)
    {
        if (!MayEnterPin) return remarks.Ending(why, end, node);
        _pinInstead = true;
        return remarks.Saying(Wording.PinInstead(why), node);
    }
}

using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// PIN and PUK as the PIV application has them (NIST SP 800-73-5 part 2): references and tries are
/// those of the card, whether the PIN is verified is a matter of this application alone.
/// </summary>
internal sealed class PivPin(CardMemory memory)
{
    private const byte Verify = 0x20;
    private const byte ChangeReferenceData = 0x24;
    private const byte Pin = 0x80;
    private const byte Puk = 0x81;

    private readonly CardPin _pin = new(memory, new CurrentChannel());

    /// <summary>
    /// A VERIFY that has not yet served a use of a key which takes one each. It says nothing of a PIN that is not verified any
    /// more: only another VERIFY verifies it, and that is a fresh one.
    /// </summary>
    private bool _isFresh;

    public bool IsVerified => _pin.IsVerified;

    /// <summary>VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER.</summary>
    public StatusWord Process(CommandApdu command)
    {
        var status = command is { Ins: ChangeReferenceData, P2: Puk }
            ? ChangePuk(command)
            : _pin.Process(command);
        if (command is { Ins: Verify, Data.Length: > 0 } && status.IsSuccess) _isFresh = true;
        if (command is { Ins: ChangeReferenceData, P2: Pin } && status.IsSuccess)
        {
            // Who changes the PIN has shown that they know it.
            _pin.Accept();
            _isFresh = true;
        }

        return status == StatusWord.WrongLength ? StatusWord.WrongData : status;
    }

    /// <summary>Whether the holder agreed to one use of a key under that rule; takes the VERIFY that it needs.</summary>
    public bool Permits(PinRule rule)
    {
        var permits = rule == PinRule.Never || (_pin.IsVerified && (rule == PinRule.Once || _isFresh));
        if (rule == PinRule.Always) _isFresh = false;
        return permits;
    }

    public void Forget()
    {
        _pin.Forget();
        _isFresh = false;
    }

    private StatusWord ChangePuk(CommandApdu command) =>
        command.P1 == 0 ? _pin.ChangePuk(command.Data.Span) : StatusWord.IncorrectP1P2;
}

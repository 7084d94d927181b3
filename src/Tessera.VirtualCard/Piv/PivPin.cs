using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// PIN, PUK and finger as the PIV application has them (NIST SP 800-73-5 part 2): references and tries are
/// those of the card, whether PIN or finger is verified is a matter of this application alone, for each of both.
/// </summary>
internal sealed class PivPin(CardMemory memory)
{
    private const byte Verify = 0x20;
    private const byte ChangeReferenceData = 0x24;
    private const byte Pin = 0x80;
    private const byte Puk = 0x81;
    private const byte Clear = 0xFF;

    private readonly CardPin _pin = new(memory, new CurrentChannel());

    /// <summary>
    /// A VERIFY that has not yet served a use of a key which takes one each. It says nothing of a PIN that is not verified any
    /// more: only another VERIFY verifies it, and that is a fresh one.
    /// </summary>
    private bool _isFresh;

    private readonly CardFinger _finger = new(memory, new CardPin(memory, new CurrentChannel()));

    /// <summary>As <see cref="_isFresh"/>, of the finger.</summary>
    private bool _isFingerFresh;

    private bool _isFingerVerified;

    public bool IsVerified => _pin.IsVerified;

    /// <summary>By PIN or finger.</summary>
    public bool IsHolderVerified => _pin.IsVerified || _isFingerVerified;

    /// <summary>The card compares a finger.</summary>
    public bool HasFinger => _finger.IsKnown;

    /// <summary>VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER.</summary>
    public StatusWord Process(CommandApdu command)
    {
        if (command is { Ins: Verify, P2: PivCommands.PrimaryFinger } && HasFinger) return ProcessFinger(command);
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
        var permits = rule switch
        {
            PinRule.Never => true,
            PinRule.Once => IsHolderVerified,
            _ => (_pin.IsVerified && _isFresh) || (_isFingerVerified && _isFingerFresh),
        };
        if (rule == PinRule.Always) (_isFresh, _isFingerFresh) = (false, false);
        return permits;
    }

    public void Forget()
    {
        _pin.Forget();
        (_isFresh, _isFingerFresh, _isFingerVerified) = (false, false, false);
    }

    /// <summary>VERIFY of the primary finger, whose data are minutiae and nothing else.</summary>
    private StatusWord ProcessFinger(CommandApdu command)
    {
        switch (command)
        {
            case { P1: Clear, Data.Length: 0 }:
                _isFingerVerified = false;
                return StatusWord.Success;
            case { P1: not 0 }:
                return StatusWord.IncorrectP1P2;
            case { Data.Length: 0 } when _finger.Tries == 0:
                return StatusWord.AuthenticationBlocked;
            case { Data.Length: 0 }:
                return _isFingerVerified ? StatusWord.Success : StatusWord.WithTriesLeft(_finger.Tries);
        }

        FingerTemplate probe;
        try
        {
            probe = FingerTemplate.OfMinutiae(command.Data.Span);
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        using (probe)
        {
            var status = _finger.Compare(probe);
            if (status != StatusWord.AuthenticationBlocked)
                _isFingerVerified = _isFingerFresh = status.IsSuccess;
            return status;
        }
    }

    private StatusWord ChangePuk(CommandApdu command) =>
        command.P1 == 0 ? _pin.ChangePuk(command.Data.Span) : StatusWord.IncorrectP1P2;
}

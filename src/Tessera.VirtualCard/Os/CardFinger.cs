using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>
/// The finger of the holder, where the card knows one: compared on the card, it verifies as the PIN does
/// (docs/protocols/finger.md §2).
/// </summary>
/// <remarks>
/// <code>
/// a cell each: template, 8 to 187 octets; tries left 1
/// </code>
/// A try is taken in non-volatile memory before anything is compared, as with the PIN.
/// </remarks>
internal sealed class CardFinger(CardMemory memory, CardPin pin)
{
    public const byte MaxTries = 5;

    /// <summary>The card knows a finger, and it has tries left.</summary>
    public bool IsUsable => IsKnown && Tries > 0;

    public bool IsKnown => memory.Has(CellId.Finger) && !memory.Read(CellId.Finger).IsEmpty;

    public byte Tries => memory.Read(CellId.FingerTries)[0];

    public static NewCell[] Cells(FingerTemplate finger) =>
    [
        new(CellId.Finger, FingerTemplate.MaxLength, Bytes.Of(finger)),
        new(CellId.FingerTries, 1, new Bytes((byte[])[MaxTries])),
    ];

    /// <summary>VERIFY whose data are a template.</summary>
    public StatusWord Process(CommandApdu command) => command switch
    {
        { P1: not 0x00 } => StatusWord.IncorrectP1P2,
        { P2: not FingerCommands.Reference } => StatusWord.ReferencedDataNotFound,
        _ when !IsKnown => StatusWord.ReferencedDataNotFound,
        { Data.Length: 0 } => Status(),
        _ => Verify(command.Data),
    };

    private StatusWord Status() =>
        Tries == 0 ? StatusWord.AuthenticationBlocked
        : pin.IsVerified ? StatusWord.Success
        : StatusWord.WithTriesLeft(Tries);

    private StatusWord Verify(Bytes data)
    {
        FingerTemplate probe;
        try
        {
            probe = data.Read<FingerTemplate>();
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        using (probe)
        {
            var status = Compare(probe);
            if (status.IsSuccess) pin.Accept();
            else if (status.TriesLeft is not null) pin.Forget();
            return status;
        }
    }

    /// <summary>Says whether it is the holder's, and counts; whom that verifies is the caller's to say.</summary>
    public StatusWord Compare(FingerTemplate probe)
    {
        var left = Tries - 1;
        if (left < 0) return StatusWord.AuthenticationBlocked;
        Keep((byte)left);

        var reader = new ByteReader(memory.Read(CellId.Finger));
        using var reference = FingerTemplate.Read(ref reader);
        if (!FingerMatcher.Matches(reference, probe)) return StatusWord.WithTriesLeft(left);

        Keep(MaxTries);
        return StatusWord.Success;
    }

    private void Keep(byte tries)
    {
        using var change = memory.Begin();
        change.Write(CellId.FingerTries, [tries]);
        change.Commit();
    }
}

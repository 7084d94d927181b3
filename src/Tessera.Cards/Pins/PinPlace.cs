namespace Tessera.Cards.Pins;

/// <summary>
/// A command for a PIN that somebody else puts in: digits in ASCII, left-justified in a block of 8 octets of FF
/// (NIST SP 800-73-4 part 2 §2.4.3; so do the cards of this project).
/// </summary>
/// <param name="Command">Complete but for the digits, whose blocks are FF.</param>
/// <param name="LeastDigits">Of the PIN.</param>
/// <param name="MostDigits">Of the PIN, at most 8.</param>
public sealed record PinPlace(CommandApdu Command, byte LeastDigits = PinBlock.MinPinDigits, byte MostDigits = PinBlock.Length)
{
    private const byte Padding = 0xFF;
    private const byte ChangeReferenceData = 0x24;

    /// <summary>The PIN there is and a new one, each in a block of its own.</summary>
    public bool IsChange => Command.Ins == ChangeReferenceData;

    /// <summary>VERIFY of the PIN <paramref name="reference"/>.</summary>
    public static PinPlace Verify(byte reference = PinCommands.Reference) => new(Template(0x20, reference, 1));

    /// <summary>CHANGE REFERENCE DATA: the PIN there is, then a new one.</summary>
    public static PinPlace Change(byte reference = PinCommands.Reference) => new(Template(ChangeReferenceData, reference, 2));

    private static CommandApdu Template(byte ins, byte reference, int blocks)
    {
        var data = new byte[blocks * PinBlock.Length];
        data.AsSpan().Fill(Padding);
        return new CommandApdu(0x00, ins, 0x00, reference, new Wire.Bytes(data));
    }
}

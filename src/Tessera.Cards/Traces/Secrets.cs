namespace Tessera.Cards.Traces;

/// <summary>Which octets of an exchange nobody may see: PINs, keys, and what a card deciphered.</summary>
/// <remarks>An instruction hides its octets in every class: too much hidden is better than a PIN that is seen.</remarks>
public static class Secrets
{
    private const byte TextString = 0x0D;

    /// <summary>Whether its data are a PIN, a finger or a key, as far as the command says so itself.</summary>
    public static bool AreIn(CommandApdu command) => command.Data.Length > 0 && IsInCommand(command, file: 0);

    /// <summary>The data of the command.</summary>
    internal static bool IsInCommand(CommandApdu command, ushort file) => command.Ins switch
    {
        // VERIFY, CHANGE and RESET of a PIN, DISABLE and ENABLE, in every form.
        0x20 or 0x21 or 0x24 or 0x25 or 0x26 or 0x28 or 0x2C or 0x2D => true,
        // PUT KEY; IMPORT KEY and SET MANAGEMENT KEY of PIV cards.
        0xD8 or 0xFE or 0xFF => true,
        // STORE DATA; the interindustry command is APPEND RECORD.
        0xE2 => command.Cla >= 0x80,
        // Writing of a file of keys.
        0xD6 or 0xD7 or 0xDC or 0xDD or 0xD0 or 0xD2 => CardNames.IsKeyFile(file),
        // PERFORM SECURITY OPERATION: what is to be enciphered.
        0x2A => command.P1 == 0x86,
        _ => false,
    };

    /// <summary>The data of the answer.</summary>
    internal static bool IsInAnswer(CommandApdu command, ushort file) => command.Ins switch
    {
        // RUN GSM ALGORITHM and AUTHENTICATE give session keys.
        0x88 => true,
        0x2A => command.P1 == 0x80,
        // GENERAL AUTHENTICATE with a key that deciphers or agrees.
        0x86 or 0x87 => command.P2 is 0x9D or (>= 0x82 and <= 0x95),
        0xB0 or 0xB1 or 0xB2 or 0xB3 => CardNames.IsKeyFile(file),
        _ => false,
    };

    /// <summary>Where what the holder typed stands in a TERMINAL RESPONSE: its text string without the coding.</summary>
    /// <returns>Start and length; 0 octets where there is none.</returns>
    internal static (int Start, int Length) Typed(CommandApdu command)
    {
        if (command.Ins != 0x14) return default;
        var octets = command.Data.Span;
        for (var at = 0; at + 2 <= octets.Length;)
        {
            var (tag, length) = (octets[at] & 0x7F, (int)octets[at + 1]);
            var start = at + 2;
            if (length == 0x81 && start < octets.Length) length = octets[start++];
            // What cannot be read is hidden to its end.
            if (length >= 0x80 && start == at + 2 || start + length > octets.Length) return (at, octets.Length - at);
            if (tag == TextString && length > 1) return (start + 1, length - 1);
            at = start + length;
        }

        return default;
    }
}

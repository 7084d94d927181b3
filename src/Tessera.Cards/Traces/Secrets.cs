namespace Tessera.Cards.Traces;

/// <summary>Which octets of an exchange nobody may see: PINs, keys, and what a card deciphered.</summary>
/// <remarks>An instruction hides its octets in every class: too much hidden is better than a PIN that is seen.</remarks>
public static class Secrets
{
    private const byte TextString = 0x0D;
    private const byte TagList = 0x5C;
    private const byte ExtendedHeaderList = 0x4D;

    /// <summary>Whether its data are a PIN, a finger or a key, as far as the command says so itself.</summary>
    public static bool AreIn(CommandApdu command) => InCommandItself(command).Length > 0;

    /// <summary>Where they stand in the data of a command: start and length, 0 octets where there are none.</summary>
    /// <param name="isOfKeys">It reads or writes a file of keys or passwords.</param>
    internal static (int Start, int Length) InCommand(CommandApdu command, bool isOfKeys) =>
        isOfKeys ? (0, command.Data.Length)
        : InCommandItself(command) is { Length: > 0 } itself ? itself
        : Typed(command);

    /// <summary>The data of the answer.</summary>
    /// <inheritdoc cref="InCommand"/>
    internal static bool AreInAnswer(CommandApdu command, bool isOfKeys) => command.Ins switch
    {
        // RUN GSM ALGORITHM and AUTHENTICATE give session keys.
        0x88 or 0x89 => true,
        0x2A => command.P1 == 0x80,
        // GENERAL AUTHENTICATE with a key that deciphers or agrees.
        0x86 or 0x87 => command.P2 is 0x9D or (>= 0x82 and <= 0x95),
        0xCB => BehindPin(command.Data.Span) > 0,
        _ => isOfKeys,
    };

    private static (int Start, int Length) InCommandItself(CommandApdu command)
    {
        var all = (0, command.Data.Length);
        return command.Ins switch
        {
            // VERIFY, CHANGE and RESET of a PIN, DISABLE and ENABLE, in every form.
            0x20 or 0x21 or 0x24 or 0x25 or 0x26 or 0x28 or 0x2C or 0x2D => all,
            // PUT KEY; IMPORT KEY and SET MANAGEMENT KEY of PIV cards.
            0xD8 or 0xFE or 0xFF => all,
            // STORE DATA; the interindustry command is APPEND RECORD.
            0xE2 when command.Cla >= 0x80 => all,
            // PERFORM SECURITY OPERATION: what is to be enciphered.
            0x2A when command.P1 == 0x86 => all,
            // PUT DATA of OpenPGP cards: keys of secure messaging, resetting code, key of AES.
            0xDA when command.P1 == 0x00 && command.P2 is 0xD1 or 0xD2 or 0xD3 or 0xD5 => all,
            // PUT DATA of a private key, in an extended header list.
            0xDB when command.Data.Span is [ExtendedHeaderList, ..] => all,
            0xDB when BehindPin(command.Data.Span) is var start and > 0 => (start, command.Data.Length - start),
            _ => default,
        };
    }

    /// <summary>
    /// Octets of a tag list that names an object which a PIV card gives behind its PIN: fingerprints, face, iris, pairing
    /// code, and the printed information, where hosts keep a management key (SP 800-73); 0 for others.
    /// </summary>
    private static int BehindPin(ReadOnlySpan<byte> data) =>
        data is [TagList, 0x03, 0x5F, 0xC1, 0x03 or 0x08 or 0x09 or 0x21 or 0x23, ..] ? 5 : 0;

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

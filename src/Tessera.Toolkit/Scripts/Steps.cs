using System.Runtime.InteropServices;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// One step of a command script (docs/protocols/script.md §1): for the card, for the holder, or for the interpreter.
/// </summary>
public abstract record ScriptStep
{
    private protected ScriptStep() { }

    /// <summary>True for a step that adds data to the next command for the card.</summary>
    internal virtual bool Inserts => false;

    /// <summary>Octets this step adds to the data of the next command.</summary>
    internal virtual int InsertedLength => 0;

    internal virtual int InsertedAt => 0;

    /// <summary>True for a step that acts on the next command for the card.</summary>
    internal virtual bool IsModifier => Inserts;
}

/// <summary>A command for the card, short form, with the data that no modifier adds (tag 22).</summary>
public sealed record CardStep(CommandApdu Command) : ScriptStep;

/// <summary>A proactive command for the holder (tag D0, or C1 where <paramref name="IsShort"/>).</summary>
public sealed record ToolkitStep(ProactiveCommand Command, bool IsShort) : ScriptStep
{
    /// <summary>In the short form where the command has one.</summary>
    public static ToolkitStep Of(ProactiveCommand command) => new(command, ShortForm.Has(command));
}

/// <summary>The statuses that let the script go on after the next command (tag C2).</summary>
public sealed record ExpectStep(Sequence<ExpectedStatus> Statuses) : ScriptStep
{
    internal override bool IsModifier => true;
}

/// <summary>A status and the bits of it that count.</summary>
/// <remarks><code>SW 2 | mask 2</code></remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExpectedStatus(StatusWord Status, ushort Mask = 0xFFFF)
{
    public bool Covers(StatusWord status) => (status.Value & Mask) == (Status.Value & Mask);
}

/// <summary>What the holder enters, inserted into the data of the next command (tag C3).</summary>
/// <param name="Offset">Where, in the data as the modifiers before left them.</param>
/// <param name="Size">Octets inserted.</param>
/// <param name="Least">Least digits or characters, 0 to 15.</param>
/// <param name="Most">Most digits or characters, 0 to 15; 0 is as many as fit.</param>
public sealed record InputStep(byte Offset, InputSource Source, InputFormat Format, byte Size, byte Least, byte Most)
    : ScriptStep
{
    public const byte PinSize = 8;
    public const byte AmountSize = 4;

    /// <summary>The only form in which a PIN, new PIN or PUK is taken: ASCII digits padded FF to 8 octets.</summary>
    public static InputStep Pin(byte offset = 0) => new(offset, InputSource.Pin, InputFormat.Ascii, PinSize, 6, 8);

    public static InputStep NewPin(byte offset = 8) =>
        new(offset, InputSource.NewPin, InputFormat.Ascii, PinSize, 6, 8);

    public static InputStep Puk(byte offset = 0) => new(offset, InputSource.Puk, InputFormat.Ascii, PinSize, 8, 8);

    /// <summary>
    /// The only form in which a finger is taken: a template of at most that size, and no more octets than it has.
    /// </summary>
    public static InputStep Finger { get; } =
        new(0, InputSource.Finger, InputFormat.Binary, FingerTemplate.MaxLength, 0, 0);

    /// <summary>An amount in minor units, binary.</summary>
    public static InputStep Amount(byte offset) =>
        new(offset, InputSource.Amount, InputFormat.Binary, AmountSize, 1, 0);

    public static InputStep Text(byte offset, byte size, byte least, byte most) =>
        new(offset, InputSource.Text, InputFormat.Ascii, size, least, most);

    /// <summary>True for what is never shown, never returned and never in the digest.</summary>
    public bool IsHidden => Source is InputSource.Pin or InputSource.NewPin or InputSource.Puk or InputSource.Finger;

    /// <summary>
    /// Most digits or characters that fit the size; those of a binary number are counted with its value.
    /// </summary>
    internal int Fitting => Format switch
    {
        InputFormat.Binary => 15,
        InputFormat.Bcd => 2 * Size,
        _ => Size,
    };

    internal override bool Inserts => true;

    internal override int InsertedLength => Size;

    internal override int InsertedAt => Offset;
}

/// <summary>What is entered: the low nibble of the second octet of C3.</summary>
public enum InputSource : byte
{
    Pin = 1,
    Text = 2,

    /// <summary>In minor units of the purse's currency.</summary>
    Amount = 3,

    /// <summary>Asked twice.</summary>
    NewPin = 4,

    Puk = 5,

    /// <summary>Laid on the reader of the terminal, compared on the card.</summary>
    Finger = 6,
}

/// <summary>How it is inserted, numbered as in PC/SC part 10: the high nibble of the second octet of C3.</summary>
public enum InputFormat : byte
{
    /// <summary>Big endian.</summary>
    Binary = 0,

    /// <summary>Two digits an octet, from the left, padded F.</summary>
    Bcd = 1,

    /// <summary>A digit an octet, padded FF; text is padded 00.</summary>
    Ascii = 2,
}

/// <summary>The first octets of the digest (§5), inserted into the data of the next command (tag C4).</summary>
public sealed record ShownDigestStep(byte Offset, byte Length) : ScriptStep
{
    internal override bool Inserts => true;

    internal override int InsertedLength => Length;

    internal override int InsertedAt => Offset;
}

/// <summary>The operand that the last choice picks, inserted into the data of the next command (tag C5).</summary>
/// <param name="Operands">At least one, all of one length.</param>
public sealed record PickStep(byte Offset, Sequence<Bytes> Operands) : ScriptStep
{
    internal override bool Inserts => true;

    internal override int InsertedLength => Operands.Count == 0 ? 0 : Operands[0].Length;

    internal override int InsertedAt => Offset;
}

/// <summary>One list of steps for each item of the last SELECT ITEM (tag E1, each list in an E2).</summary>
public sealed record BranchStep(Sequence<Sequence<ScriptStep>> Branches) : ScriptStep;

/// <summary>A signature of the card over the statement of §5, which is never sent to the terminal (tag CC).</summary>
/// <param name="Nonce">Of the server, in the statement: <see cref="NonceLength"/> octets or none.</param>
public sealed record SignStep(byte KeyReference, SignatureAlgorithm Algorithm, Bytes Nonce = default) : ScriptStep
{
    public const int NonceLength = 16;

    internal const int PlainLength = 2;
}

/// <summary>Algorithm of a signature key (NIST SP 800-78 table 6-2).</summary>
public enum SignatureAlgorithm : byte
{
    /// <summary>That of the key's certificate, which the script has read before.</summary>
    OfCertificate = 0x00,

    Rsa3072 = 0x05,
    Rsa2048 = 0x07,
    EccP256 = 0x11,
    EccP384 = 0x14,
}

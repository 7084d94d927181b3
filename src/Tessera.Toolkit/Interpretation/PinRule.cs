using Tessera.Cards;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Where a PIN, new PIN or PUK may go, and nowhere else (docs/protocols/script.md §6.2).</summary>
internal static class PinRule
{
    private const byte PinReference = 0x80;
    private const int LeastPin = 6;

    /// <summary>The three commands that carry a PIN, and what each is made of.</summary>
    private static readonly Dictionary<byte, (InputSource Source, byte Offset)[]> Templates = new()
    {
        [0x20] = [(InputSource.Pin, 0)],
        [0x24] = [(InputSource.Pin, 0), (InputSource.NewPin, 8)],
        [0x2C] = [(InputSource.Puk, 0), (InputSource.NewPin, 8)],
    };

    /// <summary>VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER of the card's PIN.</summary>
    public static bool IsPinCommand(CommandApdu command) =>
        command is { Cla: 0x00, P1: 0x00, P2: PinReference } && Templates.ContainsKey(command.Ins);

    public static bool IsVerify(CommandApdu command) => IsPinCommand(command) && command.Ins == 0x20;

    /// <summary>
    /// True unless a PIN would go elsewhere, or a PIN command would take anything but a PIN the holder enters.
    /// </summary>
    public static bool Holds(CardUnit unit)
    {
        var command = unit.Step.Command;
        if (!IsPinCommand(command)) return !unit.Inserting.Any(step => step is InputStep { IsHidden: true });

        var template = Templates[command.Ins];
        return command.Data.Length == 0 && command.Le is null && unit.Inserting.Count() == template.Length &&
            unit.Inserting.Zip(template).All(pair => Fills(pair.First, pair.Second.Source, pair.Second.Offset));
    }

    /// <summary>
    /// Digits that may be entered: 6 to 8 for a PIN, 8 for a PUK, or fewer choices where the script says so.
    /// </summary>
    public static Between Digits(InputStep input) => new(
        Math.Max(input.Least, input.Source == InputSource.Puk ? InputStep.PinSize : LeastPin),
        input.Most == 0 ? InputStep.PinSize : input.Most);

    private static bool Fills(ScriptStep step, InputSource source, byte offset) =>
        step is InputStep { Format: InputFormat.Ascii, Size: InputStep.PinSize } input &&
        input.Source == source && input.Offset == offset && Digits(input) is var digits && digits.Least <= digits.Most;
}

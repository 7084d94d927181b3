using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Where a PIN, new PIN, PUK or finger may go, and nowhere else (docs/protocols/script.md §6.2).</summary>
internal static class PinRule
{
    private const byte PinReference = 0x80;
    private const byte VerifyIns = 0x20;
    private const int LeastPin = 6;

    /// <summary>The commands that carry one, INS and P2, and what each is made of.</summary>
    private static readonly Dictionary<(byte Ins, byte P2), InputStep[]> Templates = new()
    {
        [(VerifyIns, PinReference)] = [InputStep.Pin()],
        [(0x24, PinReference)] = [InputStep.Pin(), InputStep.NewPin()],
        [(0x2C, PinReference)] = [InputStep.Puk(), InputStep.NewPin()],
        [(FingerCommands.Verify, FingerCommands.Reference)] = [InputStep.Finger],
        [(VerifyIns, PivCommands.PrimaryFinger)] = [InputStep.Finger],
    };

    /// <summary>
    /// VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER of the card's PIN, or VERIFY of the holder's finger.
    /// </summary>
    public static bool IsPinCommand(CommandApdu command) =>
        command is { Cla: 0x00, P1: 0x00 } && Templates.ContainsKey((command.Ins, command.P2));

    /// <summary>Afterwards the holder is verified, by whichever of both.</summary>
    public static bool IsVerify(CommandApdu command) =>
        IsPinCommand(command) && command.Ins is VerifyIns or FingerCommands.Verify;

    public static bool IsFinger(CommandApdu command) => IsPinCommand(command) &&
        (command.Ins == FingerCommands.Verify || command.P2 == PivCommands.PrimaryFinger);

    /// <summary>What a card takes of a template: our own the whole, a PIV card the minutiae.</summary>
    public static ReadOnlySpan<byte> Presented(CommandApdu command, ReadOnlySpan<byte> template) =>
        command.P2 == PivCommands.PrimaryFinger ? FingerTemplate.MinutiaeOf(template) : template;

    /// <summary>The command complete but for the digits, for a keypad that adds them; null where none does.</summary>
    public static PinPlace? PlaceOf(CommandApdu command) => command switch
    {
        _ when !IsPinCommand(command) => null,
        { Ins: VerifyIns, P2: PinReference } => PinPlace.Verify(),
        { Ins: 0x24 } => PinPlace.Change(),
        _ => null,
    };

    /// <summary>
    /// True unless a PIN or finger would go elsewhere, or their commands would take anything but what the holder enters.
    /// </summary>
    public static bool Holds(CardUnit unit)
    {
        var command = unit.Step.Command;
        if (!IsPinCommand(command)) return !unit.Inserting.Any(step => step is InputStep { IsHidden: true });

        var template = Templates[(command.Ins, command.P2)];
        return command.Data.Length == 0 && command.Le is null && unit.Inserting.Count() == template.Length &&
            unit.Inserting.Zip(template).All(pair => Fills(pair.First, pair.Second));
    }

    /// <summary>
    /// Digits that may be entered: 6 to 8 for a PIN, 8 for a PUK, or fewer choices where the script says so.
    /// </summary>
    public static Between Digits(InputStep input) => new(
        Math.Max(input.Least, input.Source == InputSource.Puk ? InputStep.PinSize : LeastPin),
        input.Most == 0 ? InputStep.PinSize : input.Most);

    /// <summary>The bounds of a PIN may be narrower or wider, but for such as no PIN has.</summary>
    private static bool Fills(ScriptStep step, InputStep place) =>
        step is InputStep input && input with { Least = place.Least, Most = place.Most } == place &&
        Digits(input) is var digits && digits.Least <= digits.Most;
}

using Tessera.Cards;
using Tessera.VirtualCard.Os;

namespace Tessera.VirtualCard.Files;

/// <summary>Whether what a channel has authenticated is enough for what it wants to do.</summary>
/// <remarks>
/// <code>
/// security condition   00 always | FF never | b8 all of, else one of: b7 secure messaging (there is none),
///                      b6 key, b5 password | b4 to b1: its number, 0 for the PIN of the card
/// </code>
/// The number stands where a security environment would: environment n is password n and key n, those of the nearest
/// directory upwards that has one.
/// </remarks>
internal sealed class FileSecurity(FileVolume volume, PerChannel<FileSelection> selections, CardPin pin)
{
    private const byte Always = 0x00;
    private const byte Never = 0xFF;
    private const byte All = 0x80;
    private const byte SecureMessaging = 0x40;
    private const byte Key = 0x20;
    private const byte Password = 0x10;

    /// <summary>Null where it may be done.</summary>
    public StatusWord? Refuse(CardFile file, AccessMode mode, byte instruction)
    {
        if (!file.IsUsable) return FileStatus.NotUsable;
        return IsAllowed(file, mode, instruction) ? null : StatusWord.SecurityStatusNotSatisfied;
    }

    /// <summary>The same, whatever its life cycle.</summary>
    public bool IsAllowed(CardFile file, AccessMode mode, byte instruction)
    {
        var rules = file.Control.Rules;
        if (file.IsBeingMade) return true;
        if (rules.IsNone) return file.Control.Kind != FileKind.Internal;
        return rules.Allow(mode, instruction, condition => Holds(condition, file));
    }

    /// <summary>The password or key of that number, in the nearest directory upwards.</summary>
    public CardFile? Find(CardFile from, ReferenceKind kind, int number)
    {
        foreach (var directory in from.Ancestry)
        {
            foreach (var file in directory.Children)
                if (file.Control.Kind == FileKind.Internal && new ReferenceFile(volume, file).Is(kind, number))
                    return file;
        }

        return null;
    }

    private bool Holds(byte condition, CardFile file)
    {
        if (condition is Always or Never) return condition == Always;

        var number = condition & 0x0F;
        var all = (condition & All) != 0;
        var any = false;
        foreach (var mechanism in (ReadOnlySpan<byte>)[SecureMessaging, Key, Password])
        {
            if ((condition & mechanism) == 0) continue;
            var holds = mechanism switch
            {
                Password when number == 0 => pin.IsVerified,
                Password => IsGranted(file, ReferenceKind.Password, number),
                Key => IsGranted(file, ReferenceKind.Key, number),
                _ => false,
            };
            if (all && !holds) return false;
            any |= holds;
        }

        return any;
    }

    private bool IsGranted(CardFile file, ReferenceKind kind, int number) =>
        Find(file, kind, number) is { } reference && selections.Value.Granted.Contains(reference);
}

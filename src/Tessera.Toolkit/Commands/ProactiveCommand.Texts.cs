using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>One line of a SELECT ITEM or SET UP MENU (ETSI TS 102 223 §8.9).</summary>
public readonly record struct MenuItem(byte Identifier, string Text);

/// <summary>Least and most characters of a GET INPUT (ETSI TS 102 223 §8.11); a most of 255 is no limit.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResponseLength(byte Least, byte Most);

/// <summary>What the holder gets to see, read from the objects of the command.</summary>
public sealed partial record ProactiveCommand
{
    /// <summary>The text string, or null where the command has none.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 223 does not know.</exception>
    public string? Text => Find(ObjectTag.TextString) is { } value ? TextString.Decode(value.Span) : null;

    /// <summary>The alpha identifier: title of a list, name of a call.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 221 annex A does not know.</exception>
    public string? Alpha => Find(ObjectTag.AlphaIdentifier) is { } value ? AlphaIdentifier.Decode(value.Span) : null;

    /// <summary>The text a GET INPUT begins with.</summary>
    public string? DefaultText => Find(ObjectTag.DefaultText) is { } value ? TextString.Decode(value.Span) : null;

    /// <summary>Duration, to the tenth of a second; null where none is given.</summary>
    public TimeSpan? Duration => Find(ObjectTag.Duration) is { Length: 2 } value ? ReadDuration(value.Span) : null;

    public ResponseLength? ResponseLength =>
        Find(ObjectTag.ResponseLength) is { Length: 2 } value ? new ResponseLength(value.Span[0], value.Span[1]) : null;

    public byte? DefaultItem => Find(ObjectTag.ItemIdentifier) is { Length: 1 } value ? value.Span[0] : null;

    /// <summary>The items in their order; an item without octets, which removes a menu, is none.</summary>
    /// <exception cref="WireFormatException">A coding that TS 102 221 annex A does not know.</exception>
    public IReadOnlyList<MenuItem> Items =>
    [
        .. Objects.Where(found => found.Name == ObjectTag.Item && found.Value.Length > 0)
            .Select(found => new MenuItem(found.Value.Span[0], AlphaIdentifier.Decode(found.Value.Span[1..]))),
    ];

    /// <summary>True for a GET INPUT whose typing is not to be shown.</summary>
    public bool IsHiddenInput => Type == CommandType.GetInput && (Qualifier & (byte)InputQualifier.HiddenOrYesNo) != 0;

    /// <summary>True for a GET INKEY that wants a yes or a no.</summary>
    public bool IsYesNo => Type == CommandType.GetInkey && (Qualifier & (byte)InputQualifier.HiddenOrYesNo) != 0;

    private static TimeSpan ReadDuration(ReadOnlySpan<byte> value) => (TimeUnit)value[0] switch
    {
        TimeUnit.Minutes => TimeSpan.FromMinutes(value[1]),
        TimeUnit.Seconds => TimeSpan.FromSeconds(value[1]),
        _ => TimeSpan.FromMilliseconds(value[1] * 100),
    };
}

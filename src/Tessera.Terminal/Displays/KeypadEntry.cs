using System.Globalization;

namespace Tessera.Terminal.Displays;

/// <summary>
/// What is typed on twelve keys: digits, an amount that fills from the right, letters by pressing a key again.
/// </summary>
internal sealed class KeypadEntry : IDisposable
{
    private const int MaxLength = 160;

    /// <summary>What a key gives: its digit, and in text first what follows it.</summary>
    private static readonly string[] Letters =
        ["0 ", "1.,-?!", "2ABC", "3DEF", "4GHI", "5JKL", "6MNO", "7PQRS", "8TUV", "9WXYZ"];

    private readonly char[] _typed;
    private readonly int _least;
    private readonly int _width;
    private readonly Style _style;
    private int _count;
    private int _key = -1;

    private KeypadEntry(Style style, int least, int most, int width)
    {
        (_style, _least, _width) = (style, least, width);
        _typed = new char[Math.Clamp(most, 1, MaxLength)];
    }

    private enum Style
    {
        Digits,
        Letters,
        Amount,
        Hidden,
    }

    public bool IsEmpty => _count == 0;

    public bool IsComplete => _count >= _least;

    public string Shown => _style switch
    {
        Style.Hidden => new string('*', _count),
        Style.Amount => Amount(),
        _ => new string(_typed, 0, _count)[Math.Max(0, _count - _width + 1)..] + "_",
    };

    /// <param name="width">Characters of the line where it is shown.</param>
    public static KeypadEntry? For(ScreenRequest request, int width) => request switch
    {
        TextAsked asked => new KeypadEntry(asked.Digits ? Style.Digits : Style.Letters, asked.Least, asked.Most, width),
        AmountAsked asked => new KeypadEntry(Style.Amount, 1, asked.MostDigits, width),
        SecretAsked secret => new KeypadEntry(Style.Hidden, secret.Least, secret.Most, width),
        _ => null,
    };

    public void Add(int key)
    {
        if (_style == Style.Letters && key == _key)
        {
            var group = Letters[key];
            _typed[_count - 1] = group[(group.IndexOf(_typed[_count - 1], StringComparison.Ordinal) + 1) % group.Length];
            return;
        }

        if (_count == _typed.Length || (_style == Style.Amount && key == 0 && _count == 0)) return;
        _typed[_count++] = Letters[key][_style == Style.Letters ? 1 : 0];
        _key = key;
    }

    /// <summary>The character stands; the same key begins the next one.</summary>
    public void Accept() => _key = -1;

    public void Remove()
    {
        _typed[--_count] = '\0';
        _key = -1;
    }

    public Entry Take() => new(_typed.AsSpan(0, _count));

    public void Dispose() => Array.Clear(_typed);

    private string Amount()
    {
        var minor = _count == 0 ? 0 : long.Parse(_typed.AsSpan(0, _count), NumberStyles.None, CultureInfo.InvariantCulture);
        return (minor / 100m).ToString("0.00", CultureInfo.InvariantCulture).PadLeft(_width);
    }
}

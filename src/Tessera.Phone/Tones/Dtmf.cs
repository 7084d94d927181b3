namespace Tessera.Phone.Tones;

/// <summary>
/// The keys of a telephone and their frequencies (ITU-T Q.23): one of the low group and one of the high.
/// </summary>
public static class Dtmf
{
    /// <summary>Row by row, as they lie on the telephone.</summary>
    public const string Keys = "123A456B789C*0#D";

    internal const int Groups = 4;

    /// <summary>Of the rows, in Hz.</summary>
    public static IReadOnlyList<double> Low { get; } = [697, 770, 852, 941];

    /// <summary>Of the columns, in Hz.</summary>
    public static IReadOnlyList<double> High { get; } = [1209, 1336, 1477, 1633];

    /// <summary>Row and column of a key.</summary>
    /// <exception cref="ArgumentException">No telephone has that key.</exception>
    public static (int Row, int Column) PlaceOf(char key)
    {
        var place = Keys.IndexOf(key, StringComparison.Ordinal);
        return place >= 0
            ? (place / Groups, place % Groups)
            : throw new ArgumentException($"No telephone has a key '{key}'.", nameof(key));
    }
}

namespace Tessera.Phone.Tones;

/// <summary>A tone of some frequencies at once, on and off in turns.</summary>
/// <param name="Frequencies">In Hz.</param>
/// <param name="Level">Of each, in dBm0.</param>
/// <param name="On">How long it is to be heard.</param>
/// <param name="Off">How long it is not; zero where it does not end.</param>
public sealed record Cadence(IReadOnlyList<double> Frequencies, double Level, TimeSpan On, TimeSpan Off)
{
    private const double Progress = -13;

    /// <summary>Dial tone as ITU-T E.180 recommends it: 425 Hz without a break.</summary>
    public static readonly Cadence Dial = new([425], Progress, TimeSpan.FromSeconds(1), TimeSpan.Zero);

    /// <summary>It rings (E.180): 1 s of 5.</summary>
    public static readonly Cadence Ringback = new([425], Progress, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    /// <summary>The line is busy (E.180): half of every second.</summary>
    public static readonly Cadence Busy =
        new([425], Progress, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5));

    /// <summary>No way through the network (E.180): half of every half second.</summary>
    public static readonly Cadence Congestion =
        new([425], Progress, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.25));
}

namespace Tessera.Terminal.Serial.Ends;

/// <summary>What an end of a serial line knows of it.</summary>
public sealed record SerialOptions
{
    public const int MinBitRate = 1200;
    public const int MaxBitRate = 100_000_000;

    /// <summary>
    /// Bits a second, ten to an octet: no more is handed to the line than it takes. Default 115,200.
    /// </summary>
    public int BitRate { get; init; } = 115_200;

    /// <summary>Only one side speaks at a time, as through infrared. Both ends know it. Default no.</summary>
    public bool HalfDuplex { get; init; }

    /// <summary>Between two Opens that nobody answers. Default 1 s.</summary>
    public TimeSpan OpenEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence before the other side is asked for a sign of life. Default 5 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence that ends the connection. Default 15 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a line of that speed is busy with so many octets.</summary>
    public TimeSpan TimeOf(int octets) => TimeSpan.FromTicks(octets * 10L * TimeSpan.TicksPerSecond / BitRate);

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check(string parameter)
    {
        if (BitRate is < MinBitRate or > MaxBitRate)
            throw new ArgumentException($"A line has {MinBitRate} to {MaxBitRate} bit/s, not {BitRate}.", parameter);
        if (OpenEvery <= TimeSpan.Zero || KeepAlive <= TimeSpan.Zero || Silence <= KeepAlive)
            throw new ArgumentException("Silence is longer than the time to a sign of life, and no time is zero.", parameter);
    }
}

namespace Tessera.Smpp.Centre;

/// <summary>How long a side of the air waits and what it takes (docs/protocols/air.md §2).</summary>
public sealed record AirLimits
{
    /// <summary>From connect to ATTACH, or from ATTACH to its answer. Default 10 s.</summary>
    public TimeSpan Attach { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the answer to an RP-DATA, TR1N or TR1M of TS 24.011 §10. Default 40 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Silence before PING. Default 30 s.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence that ends the connection. Default 75 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Phones the centre takes at once. Default 256.</summary>
    public int MaxPhones { get; init; } = 256;

    /// <summary>RP-DATA the centre takes from one phone in a second. Default 20.</summary>
    public int MaxPerSecond { get; init; } = 20;
}

using Tessera.Terminal.Serial.Ends;

namespace Tessera.Terminal.Serial;

/// <summary>Where a relay carries the connections of its device.</summary>
public sealed record SerialRelayOptions
{
    /// <summary>The server that takes links in plain TLS streams.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public SerialOptions Serial { get; init; } = new();

    /// <summary>For a connection to the server. Default 10 s: a device that waits longer gives up.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before it looks again at a port that went away. Default 1 s.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told in a sentence what happens, for people; must return at once. Default nobody.</summary>
    public Action<string> Told { get; init; } = _ => { };
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Hosting;

/// <summary>What the server measures of itself; exported by OTLP where that is configured.</summary>
public sealed class Telemetry : IDisposable
{
    public const string Name = "Tessera.Server";

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _sessions;
    private readonly Histogram<double> _duration;

    public Telemetry(Func<int> terminals)
    {
        _sessions = _meter.CreateCounter<long>("tessera.sessions", "{session}", "Sessions by how they ended");
        _duration = _meter.CreateHistogram<double>("tessera.session.duration", "s", "From login to end");
        _meter.CreateObservableGauge("tessera.terminals.connected", terminals, "{terminal}", "Terminals with a link");
    }

    public Activity? StartSession() => _source.StartActivity("session", ActivityKind.Server);

    public void SessionEnded(SessionEnd end, TimeSpan duration)
    {
        var how = new KeyValuePair<string, object?>("end", end.ToString());
        _sessions.Add(1, how);
        _duration.Record(duration.TotalSeconds, how);
    }

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }
}

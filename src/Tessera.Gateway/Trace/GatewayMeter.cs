using System.Diagnostics.Metrics;

namespace Tessera.Gateway;

/// <summary>What the gateway measures of itself, from the events it tells.</summary>
internal sealed class GatewayMeter : IDisposable
{
    private readonly Meter _meter = new(SmsGateway.MeterName);
    private readonly Counter<long> _messages;
    private readonly Counter<long> _octets;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _resends;
    private readonly Counter<long> _failed;

    public GatewayMeter(Func<int> sessions, Func<bool> bound)
    {
        _messages = _meter.CreateCounter<long>("tessera.gateway.messages", "{message}", "Short messages by direction");
        _octets = _meter.CreateCounter<long>("tessera.gateway.octets", "By", "Octets of user data by direction");
        _refused = _meter.CreateCounter<long>("tessera.gateway.refused", "{message}", "Dropped, by reason");
        _resends = _meter.CreateCounter<long>("tessera.gateway.resends", "{script}", "Scripts sent again");
        _failed = _meter.CreateCounter<long>("tessera.gateway.failed", "{message}", "Messages that never arrived");
        _meter.CreateObservableGauge("tessera.gateway.sessions", sessions, "{session}", "Sessions that are open");
        _meter.CreateObservableGauge(
            "tessera.gateway.bound", () => bound() ? 1 : 0, "{connection}", "Bound to the SMSC");
    }

    public void Count(GatewayEvent told)
    {
        switch (told)
        {
            case SessionOpened { Count: var count }:
                Add("up", count);
                break;
            case AnswerTaken { Count: var count }:
                Add("up", count);
                break;
            case ScriptSent sent:
                Add("down", sent.Count);
                if (sent.Send > 1) _resends.Add(1);
                break;
            case PartSettled { State: PartState.Failed }:
                _failed.Add(1);
                break;
            case MessageRefused { Why: var why }:
                _refused.Add(1, new KeyValuePair<string, object?>("reason", why.ToString()));
                break;
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Add(string direction, MessageCount count)
    {
        var tag = new KeyValuePair<string, object?>("direction", direction);
        _messages.Add(count.Messages, tag);
        _octets.Add(count.Octets, tag);
    }
}

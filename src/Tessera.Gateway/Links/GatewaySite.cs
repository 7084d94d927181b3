using Tessera.Cards;

namespace Tessera.Gateway;

/// <summary>What the links of one gateway share.</summary>
internal sealed record GatewaySite(
    SmsGatewayOptions Options, IGatewayStore Store, SmscRoad Road, GatewayMeter Meter, TimeProvider Time)
{
    public LateAnswers Late { get; } = new(Options, Store);

    public void Tell(GatewayEvent told)
    {
        Meter.Count(told);
        Options.Told(told);
    }

    /// <exception cref="ArgumentException">There are no keys of the subscriber's version.</exception>
    public MasterKeys KeysOf(Subscriber subscriber) => Options.Keys(subscriber.KeyVersion)
        ?? throw new ArgumentException($"There are no keys of version {subscriber.KeyVersion:X2}.", nameof(subscriber));
}

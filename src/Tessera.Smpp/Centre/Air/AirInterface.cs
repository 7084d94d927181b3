using System.IO.Pipelines;

namespace Tessera.Smpp.Centre;

/// <summary>The centre's side of the air: the phones that are attached, and whose SIMs they hold.</summary>
internal sealed class AirInterface(
    CentreOptions options, NumberPlan plan, MessageRegister register, EventStream events)
{
    private readonly Dictionary<Imsi, PhoneRecipient> _subscribers = [];
    private readonly HashSet<AirPhone> _phones = [];
    private readonly Lock _gate = new();

    public CentreOptions Options => options;

    public NumberPlan Plan => plan;

    public MessageRegister Register => register;

    public void Add(PhoneRecipient recipient) => _subscribers.Add(recipient.Subscriber.Imsi, recipient);

    public async Task ServeAsync(IDuplexPipe pipe, CancellationToken cancel)
    {
        using var phone = new AirPhone(this, pipe);
        await phone.RunAsync(cancel);
    }

    public PhoneRecipient? Find(Imsi imsi) => _subscribers.GetValueOrDefault(imsi);

    /// <returns>False if there is no room for another phone.</returns>
    public bool TryAdd(AirPhone phone)
    {
        lock (_gate) return _phones.Count < options.Air.MaxPhones && _phones.Add(phone);
    }

    /// <summary>True if the same message of the same phone waits already (3GPP TS 23.040 §9.2.3.25, TP-RD).</summary>
    public bool Holds(HeldMessage draft) => register.Holds(draft.To, held =>
        held.From == draft.From && held.Reference == draft.Reference && held.Destination == draft.Destination
        && held.Tells is null);

    public void Attached(PhoneRecipient recipient)
    {
        var (imsi, number) = recipient.Subscriber;
        events.Publish(new PhoneAttached(register.Time.GetUtcNow(), number, imsi));
    }

    public void Ended(AirPhone phone, PhoneRecipient? recipient, AirEnd how)
    {
        lock (_gate) _phones.Remove(phone);
        var now = register.Time.GetUtcNow();
        if (recipient is not null) events.Publish(new PhoneDetached(now, recipient.Subscriber.Number, how.Text));
        else if (how.Cause is { } cause) events.Publish(new PhoneRefused(now, cause, how.Text));
    }
}

using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>A subscriber, to whose phone messages go one at a time.</summary>
internal sealed class PhoneRecipient(Subscriber subscriber, MessageRegister register, CentreOptions options)
    : Recipient(Party.Of(subscriber.Number), register, options.MaxQueuedForPhone, window: 1)
{
    private readonly Address _centre =
        new(TypeOfNumber.International, NumberingPlan.Telephone, options.Number.Digits);

    private AirPhone? _phone;

    public Subscriber Subscriber => subscriber;

    public bool IsAttached
    {
        get
        {
            lock (Gate) return IsPresent;
        }
    }

    protected override bool IsPresent => _phone is not null;

    /// <summary>The phone is there: what waits for it goes out.</summary>
    /// <param name="welcome">
    /// Tells it so, before anything goes out, and not before it has its place: who knows may be gone and back at once.
    /// </param>
    /// <returns>The older one with the same SIM.</returns>
    public AirPhone? Attach(AirPhone phone, Action welcome)
    {
        lock (Gate)
        {
            var older = _phone;
            _phone = phone;
            welcome();
            Wake();
            return older;
        }
    }

    public void Detach(AirPhone phone)
    {
        lock (Gate)
        {
            if (_phone == phone) _phone = null;
        }
    }

    /// <summary>The phone has room again, or is heard after a silence.</summary>
    public void HasRoom()
    {
        lock (Gate) Wake();
    }

    protected override async Task<Attempt> OfferAsync(QueuedMessage message, CancellationToken cancel)
    {
        AirPhone? phone;
        lock (Gate) phone = _phone;
        if (phone is null) return Attempt.Later("The phone is not there.");

        try
        {
            var tpdu = MobileTerminated.Of(message.Message).ToBytes();
            var answer = await phone.SendAsync(
                reference => new RpData(Direction.ToMobile, reference, _centre, tpdu), cancel);
            return answer is RpError error ? MobileTerminated.AttemptOf(error) : Attempt.Taken;
        }
        catch (Exception e) when (e is TimeoutException or ConnectionLostException)
        {
            return Attempt.Later(e.Message);
        }
    }
}

using System.IO.Pipelines;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>The centre's side of one connection on the air.</summary>
internal sealed class AirPhone : IDisposable
{
    private readonly AirInterface _air;
    private readonly AirConnection _connection;
    private readonly RpLink _relay;
    private readonly Throttle _throttle;
    private PhoneRecipient? _recipient;

    public AirPhone(AirInterface air, IDuplexPipe pipe)
    {
        _air = air;
        var (limits, time) = (air.Options.Air, air.Register.Time);
        _connection = new AirConnection(pipe, AirRole.Centre, limits, time);
        _relay = new RpLink(_connection, Direction.ToMobile, limits.Answer, time, AnswerAsync);
        _throttle = new Throttle(limits.MaxPerSecond);
    }

    /// <summary>Serves the connection to its end.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var time = _air.Register.Time;
        await using var late = time.CreateTimer(
            _ => Late(), state: null, _air.Options.Air.Attach, Timeout.InfiniteTimeSpan);
        var how = await _connection.RunAsync(Handle, cancel);
        _recipient?.Detach(this);
        await _relay.CloseAsync(how);
        _air.Ended(this, _recipient, how);
    }

    public Task<RpMessage> SendAsync(Func<byte, RpMessage> message, CancellationToken cancel) =>
        _relay.SendAsync(message, cancel);

    public void Refuse(AirCause cause, string text) => _connection.Refuse(cause, text);

    public void Dispose() => _relay.Dispose();

    private void Late()
    {
        if (_recipient is null) Refuse(AirCause.ProtocolError, "No ATTACH came in time.");
    }

    private void Handle(AirFrame frame)
    {
        switch (frame.Type)
        {
            case AirFrameType.Attach when _recipient is null:
                Attach(frame.Body.Read<Imsi>());
                break;
            case AirFrameType.Rp when _recipient is not null:
                _relay.Take(frame.Body);
                break;
            case AirFrameType.Detach when _recipient is not null:
                _connection.End(new AirEnd(Cause: null, "The phone detached."));
                break;
            default:
                throw new WireFormatException("type", 0, $"{frame.Type} has no place here");
        }
    }

    private void Attach(Imsi imsi)
    {
        if (_air.Find(imsi) is not { } recipient)
        {
            Refuse(AirCause.UnknownSubscriber, "No subscriber has that IMSI.");
            return;
        }

        if (!_air.TryAdd(this))
        {
            Refuse(AirCause.Congestion, "Too many phones are attached.");
            return;
        }

        _recipient = recipient;
        var older = recipient.Attach(this, () =>
        {
            _connection.Send(
                AirFrameType.Attached, Bytes.Of(output => recipient.Subscriber.Number.Write(new ByteWriter(output))));
            _air.Attached(recipient);
        });
        older?.Refuse(AirCause.ImplicitlyDetached, "The SIM attached elsewhere.");
    }

    private async Task<RpMessage> AnswerAsync(RpMessage message, CancellationToken cancel)
    {
        if (message is not RpData data)
        {
            _recipient!.HasRoom();
            return new RpAck(Direction.ToMobile, message.Reference);
        }

        var now = _air.Register.Time.GetUtcNow();
        var failure = await SubmitAsync(data, now, cancel);
        var report = new SmsSubmitReport(TimeStamp.Of(now), failure).ToBytes();
        return failure is { } cause
            ? new RpError(Direction.ToMobile, data.Reference, MobileOriginated.CauseOf(cause), Tpdu: report)
            : new RpAck(Direction.ToMobile, data.Reference, report);
    }

    /// <returns>Null when the message is stored.</returns>
    private async Task<FailureCause?> SubmitAsync(RpData data, DateTimeOffset now, CancellationToken cancel)
    {
        var party = _recipient!.Party;
        if (!_throttle.TryPass(now)) return Refused("The phone sends too fast.", FailureCause.CentreBusy);
        if (Read(data.Tpdu) is not { } submit) return Refused("It is no SMS-SUBMIT.", FailureCause.TpduNotSupported);

        var failure = MobileOriginated.Check(
            submit, _recipient.Subscriber.Number, _air.Plan, _air.Options.Validity, now, out var draft);
        if (failure is { } cause) return Refused(cause.ToString(), cause, submit.Destination.ToString());
        if (submit.RejectDuplicates && _air.Holds(draft!))
            return Refused("It waits already.", FailureCause.DuplicateRejected, submit.Destination.ToString());

        return MobileOriginated.FailureOf((await _air.Register.SubmitAsync(draft!, cancel)).Status);

        FailureCause Refused(string reason, FailureCause why, string destination = "")
        {
            _air.Register.Refused(party, destination, reason);
            return why;
        }
    }

    private static SmsSubmit? Read(Bytes tpdu)
    {
        try
        {
            return Tpdu.Read(tpdu, Direction.ToCentre) as SmsSubmit;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}

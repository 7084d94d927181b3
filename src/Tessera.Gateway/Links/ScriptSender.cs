using Tessera.Smpp;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// Gets the scripts of one session to the card: one packet in flight at a time, each written down before its first
/// message leaves, and sent again under a new counter when the one before can no longer arrive or was not answered.
/// </summary>
internal sealed class ScriptSender(GatewaySite site, SmsSession session, Subscriber subscriber, OutboxPacket? earlier)
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _begun = site.Time.GetUtcNow();
    private PacketInFlight? _packet = earlier is null ? null : new PacketInFlight(earlier);
    private SmsTraffic _traffic = session.Traffic;
    private ulong _counter;
    private ulong _lastReserved;
    private bool _stopped;

    public SmsTraffic Traffic
    {
        get
        {
            lock (_gate) return _traffic;
        }
    }

    /// <summary>Sends a script until it is answered or was sent as often as it may.</summary>
    /// <param name="validUntil">When the session ends, as far as is known now.</param>
    public async Task SendAsync(Flight flight, Func<DateTimeOffset> validUntil, CancellationToken stop)
    {
        var known = await site.Store.ScriptAsync(session.Id, flight.Number, stop);
        if (known is not null && known.Script != flight.Script)
            throw new ArgumentException($"Another script was sent under number {flight.Number}.", nameof(flight));
        if (known?.Answer is { } answer)
        {
            flight.Take(answer);
            return;
        }

        var sends = known?.Sends ?? 0;
        if (sends > 0) await GoOnAsync(flight, sends, stop);
        while (sends < site.Options.MaxSends)
        {
            await ClearRoadAsync(stop);
            await PackAsync(flight, ++sends, validUntil(), stop);
            await GoOnAsync(flight, sends, stop);
        }
    }

    /// <summary>A script was answered: its packet has arrived.</summary>
    public void Answered(byte number)
    {
        lock (_gate)
        {
            if (_packet?.Carries(session.Id, number) ?? false) _packet = null;
        }
    }

    public void Settle(PartReference part, PartState state)
    {
        lock (_gate) _packet?.Set(part, state);
    }

    public void CountUp(MessageCount count)
    {
        lock (_gate) _traffic = _traffic with { Up = _traffic.Up + count };
    }

    /// <summary>The session is over: nothing new is put into the outbox.</summary>
    public void Stop()
    {
        lock (_gate) _stopped = true;
    }

    /// <summary>Hands over what is left of the packet and waits until it is time to send its script again.</summary>
    private async Task GoOnAsync(Flight flight, int sends, CancellationToken stop)
    {
        if (Current is not { } packet || !packet.Carries(session.Id, flight.Number))
        {
            await WaitAsync(site.Options.Quiet, sends, stop);
            return;
        }

        await SubmitAsync(packet, stop);
        var fate = await FateAsync(packet, packet.ValidUntil, stop);
        await WaitAsync(fate == PacketFate.Delivered ? site.Options.Quiet : site.Options.AfterFailure, sends, stop);
    }

    /// <summary>Waits until an earlier packet is gone, so that one is in flight.</summary>
    private async Task ClearRoadAsync(CancellationToken stop)
    {
        if (Current is not { } packet) return;
        packet.Abandon();
        var overtaken = _begun + site.Options.Overtake;
        var last = packet.Of(session.Id) || packet.ValidUntil < overtaken ? packet.ValidUntil : overtaken;
        await FateAsync(packet, last, stop);
        lock (_gate)
        {
            if (_packet == packet) _packet = null;
        }
    }

    private PacketInFlight? Current
    {
        get
        {
            lock (_gate) return _packet;
        }
    }

    private async Task PackAsync(Flight flight, int send, DateTimeOffset validUntil, CancellationToken stop)
    {
        var counter = await NextCounterAsync(stop);
        var octets = CardPacket.Wrap(site.KeysOf(subscriber), session.Id.Card, counter, flight.Script);
        var parts = CardMessage.Cut(octets, reference: (byte)counter);
        var packet = new OutboxPacket(
            session.Id, flight.Number, counter, validUntil, parts.Select(part => new OutboxPart(part)).ToSequence());
        ThrowIfStopped();
        await site.Store.AddAsync(packet, flight.Script, stop);
        lock (_gate) _packet = new PacketInFlight(packet);
        site.Tell(new ScriptSent(
            site.Time.GetUtcNow(), session.Id, flight.Number, send, counter, flight.Script,
            new MessageCount(parts.Count, parts.Sum(part => part.Length))));
    }

    private async Task<ulong> NextCounterAsync(CancellationToken stop)
    {
        if (_counter == _lastReserved)
        {
            var first = await site.Store.ReserveAsync(session.Id.Card, site.Options.CounterBlock, stop);
            (_counter, _lastReserved) = (first - 1, first - 1 + (ulong)site.Options.CounterBlock);
        }

        return ++_counter;
    }

    private async Task SubmitAsync(PacketInFlight packet, CancellationToken stop)
    {
        while (packet.NextToSend() is var (part, userData))
        {
            stop.ThrowIfCancellationRequested();
            var response = await site.Road.SubmitAsync(() => MessageOf(userData, packet.ValidUntil), stop);

            // Whoever waited may be gone by now; what the SMSC has is counted all the same.
            var now = site.Time.GetUtcNow();
            if (response.Status == CommandStatus.Ok)
            {
                var id = MessageIds.Key(response.MessageId);
                var state = await site.Store.AcceptedAsync(part, id, now, CancellationToken.None);
                packet.Set(part, state);
                CountDown(userData);
                site.Tell(new PartAccepted(now, part, response.MessageId));
                if (state != PartState.Accepted) site.Tell(new PartSettled(now, part, state));
            }
            else
            {
                await site.Store.RefusedAsync(part, now, CancellationToken.None);
                packet.Set(part, PartState.Failed);
                packet.Abandon();
                site.Tell(new PartSettled(now, part, PartState.Failed));
            }
        }
    }

    private SubmitSm MessageOf(Bytes userData, DateTimeOffset validUntil) => new()
    {
        Source = site.Options.ServiceNumber,
        Destination = SmppAddress.International(subscriber.Number),
        EsmClass = EsmClass.WithHeader,
        ProtocolId = CardMessage.ProtocolId,
        DataCoding = DataCoding.Sim,
        RegisteredDelivery = RegisteredDelivery.Always,
        ValidityPeriod = SmppTime.FromNow(Left(validUntil)),
        Text = userData,
    };

    private void CountDown(Bytes userData)
    {
        lock (_gate) _traffic = _traffic with { Down = _traffic.Down + new MessageCount(1, userData.Length) };
    }

    private async Task<PacketFate> FateAsync(PacketInFlight packet, DateTimeOffset until, CancellationToken stop)
    {
        try
        {
            return await packet.Fate.WaitAsync(Left(until), site.Time, stop);
        }
        catch (TimeoutException)
        {
            return PacketFate.Lapsed;
        }
    }

    private TimeSpan Left(DateTimeOffset until)
    {
        var left = until - site.Time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void ThrowIfStopped()
    {
        lock (_gate)
        {
            if (_stopped) throw new ConnectionLostException("The session is over.");
        }
    }

    private Task WaitAsync(TimeSpan first, int sends, CancellationToken stop) =>
        Task.Delay(first * Math.Pow(2, sends - 1), site.Time, stop);
}

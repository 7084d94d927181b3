using Tessera.Smpp;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// Takes what the SMSC delivers, one message after the other: nothing is acknowledged before it is on record, and what
/// is not from a card of ours is dropped without an answer.
/// </summary>
internal sealed class Reception(GatewaySite site, LinkTable links, TextSender texts) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly PartAssembly _assembly = new(site.Options);
    private readonly PacketReading _reading = new(site.Options);

    /// <summary>Goes on with the messages that waited before the gateway was started.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        foreach (var part in await site.Store.InboxAsync(cancel))
        {
            if (_assembly.Add(part) is PartWaiting { Dropped: var dropped })
                await ForgetAsync(dropped, Refusal.Incomplete, cancel);
        }

        await TidyAsync(cancel);
    }

    /// <returns>What the SMSC is told: that it is taken, or that it shall come again.</returns>
    public async ValueTask<CommandStatus> TakeAsync(DeliverSm message, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            return message.EsmClass.Type == MessageType.Default
                ? await TakeMessageAsync(message, cancel)
                : await TakeReceiptAsync(message, cancel);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets messages whose packet did not become whole in time.</summary>
    public async Task TidyAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            await ForgetAsync(_assembly.Expire(site.Time.GetUtcNow()), Refusal.Incomplete, cancel);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Awaits what is at work; what came behind it was cancelled with its connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _gate.Dispose();
    }

    private async Task<CommandStatus> TakeReceiptAsync(DeliverSm message, CancellationToken cancel)
    {
        if (DeliveryReceipt.Find(message) is not { } receipt || StateOf(receipt) is not { } state)
            return CommandStatus.Ok;

        var now = site.Time.GetUtcNow();
        var id = MessageIds.KeyOfReceipt(receipt.MessageId, site.Options.ReceiptIds);
        if (texts.Settle(id, state)) return CommandStatus.Ok;
        if (await site.Store.ReceiptAsync(SenderOf(message), id, state, now, cancel) is { } part)
        {
            site.Tell(new PartSettled(now, part, state));
            links.At(part.Session.Card)?.Settle(part, state);
        }

        return CommandStatus.Ok;
    }

    private async Task<CommandStatus> TakeMessageAsync(DeliverSm message, CancellationToken cancel)
    {
        var part = new InboxPart(SenderOf(message), message.Content, site.Time.GetUtcNow());
        var subscribers = await site.Store.FindAsync(part.Sender, cancel);
        if (subscribers.Count == 0) return Refuse(part, Refusal.UnknownNumber);
        if (!message.EsmClass.Udhi) return Refuse(part, Refusal.Malformed);

        await ForgetAsync(_assembly.Expire(part.Received), Refusal.Incomplete, cancel);
        switch (_assembly.Add(part))
        {
            case PartRefused { Why: var why }:
                return Refuse(part, why);
            case PartWaiting { Dropped: var dropped }:
                await ForgetAsync(dropped, Refusal.Incomplete, cancel);
                await site.Store.KeepAsync(part, cancel);
                site.Tell(new PartReceived(part.Received, part.Sender, part.UserData.Length));
                return CommandStatus.Ok;
            case PacketWhole whole:
                var status = await TakePacketAsync(part, whole, subscribers, cancel);
                if (status == CommandStatus.Ok) _assembly.Forget(whole.Waited);
                return status;
            default:
                return CommandStatus.Ok;
        }
    }

    private async Task<CommandStatus> TakePacketAsync(
        InboxPart last, PacketWhole whole, IReadOnlyList<Subscriber> subscribers, CancellationToken cancel)
    {
        if (!_reading.TryRead(whole, subscribers, last.Received, out var read, out var why))
        {
            if (whole.Waited.Count > 0) await site.Store.ForgetAsync(whole.Waited, cancel);
            return Refuse(last, why);
        }

        var (subscriber, arrival) = read;
        if (arrival is OpeningArrival && !links.HaveRoom(arrival.Card)) return CommandStatus.ReceiverTemporaryError;

        // What can fail comes before what is taken is on record, and what is on record is handed out.
        var earlier = arrival is OpeningArrival ? await site.Store.InFlightAsync(arrival.Card, cancel) : null;
        var taking = await site.Store.TakeAsync(arrival, cancel);
        switch (taking, arrival)
        {
            case (Taking.Replayed, _):
                return Refuse(last, Refusal.Replayed);
            case (Taking.Unasked, _):
                return Refuse(last, Refusal.Unasked);
            case (_, UnreadableArrival):
                return Refuse(last, Refusal.UnknownContent);
            case (_, AnnouncementArrival announcement):
                site.Tell(new CardAnnounced(
                    announcement.At, announcement.Card, announcement.Counter, announcement.Count));
                break;
            case (_, OpeningArrival opening):
                site.Tell(new SessionOpened(
                    opening.At, opening.Session, opening.Counter, Shown(opening.Opening), opening.Count));
                if (taking == Taking.Taken) Open(opening, subscriber, earlier);
                else if (links.At(opening.Card) is { } link && link.Id == opening.Session)
                    link.Hear(opening.At, opening.Count);
                break;
            case (_, AnswerArrival answer):
                Answer(answer, taking);
                break;
        }

        return CommandStatus.Ok;
    }

    /// <summary>A login is a secret, whatever else an opening tells.</summary>
    private static Bytes Shown(Bytes octets) => octets.Read<Opening>() is { Login: not null } opening
        ? Bytes.Of(opening with { Login = LoginPair.Masked })
        : octets;

    private void Open(OpeningArrival opening, Subscriber subscriber, OutboxPacket? earlier)
    {
        links.Open(opening, subscriber, earlier);

        // The session before may have ended by it with an answer that nobody took.
        site.Late.Offer();
    }

    private void Answer(AnswerArrival answer, Taking taking)
    {
        site.Tell(new AnswerTaken(
            answer.At, answer.Session, answer.Number, answer.Counter, answer.Answer, answer.Count,
            taking == Taking.Again, taking == Taking.Late));
        if (taking == Taking.Late) site.Late.Offer();
        if (links.At(answer.Card) is not { } link || link.Id != answer.Session) return;
        link.Hear(answer.At, answer.Count);
        if (taking == Taking.Taken) link.Answer(answer.Number, answer.Answer);
    }

    private async Task ForgetAsync(IReadOnlyList<InboxPart> parts, Refusal why, CancellationToken cancel)
    {
        if (parts.Count == 0) return;
        await site.Store.ForgetAsync(parts, cancel);
        foreach (var part in parts) Refuse(part, why);
    }

    private CommandStatus Refuse(InboxPart part, Refusal why)
    {
        site.Tell(new MessageRefused(site.Time.GetUtcNow(), part.Sender, why, part.UserData.Length));
        return why == Refusal.Crowded ? CommandStatus.ReceiverTemporaryError : CommandStatus.Ok;
    }

    /// <summary>Only what is final; an operator's own word says nothing.</summary>
    private static PartState? StateOf(DeliveryReceipt receipt) => receipt.State switch
    {
        MessageState.Delivered => PartState.Delivered,
        MessageState.Expired or MessageState.Deleted or MessageState.Undeliverable or MessageState.Rejected =>
            PartState.Failed,
        _ => null,
    };

    private static string SenderOf(DeliverSm message) => message.Source.Digits.TrimStart('+');
}

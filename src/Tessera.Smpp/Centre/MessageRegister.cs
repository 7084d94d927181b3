using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>What became of handing a message to the centre.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Submission(CommandStatus Status, long Id = 0);

/// <summary>
/// Every message from the moment it is taken to its one end: stored, then offered, then ended together with its
/// receipt.
/// </summary>
internal sealed class MessageRegister(
    CentreOptions options, IMessageStore store, TimeProvider time, EventStream events, long lastId) : IDisposable
{
    private const int QuotedCharacters = 20;

    private readonly ConcurrentDictionary<long, HeldMessage> _held = new();
    private readonly ConcurrentDictionary<long, (Recipient Recipient, QueuedMessage Message)> _taken = new();
    private readonly Dictionary<Party, Recipient> _recipients = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId = lastId;
    private int _count;

    public TimeProvider Time => time;

    public RetrySchedule Retry => options.Retry;

    public CancellationToken Closed => _closed.Token;

    public Task Failed => _failed.Task;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<Recipient> Recipients => _recipients.Values;

    public void Add(Recipient recipient) => _recipients.Add(recipient.Party, recipient);

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Puts a message back where it waited when the centre ended.</summary>
    public async Task RestoreAsync(HeldMessage message)
    {
        Hold(message);
        if (_recipients.TryGetValue(message.To, out var recipient)) recipient.Restore(message);
        else await EndAsync(message, MessageState.Rejected, error: 0);
    }

    /// <summary>Takes a message: when this returns it is stored and may leave, or refused.</summary>
    /// <param name="draft">Without an id.</param>
    public async ValueTask<Submission> SubmitAsync(HeldMessage draft, CancellationToken cancel)
    {
        var taken = await TakeAsync(draft, cancel);
        Release(taken.Id);
        return taken;
    }

    /// <summary>Takes a message that leaves when it is released: when this returns it is stored, or refused.</summary>
    /// <param name="draft">Without an id.</param>
    public async ValueTask<Submission> TakeAsync(HeldMessage draft, CancellationToken cancel)
    {
        if (_failed.Task.IsCompleted) return Refused(draft, CommandStatus.SystemError, "The store has failed.");

        var recipient = _recipients[draft.To];
        if (IsFullFor(draft) || recipient.TryAdd(draft, bounded: true) is not { } queued)
            return Refused(draft, CommandStatus.MessageQueueFull, "Too many messages wait.");

        try
        {
            await store.AddAsync(queued.Message, cancel);
        }
        catch (Exception e)
        {
            recipient.Withdraw(queued.Message.Id);
            if (e is OperationCanceledException) throw;
            return Refused(draft, CommandStatus.SystemError, e.Message);
        }

        Hold(queued.Message);
        _taken[queued.Message.Id] = (recipient, queued);
        return new Submission(CommandStatus.Ok, queued.Message.Id);
    }

    /// <summary>What was taken may leave; nothing happens where nothing was.</summary>
    public void Release(long id)
    {
        if (_taken.TryRemove(id, out var taken)) Release(taken.Recipient, taken.Message);
    }

    /// <summary>Tells who watches that a message was not taken.</summary>
    public void Refused(Party from, string destination, string reason)
    {
        if (events.IsWatched) events.Publish(new MessageRefused(time.GetUtcNow(), from, destination, reason));
    }

    /// <summary>Ends a message for good, together with the receipt about it.</summary>
    public async Task EndAsync(HeldMessage message, MessageState state, byte error)
    {
        var done = new MessageEnd(message.Id, message.From, state, error, message.Submitted, time.GetUtcNow());
        Recipient? sender = null;
        QueuedMessage? receipt = null;
        if (IsWanted(message, state) && _recipients.TryGetValue(message.From, out sender))
            receipt = sender.TryAdd(Receipt(message, done), bounded: false);

        await store.EndAsync(done, receipt?.Message, CancellationToken.None);
        if (receipt is not null) Hold(receipt.Message);
        if (_held.TryRemove(message.Id, out _)) Interlocked.Decrement(ref _count);
        if (events.IsWatched)
            events.Publish(new MessageEnded(done.Done, message.Id, message.From, message.To, state, error));
        if (receipt is not null) Release(sender!, receipt);
    }

    /// <summary>True if a message for that party waits for which <paramref name="same"/> holds.</summary>
    public bool Holds(Party to, Predicate<HeldMessage> same) => _recipients[to].Holds(same);

    /// <summary>Takes a message back for its sender.</summary>
    public async Task<bool> CancelAsync(long id, Party sender)
    {
        if (!_held.TryGetValue(id, out var message) || message.From != sender || message.Tells is not null
            || !_recipients[message.To].Withdraw(id))
            return false;

        await EndAsync(message, MessageState.Deleted, error: 0);
        return true;
    }

    /// <summary>Where a message stands; null where the sender has none of that id.</summary>
    public async ValueTask<MessageEnd?> FindAsync(long id, Party sender, CancellationToken cancel)
    {
        var found = _held.TryGetValue(id, out var held)
            ? new MessageEnd(id, held.From, MessageState.Enroute, Error: 0, held.Submitted, held.Submitted)
            : await store.FindEndAsync(id, cancel);
        return found?.From == sender ? found : null;
    }

    public void Postponed(QueuedMessage queued, string reason, DateTimeOffset next)
    {
        if (events.IsWatched)
            events.Publish(new MessagePostponed(
                time.GetUtcNow(), queued.Message.Id, queued.Message.To, queued.Attempts, reason, next));
    }

    /// <summary>The store failed in the middle of something: the centre takes no more.</summary>
    public void Fail(Exception reason) => _failed.TrySetException(reason);

    public async Task CloseAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_recipients.Values.Select(recipient => recipient.StopAsync()));
    }

    public void Dispose() => _closed.Dispose();

    private Submission Refused(HeldMessage draft, CommandStatus status, string reason)
    {
        Refused(draft.From, draft.Destination.ToString(), reason);
        return new Submission(status);
    }

    /// <summary>A message whose receipt would have no room is not taken either.</summary>
    private bool IsFullFor(HeldMessage draft) =>
        Count >= options.MaxHeld
        || (draft.Registered.Receipt != ReceiptWanted.Never && _recipients[draft.From].IsFull);

    private void Hold(HeldMessage message)
    {
        _held.TryAdd(message.Id, message);
        Interlocked.Increment(ref _count);
    }

    private void Release(Recipient recipient, QueuedMessage queued)
    {
        var message = queued.Message;
        if (events.IsWatched)
            events.Publish(new MessageSubmitted(
                time.GetUtcNow(), message.Id, message.From, message.To, message.Source, message.Destination,
                message.Tells?.Id, message.Octets));
        recipient.Stored(queued);
    }

    private static bool IsWanted(HeldMessage message, MessageState state) => message.Registered.Receipt switch
    {
        ReceiptWanted.Always => true,
        ReceiptWanted.OnFailure => state != MessageState.Delivered,
        ReceiptWanted.OnSuccess => state == MessageState.Delivered,
        _ => false,
    };

    private HeldMessage Receipt(HeldMessage message, MessageEnd told) => new()
    {
        Id = 0,
        From = message.To,
        To = message.From,
        Source = message.Destination,
        Destination = message.Source,
        EsmClass = EsmClass.Receipt,
        Protocol = ProtocolIdentifier.Plain,
        Coding = DataCodingScheme.Gsm7,
        Octets = message.From.Kind == PartyKind.Esme ? Told(message, told) : Bytes.Empty,
        Reference = message.Reference,
        Submitted = told.Done,
        Expires = options.Validity.Until(told.Done, asked: null),
        Tells = told,
    };

    private static Bytes Told(HeldMessage message, MessageEnd told)
    {
        var text = message.Coding.Alphabet == Alphabet.Gsm7
            ? UserData.OfOctets(message.Octets.Span, message.EsmClass.Udhi).ToText(message.Coding)
            : "";
        var receipt = DeliveryReceipt.Of(MessageId.Of(told.Id), told.State, told.Submitted, told.Done) with
        {
            Error = told.Error.ToString("D3", System.Globalization.CultureInfo.InvariantCulture),
            Text = text.Length > QuotedCharacters ? text[..QuotedCharacters] : text,
        };
        return new Bytes(Encoding.ASCII.GetBytes(receipt.ToString()));
    }
}

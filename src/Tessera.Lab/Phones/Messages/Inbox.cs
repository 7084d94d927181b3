using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Messages;

/// <summary>Messages the phone keeps or finds on its SIM, newest first.</summary>
internal sealed class Inbox(int room)
{
    private readonly List<InboxMessage> _messages = [];
    private readonly Reassembler _parts = new();
    private readonly Dictionary<(Address Sender, ushort Reference), List<int>> _places = [];
    private long _last;

    public IReadOnlyList<InboxMessage> Messages => [.. _messages];

    public int Unread => _messages.Count(message => !message.IsRead);

    /// <summary>The phone's own memory is full.</summary>
    public bool IsFull => _messages.Count(message => message.Places.Count == 0) >= room;

    /// <summary>Takes a message or a part of one in; a message is there when its last part is.</summary>
    /// <param name="place">Record of EF.SMS that holds it; null for the phone's own memory.</param>
    /// <returns>The whole message; null while parts are missing.</returns>
    public InboxMessage? Take(SmsDeliver message, DateTimeOffset now, int? place = null, bool isRead = false)
    {
        var part = message.UserData.Header.Concatenation;
        var key = (message.Originator, part?.Reference ?? 0);
        if (!_places.TryGetValue(key, out var places)) _places[key] = places = [];
        if (place is { } record) places.Add(record);
        if (_parts.Take(message.Originator, message.Coding, message.UserData, now) is not { } whole) return null;

        _places.Remove(key);
        var taken = new InboxMessage(
            ++_last, message.Originator.ToString(), message.ServiceCentreTime.Time ?? now, whole.ToText(message.Coding),
            part?.Total ?? 1, isRead, [.. places]);
        _messages.Insert(0, taken);
        return taken;
    }

    /// <summary>What a SIM holds is in the inbox as long as it is in the phone.</summary>
    public void TakeFromSim(IReadOnlyList<Bytes> records, DateTimeOffset now)
    {
        ForgetSim();
        for (var at = 0; at < records.Count; at++)
        {
            if (SmsRecord.Read(records[at].Span) is { } stored) Take(stored.Message, now, at + 1, stored.IsRead);
        }
    }

    /// <summary>The SIM is gone, and its messages with it.</summary>
    public void ForgetSim() => _messages.RemoveAll(message => message.Places.Count > 0);

    public InboxMessage? MarkRead(long id)
    {
        var at = _messages.FindIndex(message => message.Id == id);
        if (at < 0 || _messages[at].IsRead) return null;
        return _messages[at] = _messages[at] with { IsRead = true };
    }

    /// <returns>What was deleted.</returns>
    public InboxMessage? Delete(long id)
    {
        var deleted = _messages.Find(message => message.Id == id);
        if (deleted is not null) _messages.Remove(deleted);
        return deleted;
    }
}

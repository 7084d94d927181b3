using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Sms.Parts;

/// <summary>What a <see cref="Reassembler"/> holds at most.</summary>
public sealed record ReassemblerLimits
{
    /// <summary>Unfinished messages of all senders, 1000.</summary>
    public int Messages { get; init; } = 1000;

    /// <summary>Unfinished messages of one sender, 4.</summary>
    public int MessagesOfOne { get; init; } = 4;

    /// <summary>Octets of content of all of them, 1 MiB.</summary>
    public int Octets { get; init; } = 1 << 20;

    /// <summary>From the first part of a message to its last, 15 minutes.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Puts parts of messages together, in whatever order and however often they come.</summary>
/// <remarks>
/// A part belongs to the message of the same sender, coding and reference. A part that says something else than one
/// that is there, another total or another content, begins the message anew. Above a limit the oldest message goes.
/// Not for several threads at once.
/// </remarks>
public sealed class Reassembler(ReassemblerLimits limits)
{
    private readonly Dictionary<Key, Open> _open = [];
    private readonly LinkedList<Open> _oldestFirst = [];
    private int _octets;

    public Reassembler() : this(new ReassemblerLimits()) { }

    /// <summary>Unfinished messages.</summary>
    public int Count => _open.Count;

    /// <summary>Octets of content they hold.</summary>
    public int Octets => _octets;

    /// <summary>Takes one part in.</summary>
    /// <param name="now">When it came.</param>
    /// <returns>
    /// The whole message with the header of its first part, without the concatenation; null while parts are missing.
    /// </returns>
    public UserData? Take(Address sender, DataCodingScheme coding, UserData part, DateTimeOffset now)
    {
        Expire(now);
        if (part.Header.Concatenation is not { } place) return part;

        var key = new Key(sender, coding, place.Reference, place.IsWide);
        if (_open.TryGetValue(key, out var open) && !open.Agrees(place, part)) Forget(open);
        if (!_open.TryGetValue(key, out open)) open = Begin(key, place.Total, now);
        if (open.Take(place.Number, part)) _octets += part.Content.Length;

        if (open.IsWhole)
        {
            Forget(open);
            return open.Join();
        }

        while (_octets > limits.Octets) Forget(_oldestFirst.First!.Value);
        return null;
    }

    /// <summary>Forgets what waited too long for its parts.</summary>
    public void Expire(DateTimeOffset now)
    {
        while (_oldestFirst.First?.Value is { } oldest && now - oldest.Begun >= limits.Age) Forget(oldest);
    }

    private Open Begin(Key key, byte total, DateTimeOffset now)
    {
        if (_open.Keys.Count(other => other.Sender == key.Sender) >= limits.MessagesOfOne)
            Forget(_oldestFirst.First(other => other.Key.Sender == key.Sender));
        if (_open.Count >= limits.Messages) Forget(_oldestFirst.First!.Value);

        var open = new Open(key, total, now);
        _open.Add(key, open);
        _oldestFirst.AddLast(open);
        return open;
    }

    private void Forget(Open open)
    {
        _open.Remove(open.Key);
        _oldestFirst.Remove(open);
        _octets -= open.Octets;
    }

    private readonly record struct Key(Address Sender, DataCodingScheme Coding, ushort Reference, bool IsWide);

    private sealed class Open(Key key, byte total, DateTimeOffset begun)
    {
        private readonly UserData?[] _parts = new UserData?[total];
        private int _missing = total;

        public Key Key { get; } = key;

        public DateTimeOffset Begun { get; } = begun;

        public int Octets { get; private set; }

        public bool IsWhole => _missing == 0;

        public bool Agrees(Concatenation place, UserData part) => place.Total == _parts.Length
            && (_parts[place.Number - 1] is not { } there || there == part);

        public bool Take(byte number, UserData part)
        {
            if (_parts[number - 1] is not null) return false;
            _parts[number - 1] = part;
            _missing--;
            Octets += part.Content.Length;
            return true;
        }

        public UserData Join()
        {
            var content = new byte[Octets];
            var at = 0;
            foreach (var part in _parts)
            {
                part!.Content.Span.CopyTo(content.AsSpan(at));
                at += part.Content.Length;
            }

            return new UserData(_parts[0]!.Header.WithoutConcatenation(), new Bytes(content));
        }
    }
}

using System.Runtime.InteropServices;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>What a message makes of those that wait.</summary>
internal abstract record Assembled;

/// <summary>It is dropped.</summary>
internal sealed record PartRefused(Refusal Why) : Assembled;

/// <summary>It waits for others; older ones of its sender may have had to go.</summary>
internal sealed record PartWaiting(IReadOnlyList<InboxPart> Dropped) : Assembled;

/// <summary>A packet is whole.</summary>
/// <param name="Waited">The messages it came in but for this last one.</param>
internal sealed record PacketWhole(Bytes Packet, Sequence<InboxPart> Waited, MessageCount Count) : Assembled;

/// <summary>
/// Puts the messages of packets together, in any order, each sender for itself: what one sends never takes the place
/// of what another sent, and a few places of each are its own. Not for two threads at once.
/// </summary>
internal sealed class PartAssembly(SmsGatewayOptions options)
{
    private readonly Dictionary<string, List<Unfinished>> _senders = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>
    /// A message that has come. One that makes its packet whole is not kept: take it, then forget the rest.
    /// </summary>
    public Assembled Add(InboxPart part)
    {
        if (CardMessage.Read(part.UserData) is not { } message) return new PartRefused(Refusal.Malformed);
        if (message.Place is not { } place)
            return new PacketWhole(message.Content, [], new MessageCount(1, part.UserData.Length));
        if (place.Total > options.MaxPartsOfSender) return new PartRefused(Refusal.Malformed);

        var of = _senders.GetValueOrDefault(part.Sender) ?? [];
        var packet = of.Find(unfinished => unfinished.Is(place));
        var known = packet?.Parts[place.Number - 1];
        if (known is { } same && same.Part.UserData == part.UserData) return new PartWaiting([]);
        if (known is null && packet?.MissesOne == true) return packet.With(place.Number, part, message.Content);
        if (_waiting >= options.MaxPartsWaiting && CountOf(of) >= options.AssuredPartsOfSender)
            return new PartRefused(Refusal.Crowded);

        var dropped = new List<InboxPart>();
        if (known is not null) Drop(part.Sender, packet!, dropped);
        while (CountOf(of) >= options.MaxPartsOfSender) Drop(part.Sender, of[0], dropped);
        Keep(part, place, message.Content);
        return new PartWaiting(dropped);
    }

    /// <summary>These are in the inbox no more.</summary>
    public void Forget(IEnumerable<InboxPart> parts)
    {
        foreach (var part in parts)
        {
            if (_senders.GetValueOrDefault(part.Sender)?.Find(packet => packet.Holds(part)) is { } packet)
                Drop(part.Sender, packet, []);
        }
    }

    /// <summary>Forgets the packets that did not become whole in time.</summary>
    /// <returns>Their messages.</returns>
    public IReadOnlyList<InboxPart> Expire(DateTimeOffset now)
    {
        var dropped = new List<InboxPart>();
        foreach (var (sender, packets) in _senders.ToList())
        {
            foreach (var late in packets.FindAll(packet => now - packet.Since >= options.PartLife))
                Drop(sender, late, dropped);
        }

        return dropped;
    }

    private static int CountOf(List<Unfinished> packets) => packets.Sum(packet => packet.Count);

    private void Keep(InboxPart part, Concatenation place, Bytes content)
    {
        ref var packets = ref CollectionsMarshal.GetValueRefOrAddDefault(_senders, part.Sender, out _);
        packets ??= [];
        var packet = packets.Find(unfinished => unfinished.Is(place));
        if (packet is null) packets.Add(packet = new Unfinished(place, part.Received));
        packet.Parts[place.Number - 1] = (part, content);
        _waiting++;
    }

    private void Drop(string sender, Unfinished packet, List<InboxPart> dropped)
    {
        var packets = _senders[sender];
        packets.Remove(packet);
        if (packets.Count == 0) _senders.Remove(sender);
        _waiting -= packet.Count;
        dropped.AddRange(packet.Waiting);
    }

    /// <summary>A packet of which messages are missing.</summary>
    private sealed class Unfinished(Concatenation place, DateTimeOffset since)
    {
        public (InboxPart Part, Bytes Content)?[] Parts { get; } = new (InboxPart, Bytes)?[place.Total];

        public DateTimeOffset Since => since;

        public int Count => Parts.Count(part => part is not null);

        public bool MissesOne => Count == Parts.Length - 1;

        public IEnumerable<InboxPart> Waiting => Parts.OfType<(InboxPart Part, Bytes)>().Select(part => part.Part);

        public bool Is(Concatenation other) => other with { Number = place.Number } == place;

        public bool Holds(InboxPart part) => Waiting.Contains(part);

        public PacketWhole With(int number, InboxPart last, Bytes content)
        {
            var packet = Bytes.Of(output =>
            {
                var writer = new ByteWriter(output);
                for (var i = 1; i <= Parts.Length; i++)
                    writer.WriteBytes(i == number ? content : Parts[i - 1]!.Value.Content);
            });
            var octets = last.UserData.Length + Waiting.Sum(part => part.UserData.Length);
            return new PacketWhole(packet, Waiting.ToSequence(), new MessageCount(Parts.Length, octets));
        }
    }
}

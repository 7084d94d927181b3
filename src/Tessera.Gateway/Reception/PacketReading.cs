using System.Diagnostics.CodeAnalysis;
using Tessera.Sms.Packets;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>Finds out which card made a packet, and what it holds.</summary>
internal sealed class PacketReading(SmsGatewayOptions options)
{
    private const byte OpeningTag = 0xE3;
    private const byte AnnouncementTag = 0xE4;

    /// <summary>The keys decide, not the number: each card of the number is tried.</summary>
    public bool TryRead(
        PacketWhole whole,
        IReadOnlyList<Subscriber> subscribers,
        DateTimeOffset now,
        [NotNullWhen(true)] out ReadPacket? read,
        out Refusal why)
    {
        read = null;
        why = CardPacket.Refuse(whole.Packet.Span) ?? Refusal.Forged;
        if (why != Refusal.Forged) return false;
        try
        {
            foreach (var subscriber in subscribers)
            {
                if (options.Keys(subscriber.KeyVersion) is not { } masters) continue;
                if (CardPacket.Unwrap(masters, subscriber.Card, whole.Packet) is not { } packet) continue;
                read = new ReadPacket(subscriber, ArrivalOf(packet, subscriber, whole, now));
                return true;
            }
        }
        catch (WireFormatException)
        {
            why = Refusal.Malformed;
        }

        return false;
    }

    private static Arrival ArrivalOf(CommandPacket packet, Subscriber subscriber, PacketWhole whole, DateTimeOffset now)
    {
        var card = subscriber.Card;
        try
        {
            if (packet.Data.Span is [OpeningTag, ..])
            {
                var opening = packet.Data.Read<Opening>();
                return new OpeningArrival(
                    new SmsSessionId(card, opening.Session), packet.Counter, now, whole.Count, whole.Waited,
                    packet.Data, ProfileOf(opening.Profile, subscriber));
            }

            if (packet.Data.Span is [AnnouncementTag, ..])
            {
                var profile = packet.Data.Read<Announcement>().Profile;
                return new AnnouncementArrival(
                    card, packet.Counter, now, whole.Count, whole.Waited, ProfileOf(profile, subscriber));
            }

            if (packet.Data.Read<ResponseScript>().Head is { Version: ScriptHead.CurrentVersion } head)
            {
                return new AnswerArrival(
                    new SmsSessionId(card, head.Session), packet.Counter, now, whole.Count, whole.Waited, head.Number,
                    packet.Data);
            }
        }
        catch (WireFormatException)
        {
            return Unreadable();
        }

        return Unreadable();

        UnreadableArrival Unreadable() => new(card, packet.Counter, now, whole.Count, whole.Waited);
    }

    /// <summary>A digest stands for the profile that the card told last, if it is of that one.</summary>
    private static Bytes ProfileOf(OpeningProfile told, Subscriber subscriber)
    {
        if (!told.IsDigest) return told.Octets;
        return subscriber.Profile.Length > 0 && OpeningProfile.Whole(subscriber.Profile.Span).ToDigest() == told
            ? subscriber.Profile
            : Bytes.Empty;
    }
}

/// <summary>A packet of a card.</summary>
internal sealed record ReadPacket(Subscriber Subscriber, Arrival Arrival);

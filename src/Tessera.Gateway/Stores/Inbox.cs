using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A short message that waits for the others of its packet.</summary>
/// <param name="Sender">Its calling number, digits only.</param>
/// <param name="UserData">With its header, exact octets.</param>
public sealed record InboxPart(string Sender, Bytes UserData, DateTimeOffset Received);

/// <summary>A packet whose keys were right, on its way to be taken once.</summary>
/// <param name="Counter">It is taken only if this is higher than any taken from the card before.</param>
/// <param name="Count">The short messages it came in.</param>
/// <param name="Parts">Those of them that waited in the inbox, and leave it now.</param>
public abstract record Arrival(
    CardId Card, ulong Counter, DateTimeOffset At, MessageCount Count, Sequence<InboxPart> Parts);

/// <summary>A session begins, and the card's session before it ends.</summary>
/// <param name="Profile">Of the phone, to be remembered for the card; empty where it is not known.</param>
public sealed record OpeningArrival(
    SmsSessionId Session, ulong Counter, DateTimeOffset At, MessageCount Count, Sequence<InboxPart> Parts,
    Bytes Opening, Bytes Profile)
    : Arrival(Session.Card, Counter, At, Count, Parts);

/// <summary>The answer to a script.</summary>
public sealed record AnswerArrival(
    SmsSessionId Session, ulong Counter, DateTimeOffset At, MessageCount Count, Sequence<InboxPart> Parts,
    byte Number, Bytes Answer)
    : Arrival(Session.Card, Counter, At, Count, Parts);

/// <summary>The holder of a card calls the service.</summary>
/// <param name="Profile">Of the phone, to be remembered for the card; empty where it is not known.</param>
public sealed record AnnouncementArrival(
    CardId Card, ulong Counter, DateTimeOffset At, MessageCount Count, Sequence<InboxPart> Parts, Bytes Profile)
    : Arrival(Card, Counter, At, Count, Parts);

/// <summary>Something authentic that the protocol does not know: only its counter is taken.</summary>
public sealed record UnreadableArrival(
    CardId Card, ulong Counter, DateTimeOffset At, MessageCount Count, Sequence<InboxPart> Parts)
    : Arrival(Card, Counter, At, Count, Parts);

/// <summary>What became of an arrival.</summary>
public enum Taking
{
    /// <summary>It is on record.</summary>
    Taken,

    /// <summary>Its counter is not higher than the highest taken: nothing but the inbox changed.</summary>
    Replayed,

    /// <summary>The opening of a session on record, or an answer to a script that has one: the first counts.</summary>
    Again,

    /// <summary>On record, the first answer to a script whose session is over.</summary>
    Late,

    /// <summary>An answer to a script that was never sent.</summary>
    Unasked,
}

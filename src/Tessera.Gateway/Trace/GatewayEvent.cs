using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>What happened on the short message road, with its octets and messages, for logs and the lab.</summary>
/// <remarks>Scripts and answers are there as they were; keys, and packets that were refused, are not.</remarks>
public abstract record GatewayEvent(DateTimeOffset At);

/// <summary>The gateway is bound to the SMSC, or is no longer.</summary>
/// <param name="Reason">Why the connection ended; empty while it is there.</param>
public sealed record RoadChanged(DateTimeOffset At, bool Bound, string Reason) : GatewayEvent(At);

/// <summary>A message waits for the others of its packet.</summary>
public sealed record PartReceived(DateTimeOffset At, string Sender, int Octets) : GatewayEvent(At);

/// <summary>A message was dropped.</summary>
/// <param name="Octets">Of its user data.</param>
public sealed record MessageRefused(DateTimeOffset At, string Sender, Refusal Why, int Octets) : GatewayEvent(At);

/// <summary>A card says that its holder calls the service.</summary>
public sealed record CardAnnounced(DateTimeOffset At, CardId Card, ulong Counter, MessageCount Count) : GatewayEvent(At);

/// <summary>A card opened a session.</summary>
/// <param name="Opening">As the card sent it, but for the digits of a login.</param>
public sealed record SessionOpened(
    DateTimeOffset At, SmsSessionId Session, ulong Counter, Bytes Opening, MessageCount Count) : GatewayEvent(At);

/// <summary>A script goes to a card, for the first time or again.</summary>
/// <param name="Send">From 1.</param>
public sealed record ScriptSent(
    DateTimeOffset At, SmsSessionId Session, byte Number, int Send, ulong Counter, Bytes Script, MessageCount Count)
    : GatewayEvent(At);

/// <summary>The SMSC took a message.</summary>
public sealed record PartAccepted(DateTimeOffset At, PartReference Part, string MessageId) : GatewayEvent(At);

/// <summary>The SMSC said what became of a message.</summary>
public sealed record PartSettled(DateTimeOffset At, PartReference Part, PartState State) : GatewayEvent(At);

/// <summary>A script was answered.</summary>
/// <param name="Again">It had its answer before.</param>
/// <param name="Late">Its session is over.</param>
public sealed record AnswerTaken(
    DateTimeOffset At, SmsSessionId Session, byte Number, ulong Counter, Bytes Answer, MessageCount Count, bool Again,
    bool Late)
    : GatewayEvent(At);

/// <summary>A session is over.</summary>
public sealed record SessionClosed(DateTimeOffset At, SmsSessionId Session, string Reason, SmsTraffic Traffic)
    : GatewayEvent(At);

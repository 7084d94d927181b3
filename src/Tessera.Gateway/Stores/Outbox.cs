using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A script of a session, and its answer once there is one.</summary>
/// <param name="Sends">Under how many counters it was sent.</param>
public sealed record OutboxScript(Bytes Script, Bytes? Answer, int Sends);

/// <summary>A script whose answer came when nobody waited for it.</summary>
/// <param name="Profile">Of the phone; empty where it is not known.</param>
/// <param name="Since">When the answer came, or the session of an answer that nobody had taken ended.</param>
public sealed record LateScript(
    SmsSessionId Session, byte Number, Bytes Script, Bytes Answer, Bytes Profile, DateTimeOffset Since);

/// <summary>One secured packet with a script, in one short message or several.</summary>
/// <param name="Number">Of its script.</param>
/// <param name="Counter">No other packet to that card has it.</param>
/// <param name="ValidUntil">From then on it can no longer be on its way.</param>
public sealed record OutboxPacket(
    SmsSessionId Session, byte Number, ulong Counter, DateTimeOffset ValidUntil, Sequence<OutboxPart> Parts);

/// <summary>One short message of a packet.</summary>
/// <param name="UserData">With its header, exact octets.</param>
public sealed record OutboxPart(Bytes UserData, PartState State = PartState.ToSend);

/// <summary>How far a short message has come.</summary>
public enum PartState
{
    /// <summary>The SMSC has not accepted it, or its word was lost.</summary>
    ToSend,

    /// <summary>The SMSC has it.</summary>
    Accepted,

    /// <summary>The phone has it.</summary>
    Delivered,

    /// <summary>It will never arrive: refused, expired, deleted or undeliverable.</summary>
    Failed,
}

/// <summary>One short message of a packet: the position counts from 1.</summary>
public sealed record PartReference(SmsSessionId Session, ulong Counter, int Position);

using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>Something that happened at the centre.</summary>
public abstract record CentreEvent(DateTimeOffset At);

/// <summary>An ESME bound.</summary>
public sealed record EsmeBound(DateTimeOffset At, string SystemId, BindMode Mode) : CentreEvent(At);

/// <summary>The session of an ESME ended.</summary>
public sealed record EsmeUnbound(DateTimeOffset At, string SystemId, string Reason) : CentreEvent(At);

/// <summary>A bind was refused.</summary>
public sealed record EsmeRefused(DateTimeOffset At, string SystemId, CommandStatus Status) : CentreEvent(At);

/// <summary>A phone attached.</summary>
public sealed record PhoneAttached(DateTimeOffset At, Msisdn Number, Imsi Imsi) : CentreEvent(At);

/// <summary>A phone is gone.</summary>
public sealed record PhoneDetached(DateTimeOffset At, Msisdn Number, string Reason) : CentreEvent(At);

/// <summary>A phone was refused.</summary>
public sealed record PhoneRefused(DateTimeOffset At, AirCause Cause, string Reason) : CentreEvent(At);

/// <summary>A message was taken and stored.</summary>
/// <param name="About">The message it is the receipt of; null where it is none.</param>
/// <param name="Contents">Header and text as octets; null where nobody asked for them.</param>
public sealed record MessageSubmitted(
    DateTimeOffset At, long Id, Party From, Party To, SmppAddress Source, SmppAddress Destination, long? About,
    Bytes? Contents) : CentreEvent(At);

/// <summary>A message was not taken.</summary>
public sealed record MessageRefused(DateTimeOffset At, Party From, string Destination, string Reason) : CentreEvent(At);

/// <summary>An attempt failed; the message waits.</summary>
public sealed record MessagePostponed(
    DateTimeOffset At, long Id, Party To, int Attempts, string Reason, DateTimeOffset Next) : CentreEvent(At);

/// <summary>A message reached its final state.</summary>
/// <param name="Error">Cause of the last attempt; 0 where there is none.</param>
public sealed record MessageEnded(DateTimeOffset At, long Id, Party From, Party To, MessageState State, byte Error)
    : CentreEvent(At);

using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>Something that happened to a card that is watched.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="At">When it began.</param>
public abstract record TraceEntry(long Number, DateTimeOffset At);

/// <summary>The card was powered or reset: nothing is selected any more.</summary>
/// <param name="Atr">Its answer to reset.</param>
public sealed record TracedReset(long Number, DateTimeOffset At, Bytes Atr) : TraceEntry(Number, At);

/// <summary>One command and what the card answered.</summary>
/// <param name="Took">From the command to its answer.</param>
/// <param name="Answer">Null where none came: the card was gone, or too late.</param>
public sealed record TracedExchange(
    long Number, DateTimeOffset At, TimeSpan Took, TracedApdu Command, TracedApdu? Answer) : TraceEntry(Number, At);

/// <summary>A C-APDU or R-APDU for people to read.</summary>
/// <param name="Octets">Hexadecimal; octets of a PIN, a key or a secret are <c>**</c>.</param>
/// <param name="Words">What it is: <c>SELECT by name PIV</c>, <c>9000 done</c>.</param>
/// <param name="Objects">
/// The data objects in it, one on a line, those inside another further right; of a chain only with its last block.
/// </param>
public sealed record TracedApdu(string Octets, string Words, Sequence<string> Objects);

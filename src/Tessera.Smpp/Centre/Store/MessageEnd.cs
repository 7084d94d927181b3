namespace Tessera.Smpp.Centre;

/// <summary>The final state of a message, and when and why.</summary>
/// <param name="From">Its sender, who alone may ask.</param>
/// <param name="Error">Cause of the last attempt at a phone, TP-FCS or RP-Cause; 0 where there is none.</param>
public sealed record MessageEnd(
    long Id, Party From, MessageState State, byte Error, DateTimeOffset Submitted, DateTimeOffset Done);

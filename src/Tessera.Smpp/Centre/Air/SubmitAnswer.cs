using Tessera.Sms.Messages;
using Tessera.Sms.Relay;

namespace Tessera.Smpp.Centre;

/// <summary>What the centre said to a message from a phone.</summary>
/// <param name="Refused">The cause of RP-ERROR; null where the message was taken.</param>
/// <param name="Report">Null where the answer carried none.</param>
public sealed record SubmitAnswer(RpCause? Refused, SmsSubmitReport? Report)
{
    public bool IsTaken => Refused is null;

    internal static SubmitAnswer Of(RpMessage message)
    {
        var (cause, tpdu) = message switch
        {
            RpAck ack => ((RpCause?)null, ack.Tpdu),
            RpError error => (error.Cause, error.Tpdu),
            _ => throw new ArgumentException("Neither RP-ACK nor RP-ERROR.", nameof(message)),
        };
        return new SubmitAnswer(cause, tpdu is { } octets ? octets.Read<SmsSubmitReport>() : null);
    }
}

/// <summary>The centre would not have a phone.</summary>
public sealed class AttachRefusedException(AirCause cause) : IOException($"The centre refused the phone: {cause}.")
{
    public AirCause Cause { get; } = cause;
}

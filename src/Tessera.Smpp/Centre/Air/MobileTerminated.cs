using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>Held messages as a phone gets them, and what its answers mean.</summary>
internal static class MobileTerminated
{
    /// <summary>The same octets at every attempt.</summary>
    public static Tpdu Of(HeldMessage message)
    {
        if (message.Tells is { } told)
            return new SmsStatusReport(
                message.Reference ?? 0, AddressOf(message.Source), TimeStamp.Of(told.Submitted),
                TimeStamp.Of(told.Done), StatusOf(told.State));

        return new SmsDeliver(
            AddressOf(message.Source), message.Protocol, message.Coding, TimeStamp.Of(message.Submitted),
            UserData.OfOctets(message.Octets.Span, message.EsmClass.Udhi))
        {
            ReplyPath = message.EsmClass.ReplyPath,
        };
    }

    /// <summary>What RP-ERROR means: a phone that is full or busy is asked again.</summary>
    public static Attempt AttemptOf(RpError error)
    {
        var failure = FailureOf(error);
        var reason = failure is { } cause ? $"{error.Cause}, {cause}" : error.Cause.ToString();
        var number = failure is { } fcs ? (byte)fcs : (byte)error.Cause;
        return failure is FailureCause.SimStorageFull or FailureCause.MemoryExceeded or FailureCause.ToolkitBusy
            || error.Cause is RpCause.MemoryCapacityExceeded or RpCause.DestinationOutOfOrder
                or RpCause.NetworkOutOfOrder or RpCause.TemporaryFailure or RpCause.Congestion
                or RpCause.ResourcesUnavailable
            ? Attempt.Later(reason, number)
            : Attempt.Never(reason, number);
    }

    /// <summary>Whether a TPDU can hold it as originator.</summary>
    public static bool Fits(SmppAddress address)
    {
        try
        {
            return AddressOf(address).Value.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Address AddressOf(SmppAddress address) =>
        new((TypeOfNumber)address.Ton, (NumberingPlan)address.Npi, address.Digits);

    /// <summary>TP-ST (3GPP TS 23.040 §9.2.3.15).</summary>
    private static byte StatusOf(MessageState state) => state switch
    {
        MessageState.Delivered => 0x00,
        MessageState.Expired => 0x46,
        MessageState.Deleted => 0x48,
        _ => 0x40,
    };

    private static FailureCause? FailureOf(RpError error)
    {
        try
        {
            return error.Tpdu?.Read<SmsDeliverReport>().Failure;
        }
        catch (WireFormatException)
        {
            // The cause of the relay layer stands without a report.
            return null;
        }
    }
}

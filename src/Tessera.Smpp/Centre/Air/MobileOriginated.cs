using System.Text;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;

namespace Tessera.Smpp.Centre;

/// <summary>Messages of a phone as the centre holds them, and what it says to those it will not have.</summary>
internal static class MobileOriginated
{
    /// <returns>Null where it is taken up to here.</returns>
    public static FailureCause? Check(
        SmsSubmit submit, Msisdn from, NumberPlan plan, ValidityPolicy validity, DateTimeOffset now,
        out HeldMessage? draft)
    {
        draft = null;
        var asked = submit.Validity.Ends(now);
        if (asked <= now) return FailureCause.ValidityNotSupported;
        var name = submit.Destination.Value;
        if (plan.OwnerOf(name) is not { } to || !Ascii.IsValid(name)) return FailureCause.InvalidAddress;

        draft = new HeldMessage
        {
            Id = 0,
            From = Party.Of(from),
            To = to,
            Source = SmppAddress.International(from.Digits),
            Destination = new SmppAddress(
                (Ton)submit.Destination.Type, (Npi)submit.Destination.Plan, submit.Destination.Value),
            EsmClass = new EsmClass((byte)((submit.UserData.Header.IsEmpty ? 0 : EsmClass.WithHeader.Value)
                | (submit.ReplyPath ? 0x80 : 0))),
            Protocol = submit.Protocol,
            Coding = submit.Coding,
            Octets = submit.UserData.ToOctets(),
            Registered = submit.StatusReport ? RegisteredDelivery.Always : RegisteredDelivery.None,
            Reference = submit.Reference,
            Submitted = now,
            Expires = validity.Until(now, asked),
        };
        return null;
    }

    public static FailureCause? FailureOf(CommandStatus status) => status switch
    {
        CommandStatus.Ok => null,
        CommandStatus.MessageQueueFull => FailureCause.CentreBusy,
        _ => FailureCause.CentreFailure,
    };

    public static RpCause CauseOf(FailureCause failure) => failure switch
    {
        FailureCause.InvalidAddress => RpCause.UnassignedNumber,
        FailureCause.CentreBusy => RpCause.Congestion,
        FailureCause.CentreFailure => RpCause.TemporaryFailure,
        _ => RpCause.TransferRejected,
    };
}

using System.Globalization;
using System.Text;
using Tessera.Lab.Phones.Log;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Air;

/// <summary>Frames, RPDUs and TPDUs in words, for the log.</summary>
internal static class AirDecoding
{
    public static void Write(HandsetLog log, AirDirection direction, AirFrame frame, string fate)
    {
        var way = direction == AirDirection.Down ? LogDirection.FromNetwork : LogDirection.ToNetwork;
        var prefix = fate.Length == 0 ? "" : $"[{fate}] ";
        if (frame.Type != AirFrameType.Rp)
        {
            log.Add(LogHop.Air, way, Bytes.Of(frame).Span, prefix + Of(frame));
            return;
        }

        try
        {
            var message = RpMessage.Read(frame.Body.Span);
            log.Add(LogHop.Air, way, frame.Body.Span, prefix + Of(message));
            if (TpduOf(message) is { Length: > 0 } tpdu)
                log.Add(LogHop.Message, way, tpdu.Span, prefix + OfTpdu(tpdu, direction));
        }
        catch (WireFormatException e)
        {
            log.Add(LogHop.Air, way, frame.Body.Span, $"{prefix}no RPDU: {e.Message}");
        }
    }

    public static string Of(RpCause cause) => string.Create(CultureInfo.InvariantCulture, $"{cause} ({(int)cause})");

    private static string Of(AirFrame frame) => frame.Type switch
    {
        AirFrameType.Attach => $"ATTACH, IMSI {frame.Body.Read<Imsi>()}",
        AirFrameType.Attached => $"ATTACHED as {frame.Body.Read<Msisdn>()}",
        AirFrameType.Refused => $"REFUSED: {(AirCause)frame.Body.Span[0]}",
        _ => frame.Type.ToString().ToUpperInvariant(),
    };

    private static string Of(RpMessage message) => message switch
    {
        RpData { ServiceCentre: { } centre } data => $"RP-DATA {data.Reference}, service centre {centre}",
        RpData data => $"RP-DATA {data.Reference}",
        RpAck ack => $"RP-ACK {ack.Reference}",
        RpError error => $"RP-ERROR {error.Reference}: {Of(error.Cause)}",
        _ => $"RP-SMMA {message.Reference}",
    };

    private static Bytes? TpduOf(RpMessage message) => message switch
    {
        RpData data => data.Tpdu,
        RpAck ack => ack.Tpdu,
        RpError error => error.Tpdu,
        _ => null,
    };

    private static string OfTpdu(Bytes octets, AirDirection direction)
    {
        try
        {
            return Of(Tpdu.Read(octets, direction == AirDirection.Down ? Direction.ToMobile : Direction.ToCentre));
        }
        catch (WireFormatException e)
        {
            return $"no TPDU: {e.Message}";
        }
    }

    private static string Of(Tpdu tpdu) => tpdu switch
    {
        SmsDeliver deliver => $"SMS-DELIVER from {deliver.Originator}"
            + Content(deliver.Protocol, deliver.Coding, deliver.UserData),
        SmsSubmit submit => $"SMS-SUBMIT {submit.Reference} to {submit.Destination}"
            + Content(submit.Protocol, submit.Coding, submit.UserData),
        SmsDeliverReport report => $"SMS-DELIVER-REPORT{Failure(report.Failure)}"
            + (report.UserData is { } data ? $"\n  {data.Content}" : ""),
        SmsSubmitReport report => $"SMS-SUBMIT-REPORT{Failure(report.Failure)}",
        SmsStatusReport report => string.Create(
            CultureInfo.InvariantCulture,
            $"SMS-STATUS-REPORT {report.Reference} of {report.Recipient}: {report.Status:X2}"),
        _ => tpdu.GetType().Name,
    };

    private static string Failure(FailureCause? failure) =>
        failure is { } cause ? string.Create(CultureInfo.InvariantCulture, $": {cause} ({(byte)cause:X2})") : "";

    private static string Content(ProtocolIdentifier protocol, DataCodingScheme coding, UserData data)
    {
        var text = new StringBuilder($", PID {protocol}, DCS {coding}");
        if (data.Header.Concatenation is { } part)
        {
            text.Append(
                CultureInfo.InvariantCulture, $", part {part.Number} of {part.Total}, reference {part.Reference}");
        }

        if (data.Header.Has(InformationElement.CommandPacket)) text.Append(", secured packet");
        text.Append(CultureInfo.InvariantCulture, $"\n  {data.ToText(coding)}");
        return text.ToString();
    }
}

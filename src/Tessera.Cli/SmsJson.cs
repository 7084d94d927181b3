using System.Globalization;
using Tessera.Sms.Messages;
using Fields = System.Collections.Generic.Dictionary<string, object?>;

namespace Tessera.Cli;

/// <summary>TPDUs as JSON: octets in hexadecimal, each field by its name in 3GPP TS 23.040.</summary>
internal static class SmsJson
{
    public static Fields Of(Tpdu tpdu) => tpdu switch
    {
        SmsDeliver message => With(message.UserData, message.Coding, new(StringComparer.Ordinal)
        {
            ["type"] = "SMS-DELIVER",
            ["oa"] = message.Originator.ToString(),
            ["pid"] = message.Protocol.ToString(),
            ["dcs"] = message.Coding.ToString(),
            ["scts"] = message.ServiceCentreTime.ToString(),
            ["time"] = message.ServiceCentreTime.Time,
            ["moreMessages"] = message.MoreMessages,
            ["statusReport"] = message.StatusReport,
            ["replyPath"] = message.ReplyPath,
            ["isForCard"] = message.IsForCard,
        }),
        SmsSubmit message => With(message.UserData, message.Coding, new(StringComparer.Ordinal)
        {
            ["type"] = "SMS-SUBMIT",
            ["mr"] = message.Reference,
            ["da"] = message.Destination.ToString(),
            ["pid"] = message.Protocol.ToString(),
            ["dcs"] = message.Coding.ToString(),
            ["vp"] = message.Validity.ToString(),
            ["validity"] = message.Validity.Duration?.ToString("c", CultureInfo.InvariantCulture),
            ["rejectDuplicates"] = message.RejectDuplicates,
            ["statusReport"] = message.StatusReport,
            ["replyPath"] = message.ReplyPath,
        }),
        SmsDeliverReport report => With(report.UserData, report.Coding, new(StringComparer.Ordinal)
        {
            ["type"] = "SMS-DELIVER-REPORT",
            ["fcs"] = Text(report.Failure),
            ["pid"] = report.Protocol?.ToString(),
            ["dcs"] = report.Coding?.ToString(),
        }),
        SmsSubmitReport report => With(report.UserData, report.Coding, new(StringComparer.Ordinal)
        {
            ["type"] = "SMS-SUBMIT-REPORT",
            ["fcs"] = Text(report.Failure),
            ["scts"] = report.ServiceCentreTime.ToString(),
            ["time"] = report.ServiceCentreTime.Time,
            ["pid"] = report.Protocol?.ToString(),
            ["dcs"] = report.Coding?.ToString(),
        }),
        SmsStatusReport report => With(report.UserData, report.Coding, new(StringComparer.Ordinal)
        {
            ["type"] = "SMS-STATUS-REPORT",
            ["mr"] = report.Reference,
            ["ra"] = report.Recipient.ToString(),
            ["scts"] = report.ServiceCentreTime.ToString(),
            ["time"] = report.ServiceCentreTime.Time,
            ["dt"] = report.DischargeTime.ToString(),
            ["discharged"] = report.DischargeTime.Time,
            ["st"] = Hex(report.Status),
            ["moreMessages"] = report.MoreMessages,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(tpdu), tpdu.GetType().Name, "is not shown"),
    };

    private static Fields With(UserData? data, DataCodingScheme? given, Fields fields)
    {
        if (data is null) return fields;
        var coding = given ?? DataCodingScheme.Gsm7;
        fields["alphabet"] = coding.Alphabet;
        fields["class"] = coding.Class;
        fields["header"] = data.Header.Elements
            .Select(element => new { id = Hex(element.Id), value = element.Value.ToString() });
        fields["concatenation"] = data.Header.Concatenation;
        if (coding.Alphabet == Alphabet.Octets) fields["data"] = data.Content.ToString();
        else fields["text"] = data.ToText(coding);
        return fields;
    }

    private static string? Text(FailureCause? cause) => cause is { } failure ? Hex((byte)failure) : null;

    private static string Hex(byte octet) => octet.ToString("X2", CultureInfo.InvariantCulture);
}

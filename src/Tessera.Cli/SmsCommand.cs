using System.CommandLine;
using Tessera.Sms.Messages;
using Tessera.Sms.Parts;

namespace Tessera.Cli;

/// <summary><c>tessera sms</c>: messages of 3GPP TS 23.040, read and made.</summary>
internal static class SmsCommand
{
    public static Command Create() => new("sms", "Short messages as mobile and service centre exchange them.")
    {
        Decode(), Encode(),
    };

    private static Command Decode()
    {
        var tpdu = new Argument<string>("tpdu") { Description = "The message, no service centre before it." };
        var direction = new Option<string>("--direction")
        {
            Description = "To the mobile (mt) or from it (mo).",
            DefaultValueFactory = _ => "mt",
        };
        direction.AcceptOnlyFromAmong("mt", "mo");
        var command = new Command("decode", "Print a TPDU as JSON.") { tpdu, direction };
        command.SetAction(parsed =>
        {
            var way = parsed.GetValue(direction) is "mo" ? Direction.ToCentre : Direction.ToMobile;
            var message = Tpdu.Read(Verb.Hex("TPDU", parsed.GetRequiredValue(tpdu)), way);
            parsed.InvocationConfiguration.Output.WriteLine(Verb.ToJson(SmsJson.Of(message)));
        });
        return command;
    }

    private static Command Encode()
    {
        var to = new Option<string>("--to") { Description = "Who gets it: +33123.. or a number.", Required = true };
        var text = new Option<string>("--text") { Description = "What it says.", Required = true };
        var reference = new Option<byte>("--reference")
        {
            Description = "Reference of the first message, and of the parts where there are several.",
        };
        var minutes = new Option<int?>("--validity") { Description = "How long it is tried.", HelpName = "minutes" };
        var report = new Option<bool>("--report") { Description = "Ask for a status report." };
        var command = new Command("encode", "Print a text as SMS-SUBMIT, a line for each part.")
        {
            to, text, reference, minutes, report,
        };
        command.SetAction(parsed =>
        {
            var destination = Address.Parse(parsed.GetRequiredValue(to));
            if (destination.Type == TypeOfNumber.Alphanumeric)
                throw new FormatException("--to is a number, not a name.");
            var words = parsed.GetRequiredValue(text);
            var coding = Segmenter.CodingOf(words);
            var next = parsed.GetValue(reference);
            var validity = parsed.GetValue(minutes) is { } given
                ? ValidityPeriod.Relative(TimeSpan.FromMinutes(given))
                : ValidityPeriod.None;
            foreach (var part in Segmenter.Text(words, coding.Alphabet, next))
            {
                var submit = new SmsSubmit(next++, destination, ProtocolIdentifier.Plain, coding, part)
                {
                    Validity = validity, StatusReport = parsed.GetValue(report),
                };
                parsed.InvocationConfiguration.Output.WriteLine(submit.ToBytes());
            }
        });
        return command;
    }
}

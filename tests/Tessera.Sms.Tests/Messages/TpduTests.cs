using Tessera.Sms.Messages;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Messages;

public class TpduTests
{
    private static readonly Address Number = Address.Parse("+3312345678");
    private static readonly TimeStamp Taken = TimeStamp.Of(new(2026, 11, 22, 1, 23, 45, TimeSpan.FromHours(-3.5)));
    private static readonly TimeStamp Ended = TimeStamp.Of(new(2027, 12, 31, 23, 59, 58, TimeSpan.FromHours(5.75)));

    private static readonly UserData Packet = new(
        new UserDataHeader([new Concatenation(0xA5, 3, 2, false).ToElement()]), Bytes.FromHex("B1B2B3"));

    [Fact]
    public void Deliver() => WireFormat.Holds(
        new SmsDeliver(Number, ProtocolIdentifier.SimDownload, DataCodingScheme.SimDownload, Taken, Packet)
        {
            MoreMessages = true, LoopPrevention = true, StatusReport = true, ReplyPath = true,
        },
        "E8 0A9133214365 87 7F F6 62112210325449 09 050003A50302 B1B2B3");

    [Fact]
    public void Submit() => WireFormat.Holds(
        new SmsSubmit(0x17, Number, new ProtocolIdentifier(0x41), DataCodingScheme.Of(Alphabet.Octets, 1), Packet)
        {
            Validity = ValidityPeriod.Enhanced(TimeSpan.FromSeconds(90)),
            RejectDuplicates = true,
            StatusReport = true,
            ReplyPath = true,
        },
        "ED 17 0A913321436587 41 15 025A0000000000 09 050003A50302 B1B2B3");

    [Fact]
    public void Deliver_report() => WireFormat.Holds(
        new SmsDeliverReport(
            FailureCause.ToolkitBusy, ProtocolIdentifier.SimDownload, DataCodingScheme.SimDownload, Packet),
        "40 D4 07 7F F6 09 050003A50302 B1B2B3");

    [Fact]
    public void Deliver_report_without_anything() => WireFormat.Holds(new SmsDeliverReport(), "00 00");

    [Fact]
    public void Submit_report() => WireFormat.Holds(
        new SmsSubmitReport(Taken, FailureCause.InvalidAddress, Coding: DataCodingScheme.Octets, UserData: Packet),
        "41 C3 06 62112210325449 04 09 050003A50302 B1B2B3");

    [Fact]
    public void Submit_report_of_one_that_was_taken() =>
        WireFormat.Holds(new SmsSubmitReport(Taken), "01 00 62112210325449");

    [Fact]
    public void Status_report()
    {
        var report = new SmsStatusReport(0x17, Number, Taken, Ended, 0x46) { LoopPrevention = true, OfCommand = true };
        var octets = report.ToBytes();

        Assert.Equal(Bytes.FromHex("2E 17 0A913321436587 62112210325449 72211332958532 46"), octets);
        Assert.Equal(report, octets.Read<SmsStatusReport>());
        for (var length = 0; length < octets.Length; length++)
            Assert.Throws<WireFormatException>(() => new Bytes(octets.Memory[..length]).Read<SmsStatusReport>());

        // What follows is TP-PI, and what that names.
        Assert.Equal(report, Bytes.FromHex($"{octets} 00").Read<SmsStatusReport>());
        Assert.Throws<WireFormatException>(() => Bytes.FromHex($"{octets} 01").Read<SmsStatusReport>());
    }

    [Fact]
    public void Status_report_with_more()
    {
        var report = new SmsStatusReport(0x17, Number, Taken, Ended, 0x46)
        {
            MoreMessages = true,
            Protocol = ProtocolIdentifier.Plain,
            Coding = DataCodingScheme.Octets,
            UserData = Packet,
        };

        Assert.Equal(
            Bytes.FromHex("42 17 0A913321436587 62112210325449 72211332958532 46 07 00 04 09 050003A50302 B1B2B3"),
            report.ToBytes());
        Assert.Equal(report, Tpdu.Read(report.ToBytes(), Direction.ToMobile));
    }

    [Theory]
    [InlineData("", Direction.ToMobile)]
    [InlineData("03", Direction.ToMobile)]
    [InlineData("02", Direction.ToCentre)] // SMS-COMMAND
    [InlineData("04 15 91 3321436587 00 00 62112210325449 00", Direction.ToMobile)] // address too long
    [InlineData("04 0A 11 3321436587 00 00 62112210325449 00", Direction.ToMobile)] // address type goes on
    [InlineData("04 09 91 3321436587 00 00 62112210325449 00", Direction.ToMobile)] // no filler
    [InlineData("04 0A 91 3321F36587 00 00 62112210325449 00", Direction.ToMobile)] // filler in the middle
    [InlineData("04 0A 91 3321436587 00 04 62112210325449 8D", Direction.ToMobile)] // 141 octets
    [InlineData("04 0A 91 3321436587 00 00 62112210325449 A1", Direction.ToMobile)] // 161 septets
    [InlineData("44 0A 91 3321436587 00 04 62112210325449 01 01", Direction.ToMobile)] // header longer than data
    [InlineData("44 0A 91 3321436587 00 04 62112210325449 03 02 00 03", Direction.ToMobile)] // element cut
    [InlineData("44 0A 91 3321436587 00 04 62112210325449 02 01 00", Direction.ToMobile)] // element without length
    [InlineData("44 0A 91 3321436587 00 00 62112210325449 03 02 00 00", Direction.ToMobile)] // too few septets
    [InlineData("00 80", Direction.ToCentre)]
    [InlineData("00 D5 80", Direction.ToCentre)]
    public void Refuses(string hex, Direction direction) =>
        Assert.Throws<WireFormatException>(() => Tpdu.Read(Bytes.FromHex(hex), direction));

    [Fact]
    public void Noise_is_refused_or_read_as_what_can_be_written()
    {
        var random = new Random(5);
        var vectors = Vectors.Of("Messages", "sms.json", "tpdus").Select(each => new Vector(each).Octets("tpdu"))
            .Concat(Vectors.Of("Messages", "sms.json", "reports").Select(each => new Vector(each).Octets("report")))
            .ToList();
        for (var i = 0; i < 60_000; i++)
        {
            var octets = vectors[random.Next(vectors.Count)].ToArray();
            if (i % 5 == 0) random.NextBytes(octets);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            Tpdu tpdu;
            try
            {
                tpdu = Tpdu.Read(new Bytes(octets), (Direction)(i % 2));
            }
            catch (WireFormatException)
            {
                continue;
            }

            // A letter too many of a sloppy writer is gone after the first reading.
            if (tpdu is SmsDeliver { Originator.Type: TypeOfNumber.Alphanumeric }) continue;
            Assert.Equal(tpdu.ToBytes(), Tpdu.Read(tpdu.ToBytes(), (Direction)(i % 2)).ToBytes());
        }
    }

    [Theory]
    [InlineData("+33612345678", TypeOfNumber.International, "33612345678")]
    [InlineData("112", TypeOfNumber.Unknown, "112")]
    [InlineData("*100#", TypeOfNumber.Unknown, "*100#")]
    [InlineData("Tessera", TypeOfNumber.Alphanumeric, "Tessera")]
    [InlineData("€uro", TypeOfNumber.Alphanumeric, "€uro")]
    public void Addresses_are_written_as_people_write_them(string text, TypeOfNumber type, string value)
    {
        var address = Address.Parse(text);

        Assert.Equal((type, value, text), (address.Type, address.Value, address.ToString()));
        Assert.Equal(address, Bytes.Of(address).Read<Address>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("+12a3x")]
    [InlineData("123456789012345678901")]
    [InlineData("twelveletter")]
    [InlineData("Привет")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<FormatException>(() => Address.Parse(text));

    [Fact]
    public void Every_length_of_a_number_and_a_name_comes_back()
    {
        for (var length = 1; length <= Address.MaxDigits; length++)
        {
            var digits = Address.Parse("12345678901234567890"[..length]);
            Assert.Equal(digits, Bytes.Of(digits).Read<Address>());
            if (length > 11) continue;
            var letters = Address.Parse("ABCDEFGHIJK"[..length]);
            Assert.Equal(letters, Bytes.Of(letters).Read<Address>());
        }
    }
}

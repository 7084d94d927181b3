using Tessera.Sms.Messages;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Messages;

public class FieldTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 23, 45, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(0x00, Alphabet.Gsm7, null)]
    [InlineData(0x04, Alphabet.Octets, null)]
    [InlineData(0x08, Alphabet.Ucs2, null)]
    [InlineData(0x0C, Alphabet.Gsm7, null)] // reserved
    [InlineData(0x10, Alphabet.Gsm7, 0)]
    [InlineData(0x16, Alphabet.Octets, 2)]
    [InlineData(0x19, Alphabet.Ucs2, 1)]
    [InlineData(0x20, Alphabet.Octets, null)] // compressed
    [InlineData(0x55, Alphabet.Octets, 1)] // to be deleted
    [InlineData(0x80, Alphabet.Gsm7, null)] // reserved group
    [InlineData(0xC8, Alphabet.Gsm7, null)] // waiting, discard
    [InlineData(0xD0, Alphabet.Gsm7, null)] // waiting, store
    [InlineData(0xE1, Alphabet.Ucs2, null)] // waiting, store
    [InlineData(0xF1, Alphabet.Gsm7, 1)]
    [InlineData(0xF6, Alphabet.Octets, 2)]
    public void Data_coding(byte octet, Alphabet alphabet, int? kind)
    {
        var coding = new DataCodingScheme(octet);

        Assert.Equal((alphabet, kind), (coding.Alphabet, coding.Class));
        Assert.Equal(octet is 0xC8 or 0xD0 or 0xE1, coding.IsWaitingIndication);
    }

    [Theory]
    [InlineData(Alphabet.Gsm7, null, 0x00)]
    [InlineData(Alphabet.Octets, 2, 0x16)]
    [InlineData(Alphabet.Ucs2, 0, 0x18)]
    public void Data_coding_of_an_alphabet_and_a_class(Alphabet alphabet, int? kind, byte octet)
    {
        Assert.Equal(octet, DataCodingScheme.Of(alphabet, kind).Octet);
        Assert.Throws<ArgumentOutOfRangeException>(() => DataCodingScheme.Of(alphabet, 4));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(1, 0)] // never less than five minutes
    [InlineData(14, 1)] // never longer than asked
    [InlineData(15, 2)]
    [InlineData(12 * 60, 143)]
    [InlineData((12 * 60) + 30, 144)]
    [InlineData(24 * 60, 167)]
    [InlineData(2 * 24 * 60, 168)]
    [InlineData(30 * 24 * 60, 196)]
    [InlineData(5 * 7 * 24 * 60, 197)]
    [InlineData(63 * 7 * 24 * 60, 255)]
    [InlineData(100 * 7 * 24 * 60, 255)]
    public void Relative_validity(int minutes, int value)
    {
        var validity = ValidityPeriod.Relative(TimeSpan.FromMinutes(minutes));

        Assert.Equal(value.ToString("X2", null), validity.ToString());
        if (minutes is not (1 or 14) && value < 255) Assert.Equal(TimeSpan.FromMinutes(minutes), validity.Duration);
        Assert.Equal(Now + validity.Duration, validity.Ends(Now));
    }

    [Theory]
    [InlineData(0, "02000000000000")]
    [InlineData(60, "023C0000000000")]
    [InlineData(255, "02FF0000000000")]
    [InlineData(256, "03004061000000")]
    [InlineData(45296, "03214365000000")]
    public void Enhanced_validity(int seconds, string octets)
    {
        var validity = ValidityPeriod.Enhanced(TimeSpan.FromSeconds(seconds));

        Assert.Equal(octets, validity.ToString());
        Assert.Equal(TimeSpan.FromSeconds(seconds), validity.Duration);
        Assert.Equal(Now.AddSeconds(seconds), validity.Ends(Now));
    }

    [Fact]
    public void Other_validity()
    {
        Assert.Null(ValidityPeriod.None.Ends(Now));
        Assert.Equal(Now.AddDays(3), ValidityPeriod.Absolute(Now.AddDays(3)).Ends(Now));
        Assert.Equal(TimeSpan.FromMinutes(10), Read("01010000000000").Duration);
        Assert.Null(Read("00000000000000").Duration);
        Assert.Null(Read("04000000000000").Duration);
        Assert.Null(Read("03219999000000").Duration);
        Assert.Null(Read("03AA0000000000").Duration);
        Assert.Throws<ArgumentOutOfRangeException>(() => ValidityPeriod.Enhanced(TimeSpan.FromHours(100)));

        static ValidityPeriod Read(string octets)
        {
            var submit = Tpdu.Read(Bytes.FromHex($"09 17 03 81 21F3 00 00 {octets} 00"), Direction.ToCentre);
            return Assert.IsType<SmsSubmit>(submit).Validity;
        }
    }

    [Theory]
    [InlineData("62112210325440", "2026-11-22T01:23:45+01:00")]
    [InlineData("62112210325449", "2026-11-22T01:23:45-03:30")]
    [InlineData("99211332959565", "2099-12-31T23:59:59+14:00")]
    public void Time_stamps(string hex, string time)
    {
        var stamp = Bytes.FromHex(hex).Read<TimeStamp>();

        Assert.Equal(time, stamp.Time?.ToString("yyyy-MM-ddTHH:mm:sszzz", null));
        WireFormat.Holds(TimeStamp.Of(stamp.Time!.Value), hex);
    }

    [Theory]
    [InlineData("62312210325440")] // month 13
    [InlineData("62201310325440")] // 31st of the 2nd
    [InlineData("62112242325440")] // hour 24
    [InlineData("6211221032544F")] // zone F
    [InlineData("62112210325497")] // zone too far
    [InlineData("24051215173000")]
    public void What_is_no_moment_is_kept_as_it_came(string hex)
    {
        var stamp = Bytes.FromHex(hex).Read<TimeStamp>();

        Assert.Null(stamp.Time);
        WireFormat.Holds(stamp, hex);
    }

    [Theory]
    [InlineData("0003A50302", 0xA5, 3, 2, false)]
    [InlineData("0804A5B60302", 0xA5B6, 3, 2, true)]
    [InlineData("0003A503027000", 0xA5, 3, 2, false)]
    [InlineData("00030103020003A50302", 0xA5, 3, 2, false)] // the last one counts
    public void Concatenation_is_found(string elements, int reference, byte total, byte number, bool wide)
    {
        var header = Header(elements);

        Assert.Equal(new Concatenation((ushort)reference, total, number, wide), header.Concatenation);
        Assert.Null(header.WithoutConcatenation().Concatenation);
        Assert.Equal(elements.EndsWith("7000", StringComparison.Ordinal), header.WithoutConcatenation().Has(0x70));
    }

    [Theory]
    [InlineData("7000")]
    [InlineData("0003A50002")]
    [InlineData("0003A50300")]
    [InlineData("0003A50304")]
    [InlineData("0002A503")]
    public void Concatenation_that_is_impossible_is_passed_over(string elements) =>
        Assert.Null(Header(elements).Concatenation);

    [Fact]
    public void Every_header_length_leaves_the_text_on_a_septet()
    {
        for (var length = 0; length < 60; length++)
        {
            var header = new UserDataHeader([new InformationElement(0x24, new Bytes(new byte[length]))]);
            var data = UserData.OfText("Tessera {€}@", Alphabet.Gsm7) with { Header = header };
            var deliver = new SmsDeliver(
                Address.Parse("123"), ProtocolIdentifier.Plain, DataCodingScheme.Gsm7, default, data);

            var read = Assert.IsType<SmsDeliver>(Tpdu.Read(deliver.ToBytes(), Direction.ToMobile));

            Assert.Equal(deliver, read);
            Assert.Equal("Tessera {€}@", read.UserData.ToText(read.Coding));
        }
    }

    [Fact]
    public void User_data_as_SMPP_carries_it()
    {
        var data = UserData.OfOctets(Bytes.FromHex("050003A50302 B1B2").Span, hasHeader: true);

        Assert.Equal(new Concatenation(0xA5, 3, 2, false), data.Header.Concatenation);
        Assert.Equal(Bytes.FromHex("B1B2"), data.Content);
        Assert.Equal(Bytes.FromHex("050003A50302B1B2"), data.ToOctets());
        Assert.Equal(Bytes.FromHex("B1B2"), UserData.OfOctets(Bytes.FromHex("B1B2").Span, hasHeader: false).ToOctets());
        Assert.Throws<WireFormatException>(() => UserData.OfOctets(Bytes.FromHex("0500").Span, hasHeader: true));
    }

    private static UserDataHeader Header(string elements) =>
        Bytes.FromHex($"{elements.Length / 2:X2}{elements}").Read<UserDataHeader>();
}

using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Sms.Relay;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Sms;

/// <summary>Whatever we write, tshark reads: each field as it was meant, and none malformed.</summary>
public class TsharkTests
{
    private const string Malformed = "_ws.malformed";
    private const string Remarks = "_ws.expert.message";

    private static readonly Address Centre = Address.Parse("+33609001390");
    private static readonly Address Card = Address.Parse("+3312345678");
    private static readonly TimeStamp Taken = TimeStamp.Of(new(2026, 11, 22, 13, 23, 45, TimeSpan.FromHours(2)));

    private static readonly CommandHeader Down = new(
        new Spi(Integrity.CryptographicChecksum, true, CounterMode.Higher),
        KeyReference.Aes(1), KeyReference.Aes(1), Tar.Parse("544553"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_in_every_alphabet_and_of_several_parts_are_read()
    {
        string[] texts =
        [
            "Hello", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "[^{}\\~|€]", "Привет, Олег", "12345678", "1234567",
            string.Concat(Enumerable.Repeat("A long text of {many} words. ", 12)),
            string.Concat(Enumerable.Repeat("Длинный текст. ", 12)),
        ];
        List<RpMessage> messages = [];
        List<string> expected = [];
        foreach (var text in texts)
        {
            var coding = Segmenter.CodingOf(text);
            foreach (var part in Segmenter.Text(text, coding.Alphabet, (byte)messages.Count))
            {
                messages.Add(ToCentre(new SmsSubmit(0x17, Card, ProtocolIdentifier.Plain, coding, part)));
                messages.Add(ToMobile(new SmsDeliver(Card, ProtocolIdentifier.Plain, coding, Taken, part)));
                expected.AddRange([part.ToText(coding), part.ToText(coding)]);
            }
        }

        var rows = await Tshark.DissectAsync(messages, Cancel, Malformed, Remarks, "gsm_sms.sms_text");

        Assert.Equal(messages.Count, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal(("", ""), (rows[i][0], rows[i][1]));

            // A last part shows the others before it.
            Assert.EndsWith(expected[i], rows[i][2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_kind_of_message_has_its_fields()
    {
        var packet = Segmenter.Command(Packet(300), 0xA5);
        RpMessage[] messages =
        [
            ToMobile(new SmsDeliver(
                Card, ProtocolIdentifier.SimDownload, DataCodingScheme.SimDownload, Taken, packet[0])),
            ToCentre(new SmsSubmit(0x17, Card, ProtocolIdentifier.Plain, DataCodingScheme.Gsm7, UserData.Empty)
            {
                Validity = ValidityPeriod.Relative(TimeSpan.FromMinutes(15)),
            }),
            ToCentre(new SmsSubmit(0x18, Card, ProtocolIdentifier.Plain, DataCodingScheme.Gsm7, UserData.Empty)
            {
                Validity = ValidityPeriod.Absolute(new(2026, 11, 23, 1, 2, 3, TimeSpan.Zero)), StatusReport = true,
            }),
            ToCentre(new SmsSubmit(0x19, Card, ProtocolIdentifier.Plain, DataCodingScheme.Gsm7, UserData.Empty)
            {
                Validity = ValidityPeriod.Enhanced(TimeSpan.FromSeconds(60)), RejectDuplicates = true,
            }),
            new RpAck(Direction.ToCentre, 1, new SmsDeliverReport(
                null, ProtocolIdentifier.SimDownload, DataCodingScheme.SimDownload,
                new UserData(Bytes.FromHex("B1B2B3"))).ToBytes()),
            new RpError(Direction.ToCentre, 1, RpCause.ProtocolError, null, new SmsDeliverReport(
                FailureCause.ToolkitBusy).ToBytes()),
            new RpAck(Direction.ToMobile, 1, new SmsSubmitReport(Taken).ToBytes()),
            new RpError(Direction.ToMobile, 1, RpCause.TemporaryFailure, null, new SmsSubmitReport(
                Taken, FailureCause.InvalidAddress).ToBytes()),
            ToMobile(new SmsStatusReport(0x17, Card, Taken, Taken, 0x46)),
            new RpAck(Direction.ToCentre, 1),
            new RpSmma(2),
        ];

        var rows = await Tshark.DissectAsync(
            messages, Cancel, Malformed, Remarks, "gsm_a.rp.msg_type", "gsm_sms.tp-mti", "gsm_sms.tp-pid",
            "gsm_sms.tp-dcs", "gsm_sms.tp-fcs", "gsm_sms.ie_identifier", "gsm_sms.tp-vpf", "gsm_sms.tp-mr");

        Assert.All(rows, row => Assert.Equal(("", ""), (row[0], row[1])));
        Assert.Equal(
            """
            0x01 | 0 | 127 | 246 |  | 0x00,0x70 |  |
            0x00 | 1 | 0 | 0 |  |  | 2 | 23
            0x00 | 1 | 0 | 0 |  |  | 3 | 24
            0x00 | 1 | 0 | 0 |  |  | 1 | 25
            0x02 | 0 | 127 | 246 |  |  |  |
            0x04 | 0 |  |  | 0xd4 |  |  |
            0x03 | 1 |  |  |  |  |  |
            0x05 | 1 |  |  | 0xc3 |  |  |
            0x01 | 2 |  |  |  |  |  | 23
            0x02 |  |  |  |  |  |  |
            0x06 |  |  |  |  |  |  |
            """,
            string.Join('\n', rows.Select(row => string.Join(" | ", row[2..]).TrimEnd())));
    }

    [Fact]
    public async Task No_message_of_many_is_malformed()
    {
        var random = new Random(11);
        var messages = Enumerable.Range(0, 400).Select(_ => Any(random)).ToList();

        var rows = await Tshark.DissectAsync(messages, Cancel, Malformed, Remarks, "gsm_a.rp.rp_message_reference");

        Assert.Equal(messages.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal("", row[0]));
        Assert.All(rows.Zip(messages), pair => Assert.Equal($"0x{pair.Second.Reference:x2}", pair.First[2]));
    }

    private static RpMessage Any(Random random)
    {
        var number = Address.Parse($"+{random.NextInt64(1, 1_000_000_000_000)}");
        var name = Address.Parse("Tessera"[..random.Next(1, 8)]);
        var octets = new byte[random.Next(300)];
        random.NextBytes(octets);
        var parts = Segmenter.Octets(
            new Bytes(octets), UserDataHeader.None, (ushort)random.Next(65536), wide: random.Next(2) == 0);
        var part = parts[random.Next(parts.Count)];
        var coding = DataCodingScheme.Of(Alphabet.Octets, random.Next(4));
        var time = TimeStamp.Of(DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(1_700_000_000, 2_500_000_000)));
        return random.Next(4) switch
        {
            0 => ToMobile(new SmsDeliver(
                random.Next(2) == 0 ? number : name, ProtocolIdentifier.Plain, coding, time, part)),
            1 => ToCentre(new SmsSubmit((byte)random.Next(256), number, ProtocolIdentifier.Plain, coding, part)
            {
                Validity = random.Next(3) switch
                {
                    0 => ValidityPeriod.Relative(TimeSpan.FromMinutes(random.Next(100_000))),
                    1 => ValidityPeriod.Enhanced(TimeSpan.FromSeconds(random.Next(100_000))),
                    _ => ValidityPeriod.None,
                },
            }),
            2 => new RpAck(
                Direction.ToCentre, (byte)random.Next(256), new SmsDeliverReport(null, null, coding, part).ToBytes()),
            _ => ToMobile(new SmsStatusReport((byte)random.Next(256), number, time, time, (byte)random.Next(0x80))),
        };
    }

    private static Bytes Packet(int length)
    {
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        return new CommandPacket(Down, 1, new Bytes(new byte[length])).Wrap(keys);
    }

    private static RpData ToMobile(Tpdu tpdu) => new(Direction.ToMobile, 0xA5, Centre, tpdu.ToBytes());

    private static RpData ToCentre(Tpdu tpdu) => new(Direction.ToCentre, 0x5A, Centre, tpdu.ToBytes());
}

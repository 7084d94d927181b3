using FsCheck;
using FsCheck.Fluent;
using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Parts;

public class SegmenterTests
{
    private static readonly Address Sender = Address.Parse("+3312345678");

    [Theory]
    [InlineData(Alphabet.Gsm7, false, 160, 153)]
    [InlineData(Alphabet.Gsm7, true, 160, 152)]
    [InlineData(Alphabet.Ucs2, false, 70, 67)]
    [InlineData(Alphabet.Ucs2, true, 70, 66)]
    public void Room_of_a_text(Alphabet alphabet, bool wide, int single, int part)
    {
        Assert.Single(Segmenter.Text(new string('a', single), alphabet, 7, wide));
        Assert.Equal(2, Segmenter.Text(new string('a', single + 1), alphabet, 7, wide).Count);
        Assert.Equal(2, Segmenter.Text(new string('a', 2 * part), alphabet, 7, wide).Count);
        Assert.Equal(3, Segmenter.Text(new string('a', (2 * part) + 1), alphabet, 7, wide).Count);
        Assert.Equal(255, Segmenter.Text(new string('a', 255 * part), alphabet, 7, wide).Count);
        Assert.Throws<ArgumentException>(() => Segmenter.Text(new string('a', (255 * part) + 1), alphabet, 7, wide));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(137, 1)]
    [InlineData(138, 2)]
    [InlineData(132 + 134, 2)]
    [InlineData(132 + 134 + 1, 3)]
    [InlineData(132 + 134 + 134, 3)]
    [InlineData(132 + 134 + 134 + 1, 4)]
    public void Room_of_a_packet(int length, int parts)
    {
        var cut = Segmenter.Command(new Bytes(new byte[length]), 0xA5);

        Assert.Equal(parts, cut.Count);
        for (var i = 0; i < cut.Count; i++)
        {
            var header = Bytes.Of(cut[i].Header).ToString();
            Assert.Equal(
                (parts, i) switch
                {
                    (1, _) => "027000",
                    (_, 0) => $"070003A5{parts:X2}017000",
                    _ => $"050003A5{parts:X2}{i + 1:X2}",
                },
                header);
            Assert.True(cut[i].ToOctets().Length <= UserData.MaxOctets);
        }
    }

    // docs/protocols/sms.md: 98, 242, 370 octets; 16 × ⌊(134 n - 12) / 16⌋ - 14.
    [Theory]
    [InlineData(98, 1)]
    [InlineData(242, 2)]
    [InlineData(370, 3)]
    [InlineData((16 * (((134 * 4) - 12) / 16)) - 14, 4)]
    public void Room_of_what_a_packet_holds(int most, int parts)
    {
        Assert.Equal(parts, Cut(most).Count);
        Assert.Equal(parts + 1, Cut(most + 1).Count);

        static Sequence<UserData> Cut(int length)
        {
            using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
            var header = new CommandHeader(
                new Spi(Integrity.CryptographicChecksum, true, CounterMode.Higher),
                KeyReference.Aes(1), KeyReference.Aes(1), Tar.Parse("544553"));
            return Segmenter.Command(new CommandPacket(header, 1, new Bytes(new byte[length])).Wrap(keys), 0xA5);
        }
    }

    [Fact]
    public void Characters_of_two_codes_stay_whole()
    {
        for (var before = 0; before < 4; before++)
        {
            var euros = new string('a', before) + new string('€', 100);
            foreach (var part in Segmenter.Text(euros, Alphabet.Gsm7, 7))
            {
                Assert.DoesNotContain('e', part.ToText(DataCodingScheme.Gsm7));
                Assert.NotEqual(0x1B, part.Content.Span[^1]);
            }

            var faces = new string('a', before) + string.Concat(Enumerable.Repeat("😀", 60));
            var parts = Segmenter.Text(faces, Alphabet.Ucs2, 7).Select(part => part.ToText(DataCodingScheme.Ucs2));
            Assert.Equal(faces, string.Concat(parts));
        }
    }

    [Fact]
    public void Any_text_comes_back_through_its_parts_in_any_order() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<string> Text, int Repeat, int Seed)>(), some =>
        {
            var text = string.Concat(Enumerable.Repeat(Clean(some.Text.Get), 1 + (Math.Abs(some.Repeat % 40))));
            var coding = Segmenter.CodingOf(text);
            var parts = Segmenter.Text(text, coding.Alphabet, (ushort)some.Seed, wide: some.Seed % 2 == 0);
            var read = parts.Select(part => OnTheWire(part, coding)).ToArray();
            new Random(some.Seed).Shuffle(read);

            var reassembler = new Reassembler();
            var whole = read.Select(part => reassembler.Take(Sender, coding, part, DateTimeOffset.UnixEpoch)).ToList();

            Assert.Equal(text, whole[^1]!.ToText(coding));
            Assert.DoesNotContain(whole.SkipLast(1), part => part is not null);
            Assert.Equal((0, 0), (reassembler.Count, reassembler.Octets));
        }).QuickCheckThrowOnFailure();

    /// <summary>Half a surrogate pair is no text.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes()).Replace("\uFFFD", "", StringComparison.Ordinal);

    private static UserData OnTheWire(UserData part, DataCodingScheme coding)
    {
        var submit = new SmsSubmit(1, Sender, ProtocolIdentifier.Plain, coding, part);
        return Assert.IsType<SmsSubmit>(Tpdu.Read(submit.ToBytes(), Direction.ToCentre)).UserData;
    }
}

using System.Net;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Sms.Packets;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Reception;

public sealed class PacketReadingTests : IDisposable
{
    private const string Number = "33612345678";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MasterKeys _masters = MasterKeys.Generate(1);
    private readonly PlayedCard _card;
    private readonly PacketReading _reading;

    public PacketReadingTests()
    {
        _card = new PlayedCard(_masters, new CardId(0xA1A2A3A4A5A6A7A8), Number);
        _reading = new PacketReading(new SmsGatewayOptions
        {
            Smsc = new IPEndPoint(IPAddress.Loopback, 0),
            Esme = new SmppClientOptions { SystemId = "gateway", Password = "" },
            ServiceNumber = SmppAddress.International("5000"),
            Keys = version => version == 1 ? _masters : null,
        });
    }

    public void Dispose() => _masters.Dispose();

    [Fact]
    public void An_opening_says_who_it_is_and_which_phone()
    {
        var arrival = Assert.IsType<OpeningArrival>(Read(_card.Open()));

        Assert.Equal(new SmsSessionId(_card.Id, 1), arrival.Session);
        Assert.Equal(PlayedCard.OpeningOf(1), arrival.Opening.Read<Opening>());
        Assert.Equal(TerminalProfile.Phone.Octets, arrival.Profile);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_digest_stands_for_the_profile_that_was_told_before(bool known)
    {
        var phone = OpeningProfile.Whole(TerminalProfile.Phone.Octets.Span);
        var told = known ? TerminalProfile.Phone.Octets : TerminalProfile.TextOnly.Octets;

        var arrival = Assert.IsType<OpeningArrival>(Read(_card.Open(phone.ToDigest()), Subscriber() with { Profile = told }));

        Assert.Equal(known ? TerminalProfile.Phone.Octets : Bytes.Empty, arrival.Profile);
    }

    [Fact]
    public void An_answer_names_its_script()
    {
        var answer = Bytes.Of(new ResponseScript(new ScriptHead(1, 0x2A, 3), 0, []));

        var arrival = Assert.IsType<AnswerArrival>(Read(_card.Say(answer)));

        Assert.Equal((new SmsSessionId(_card.Id, 0x2A), (byte)3, answer), (arrival.Session, arrival.Number, arrival.Answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AA06C00401002A01")]
    [InlineData("AB03800100")]
    [InlineData("AB09C00402002A01800100")]
    [InlineData("AB09C00401002A0180010000")]
    [InlineData("E306C00401002A00")]
    [InlineData("E300")]
    [InlineData("FF")]
    public void Authentic_octets_that_are_neither_are_unreadable(string hex) =>
        Assert.Equal(1ul, Assert.IsType<UnreadableArrival>(Read(_card.Say(Bytes.FromHex(hex)))).Counter);

    [Fact]
    public void Each_card_of_the_number_is_tried()
    {
        var other = new Subscriber(new CardId(1), Number, 1);
        var stranger = new Subscriber(new CardId(2), Number, 9);
        var whole = Whole(_card.Open());

        Assert.True(_reading.TryRead(whole, [other, stranger, Subscriber()], Now, out var read, out _));
        Assert.Equal(_card.Id, read.Arrival.Card);
        Assert.False(_reading.TryRead(whole, [other, stranger], Now, out _, out var why));
        Assert.Equal(Refusal.Forged, why);
    }

    [Fact]
    public void Every_bit_of_a_packet_counts()
    {
        var packet = Whole(_card.Say(Bytes.Of(PlayedCard.OpeningOf(1)))).Packet;
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var octets = packet.ToArray();
            octets[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.NotEqual(Refusal.Replayed, Refused(octets));
        }

        for (var length = 0; length < packet.Length; length++) Refused(packet.ToArray()[..length]);
    }

    [Fact]
    public void A_script_that_comes_back_to_the_gateway_is_known_as_its_own()
    {
        var down = CardPacket.Wrap(_masters, _card.Id, 7, Scripts.Of(1, 1));

        Assert.Equal(Refusal.Reflected, Refused(down.ToArray()));
        var octets = down.ToArray();
        (octets[5], octets[6]) = (0x22, 0x22);
        Assert.Equal(Refusal.Forged, Refused(octets));
    }

    public static TheoryData<byte, byte, byte, byte, string> Headers => new()
    {
        { 0x16, 0x01, 0x22, 0x22, "544553" },
        { 0x16, 0x39, 0x22, 0x22, "544553" },
        { 0x1E, 0x00, 0x22, 0x22, "544553" },
        { 0x12, 0x00, 0x22, 0x22, "544553" },
        { 0x16, 0x00, 0x32, 0x32, "544553" },
        { 0x16, 0x00, 0x22, 0x22, "544554" },
        { 0x16, 0x00, 0x22, 0x22, "000000" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Only_the_protection_of_the_protocol_is_taken(byte first, byte second, byte kic, byte kid, string tar)
    {
        var header = new CommandHeader(
            new Bytes(new[] { first, second }).Read<Spi>(), new KeyReference(kic), new KeyReference(kid), Tar.Parse(tar));

        Assert.Equal(Refusal.OtherProtection, Refused(Whole(_card.Say(Bytes.FromHex("E300"), header, 9)).Packet.ToArray()));
    }

    [Fact]
    public void Noise_is_refused_and_nothing_worse()
    {
        var random = new Random(3);
        var packet = Whole(_card.Open()).Packet.ToArray();
        for (var i = 0; i < 5_000; i++)
        {
            var octets = RandomNumberGenerator.GetBytes(random.Next(200));
            if (random.Next(2) == 0) packet.AsSpan(0, Math.Min(10, octets.Length)).CopyTo(octets);
            Refused(octets);
        }
    }

    private static PacketWhole Whole(IReadOnlyList<Bytes> messages)
    {
        var contents = messages.Select(message => CardMessage.Read(message)!.Content.ToArray());
        return new PacketWhole(new Bytes(contents.SelectMany(octets => octets).ToArray()), [], new MessageCount(messages.Count, 0));
    }

    private Subscriber Subscriber() => new(_card.Id, Number, 1);

    private Arrival Read(IReadOnlyList<Bytes> messages, Subscriber? subscriber = null)
    {
        Assert.True(_reading.TryRead(Whole(messages), [subscriber ?? Subscriber()], Now, out var read, out _));
        return read.Arrival;
    }

    private Refusal Refused(byte[] octets)
    {
        Assert.False(_reading.TryRead(
            new PacketWhole(new Bytes(octets), [], new MessageCount(1, octets.Length)), [Subscriber()], Now, out _, out var why));
        Assert.True(why is Refusal.Forged or Refusal.Malformed or Refusal.OtherProtection or Refusal.Reflected);
        return why;
    }
}

using System.IO.Pipelines;
using System.Net.Sockets;
using Tessera.Smpp.Centre;
using Tessera.Smpp.Tests.Sessions;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>Phones that do not keep to the protocol: octets from a bare socket.</summary>
public class HostileTests
{
    private const string Attach = "000A01080910100000000010";
    private const string AttachOfBob = "000A01080910100000000020";
    private const string Attached = "000802913316325476F8";
    private const string ProtocolError = "0002036F";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("000106")]
    [InlineData("0003040609")]
    [InlineData("000105")]
    [InlineData("000A01080810100000000010")]
    [InlineData("FFFF")]
    [InlineData("000108")]
    public async Task What_does_not_begin_with_ATTACH_is_refused(string hex)
    {
        await using var world = await CentreWorld.StartAsync();
        using var phone = await ConnectAsync(world, hex + "000105");

        // PING is answered to anybody.
        if (hex is "000106") await ExpectAsync(phone, "000107");
        await ExpectAsync(phone, ProtocolError);
        Assert.Equal(AirCause.ProtocolError, (await world.Events.NextAsync<PhoneRefused>()).Cause);
    }

    [Theory]
    [InlineData(Attach)]
    [InlineData("00020302")]
    [InlineData("000802913316325476F8")]
    [InlineData("0106040000")]
    public async Task An_attached_phone_that_breaks_the_protocol_is_put_out(string hex)
    {
        await using var world = await CentreWorld.StartAsync();
        using var phone = await ConnectAsync(world, Attach + hex);

        await ExpectAsync(phone, Attached + ProtocolError);
        await world.Events.NextAsync<PhoneDetached>();
        Assert.False(world.Centre.IsAttached(CentreWorld.Ada.Number));
    }

    [Theory]
    [InlineData("00040400 07 00", "0005040507 01 60")]
    [InlineData("00030407 07", "0005040507 01 60")]
    [InlineData("00030405 07", "")]
    [InlineData("00030402 07", "")]
    [InlineData("0004040107 00", "0005040507 01 60")]
    public async Task An_RPDU_that_cannot_be_read_is_refused_where_it_wants_an_answer(string hex, string answer)
    {
        await using var world = await CentreWorld.StartAsync();
        using var phone = await ConnectAsync(world, Attach + hex + "000106");

        await ExpectAsync(phone, Attached + answer + "000107");
    }

    [Fact]
    public async Task RP_SMMA_is_acknowledged_as_the_document_says()
    {
        await using var world = await CentreWorld.StartAsync();
        using var phone = await ConnectAsync(world, Attach + "0003040609");

        await ExpectAsync(phone, Attached + "0003040309");
    }

    [Fact]
    public async Task A_TPDU_that_is_no_SMS_SUBMIT_is_refused_and_the_next_is_taken()
    {
        await using var world = await CentreWorld.StartAsync();
        using var phone = await ConnectAsync(world, Attach);
        await ExpectAsync(phone, Attached);

        await SendAsync(phone, Rp(new RpData(Direction.ToCentre, 1, ServiceCentre: null, Bytes.FromHex("02"))));
        var refused = Assert.IsType<RpError>(await ReceiveAsync(phone));
        Assert.Equal(FailureCause.TpduNotSupported, refused.Tpdu?.Read<SmsSubmitReport>().Failure);

        var submit = TestPhone.Submit("+33687654321", "Hi").ToBytes();
        await SendAsync(phone, Rp(new RpData(Direction.ToCentre, 2, ServiceCentre: null, submit)));
        Assert.Equal(2, Assert.IsType<RpAck>(await ReceiveAsync(phone)).Reference);
    }

    [Fact]
    public async Task A_phone_that_sends_too_fast_is_told_to_wait()
    {
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Air = CentreWorld.Options.Air with { MaxPerSecond = 2 } });
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        for (var i = 0; i < 2; i++) Assert.True((await ada.SendAsync("+33687654321", "Hi")).IsTaken);

        var third = await ada.SendAsync("+33687654321", "Hi");

        Assert.Equal((RpCause.Congestion, FailureCause.CentreBusy), (third.Refused, third.Report?.Failure));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await ada.SendAsync("+33687654321", "Hi")).IsTaken);
    }

    [Fact]
    public async Task A_phone_that_says_nothing_is_put_out()
    {
        await using var world = await CentreWorld.StartAsync();
        using var silent = await ConnectAsync(world, "");
        await world.Time.TimerAsync(CentreWorld.Options.Air.Attach, Cancel);

        world.Time.Advance(CentreWorld.Options.Air.Attach);

        await ExpectAsync(silent, ProtocolError);
    }

    [Fact]
    public async Task A_silent_connection_is_asked_and_then_closed()
    {
        var limits = new AirLimits();
        await using var world = await CentreWorld.StartAsync(CentreWorld.Options with { Air = limits });
        using var phone = await ConnectAsync(world, Attach);
        await ExpectAsync(phone, Attached);

        world.Time.Advance(limits.Ping);
        await ExpectAsync(phone, "000106");
        await SendAsync(phone, "000107");
        await SendAsync(phone, "000106");
        await ExpectAsync(phone, "000107");
        world.Time.Advance(limits.Silence);

        Assert.Contains("75 s", (await world.Events.NextAsync<PhoneDetached>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_delivers_nothing()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        using var phone = await ConnectAsync(world, Attach);
        await ExpectAsync(phone, Attached);
        await shop.SubmitAsync(TestEsme.To(CentreWorld.Ada.Number));
        var data = Assert.IsType<RpData>(await ReceiveAsync(phone));

        await SendAsync(phone, Rp(new RpAck(Direction.ToCentre, (byte)(data.Reference + 1))));
        await SendAsync(phone, "000106");
        await ExpectAsync(phone, "000107");
        Assert.Equal(1, world.Centre.Held);
        await SendAsync(phone, Rp(new RpAck(Direction.ToCentre, data.Reference)));

        Assert.Equal(MessageState.Delivered, (await world.Events.NextAsync<MessageEnded>()).State);
    }

    [Fact]
    public async Task Noise_on_many_connections_leaves_the_others_alone()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var random = new Random(11);
        for (var i = 0; i < 50; i++)
        {
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            var begin = random.Next(2) == 0 ? AttachOfBob : "";
            using var peer = await ConnectAsync(world, begin + Convert.ToHexString(noise));
        }

        Assert.True((await ada.SendAsync("+33612345678", "still here")).IsTaken);
        Assert.Equal("still here", (await ada.ReceiveAsync()).UserData.ToText(DataCodingScheme.Gsm7));
        Assert.False(world.Centre.Failed.IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_frame_is_over_and_its_phone_is_gone()
    {
        await using var world = await CentreWorld.StartAsync();
        var phone = new Pipe();
        await phone.Writer.WriteAsync(Bytes.FromHex(Attach).Memory, Cancel);
        using var takesNothing = new MemoryStream([]);

        await world.Centre.ServePhoneAsync(new PipeEnd(phone.Reader, PipeWriter.Create(takesNothing)), Cancel);

        await world.Events.NextAsync<PhoneDetached>();
        Assert.False(world.Centre.IsAttached(CentreWorld.Ada.Number));
    }

    [Fact]
    public async Task A_destination_that_no_ESME_can_be_told_is_refused_and_stops_nothing()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        var answer = await ada.SendAsync("7é", "Hi");
        Assert.True((await ada.SendAsync("71", "Hi again")).IsTaken);

        Assert.Equal(FailureCause.InvalidAddress, answer.Report?.Failure);
        Assert.Equal("71", (await shop.ReceiveAsync()).Destination.Digits);
        Assert.False(world.Centre.Failed.IsCompleted);
    }

    private static string Rp(RpMessage message) =>
        Bytes.Of(new AirFrame(AirFrameType.Rp, message.ToBytes())).ToString();

    private static async Task<Socket> ConnectAsync(CentreWorld world, string hex)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(world.Air, Cancel);
        await SendAsync(socket, hex);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string hex) =>
        await socket.SendAsync(Bytes.FromHex(hex).Memory, Cancel);

    private static async Task ExpectAsync(Socket socket, string hex)
    {
        var expected = Bytes.FromHex(hex);
        Assert.Equal(expected, await ReadAsync(socket, expected.Length));
    }

    private static async Task<RpMessage> ReceiveAsync(Socket socket)
    {
        var length = await ReadAsync(socket, 2);
        var frame = await ReadAsync(socket, (length.Span[0] << 8) | length.Span[1]);
        return RpMessage.Read(frame.Span[1..]);
    }

    private static async Task<Bytes> ReadAsync(Socket socket, int count)
    {
        var octets = new byte[count];
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.ReadExactlyAsync(octets, Cancel);
        return new Bytes(octets);
    }
}

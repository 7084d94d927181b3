using System.Net;
using System.Net.Sockets;
using Tessera.Phone.Calls;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

public sealed class DeviceExchangeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ExchangeWorld _world = new();
    private readonly Socket _telephone = ExchangeWorld.Sound();
    private readonly Socket _network = ExchangeWorld.Sound();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LocalAudio TelephoneAudio => new((IPEndPoint)_telephone.LocalEndPoint!);

    private LocalAudio NetworkAudio => new((IPEndPoint)_network.LocalEndPoint!);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _telephone.Dispose();
        _network.Dispose();
    }

    [Fact]
    public async Task What_the_telephone_dials_is_called_with_the_number_of_the_line()
    {
        var dialled = await _world.DialAsync("83773", TelephoneAudio);
        var called = await _world.Network.Calls.ReadAsync(Cancel);

        Assert.Equal("83773", called.Invite.Uri.User);
        Assert.Equal((CallerCertainty.Asserted, "+4712345678"), (called.Caller.Certainty, called.Caller.Number));
        called.Ring();
        Assert.Equal(new CallEvent.Progress(SipStatus.Ringing), await dialled.Events.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Busy_there_is_busy_here_and_so_is_a_second_call()
    {
        var dialled = await _world.DialAsync("83773", TelephoneAudio);
        var called = await _world.Network.Calls.ReadAsync(Cancel);
        var second = await _world.DialAsync("83774", TelephoneAudio);
        Assert.Equal(SipStatus.BusyHere, (await second.Ended).Status);

        called.Reject(SipStatus.Decline);

        Assert.Equal((CallEndReason.Refused, SipStatus.Decline), await EndAsync(dialled));
    }

    [Fact]
    public async Task Who_gives_up_before_an_answer_gives_up_there_too()
    {
        var dialled = await _world.DialAsync("83773", TelephoneAudio);
        var called = await _world.Network.Calls.ReadAsync(Cancel);

        await dialled.HangUpAsync(Cancel);

        Assert.Equal(CallEndReason.Cancelled, (await EndAsync(called)).Reason);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    public async Task In_voice_every_octet_passes_as_it_is_in_both_directions(AudioCodec codec)
    {
        var (telephone, network) = await _world.ConnectAsync(TelephoneAudio with { Codecs = [codec] }, NetworkAudio);
        Assert.Equal((codec, codec), (telephone.Audio!.Codec, network.Audio!.Codec));

        await PassAsync(_telephone, telephone.Audio, _network);
        await PassAsync(_network, network.Audio, _telephone);
    }

    [Fact]
    public async Task Who_hangs_up_ends_the_call_of_the_other_and_the_device_has_no_call()
    {
        var (telephone, network) = await _world.ConnectAsync(TelephoneAudio, NetworkAudio);
        await StageAsync(LineStage.Voice);

        await network.HangUpAsync(Cancel);

        Assert.Equal(CallEndReason.RemoteHungUp, (await EndAsync(telephone)).Reason);
        await StageAsync(LineStage.NoCall);
        var (again, _) = await _world.ConnectAsync(TelephoneAudio, NetworkAudio);
        Assert.Equal(CallState.Established, again.State);
    }

    [Fact]
    public async Task Hold_and_its_end_are_handed_on_in_both_directions()
    {
        var (telephone, network) = await _world.ConnectAsync(TelephoneAudio, NetworkAudio);
        foreach (var (asks, hears) in new[] { (telephone, network), (network, telephone) })
        {
            Assert.True(await asks.HoldAsync(Cancel));
            await ChangedAsync(hears, AudioDirection.ReceiveOnly);
            Assert.True(await asks.ResumeAsync(Cancel));
            await ChangedAsync(hears, AudioDirection.SendReceive);
        }
    }

    [Fact]
    public async Task A_call_of_the_network_rings_the_telephone()
    {
        var dialled = await _world.Network.CallAsync(
            SipUri.Sip("home", _world.Exchange.Line), NetworkAudio,
            new CallOptions { From = new NameAddress(SipUri.Sip("+33639980001", _world.Network.Address)) }, Cancel);
        var called = await _world.Telephone.Calls.ReadAsync(Cancel);
        Assert.Equal("+33639980001", called.Caller.Number);
        called.Ring();
        Assert.NotNull(await called.AcceptAsync(TelephoneAudio, Cancel));

        Assert.NotNull(await dialled.Answered);
        await StageAsync(LineStage.Voice);
    }

    [Fact]
    public async Task Keys_pass_in_voice_and_nothing_in_data_where_the_card_pays_and_the_call_goes_on()
    {
        using var till = new Till(_world.Server.Id, CardInHand.Id);
        await using var card = new CardInHand();
        await till.LoadAsync(card, 5000, Cancel);
        _world.Reader.Insert(new LastingCard(card));
        using var port = RtpPort.Bind(IPAddress.Loopback);
        var dialled = await _world.DialAsync("83773", new LocalAudio(port.EndPoint));
        await using var answered = (await AnsweredCall.AcceptAsync(await _world.Network.Calls.ReadAsync(Cancel), _world.Site, Cancel))!;
        var session = new RtpSession((await dialled.Answered)!, new RtpOptions());
        var ear = new Ear();
        await using var sound = _world.Pacer.Start(port, session, ear.Exchange);

        session.Press('7');
        Assert.Equal("7", (await answered.AskAsync(default, One, Cancel)).Keys);

        var armed = answered.AwaitDataAsync(TimeSpan.FromHours(1), Cancel);
        await Eventually.SeeAsync(() => Task.FromResult(_world.Device.Status), status => status.Card, Cancel);
        Assert.Equal(DataKeyAnswer.Asking, _world.Device.PressDataKey());
        var line = (await armed)!;
        var asked = answered.AskAsync(default, One, Cancel);
        session.Press('8');
        var serving = _world.Listener.ServeAsync(new LineFrameChannel(line), new PeerIdentity(line.Peer.Identity), Cancel);
        var link = await _world.Listener.Links.ReadAsync(Cancel);
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var load = till.Load(link.Session, 2, 500);
        Assert.Null((await link.SendAsync(2, load, Cancel)).Read<ResponseScript>().End);
        Assert.Equal(0, ear.Loudest);
        _world.Listener.Pause(link.Terminal);
        await serving;
        await line.Ended;
        await StageAsync(LineStage.Armed);

        Assert.False(asked.IsCompleted);
        session.Press('9');
        Assert.Equal("9", (await asked).Keys);
    }

    private static KeyRule One => new() { Most = 1, First = Patience, Next = Patience };

    private static async Task<(CallEndReason Reason, SipStatus? Status)> EndAsync(SipCall call)
    {
        var end = await call.Ended.WaitAsync(Patience, Cancel);
        return (end.Reason, end.Status);
    }

    /// <summary>Says all that the codec can say, in packets at once, and waits until just that is heard.</summary>
    private static async Task PassAsync(Socket from, AudioAgreement agreed, Socket to)
    {
        const int packets = 8;
        var octets = Enumerable.Range(0, packets * AudioBlock.Length).Select(i => (byte)(i * 7)).ToArray();
        Assert.Equal(256, octets.Distinct().Count());
        var datagram = new byte[RtpPacket.HeaderLength + AudioBlock.Length];
        for (var i = 0; i < packets; i++)
        {
            var payload = new Bytes(octets.AsMemory(i * AudioBlock.Length, AudioBlock.Length));
            var packet = new RtpPacket(
                i == 0, (byte)agreed.Codec, (ushort)(1000 + i), (uint)(i * AudioBlock.Length), 77, payload);
            packet.Write(datagram);
            await from.SendToAsync(datagram, agreed.Remote, Cancel);
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        List<byte> heard = [];
        var received = new byte[RtpPacket.MaxLength];
        while (heard.ToArray().AsSpan().IndexOf(octets) < 0)
        {
            var length = await to.ReceiveAsync(received, late.Token);
            heard.AddRange(RtpPacket.Read(Bytes.CopyOf(received.AsSpan(0, length))).Payload.Span);
        }
    }

    /// <summary>Until the other side lets a call do that much and no more.</summary>
    private static async Task ChangedAsync(SipCall call, AudioDirection wanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(Patience);
        while (await call.Events.ReadAsync(late.Token) is not CallEvent.AudioChanged changed
            || changed.Audio.Direction != wanted)
        {
            // Something else that happened.
        }
    }

    private async Task StageAsync(LineStage stage) =>
        await Eventually.SeeAsync(() => Task.FromResult(_world.Device.Status), status => status.Stage == stage, Cancel);

    /// <summary>Somebody who listens and says nothing.</summary>
    private sealed class Ear
    {
        private int _loudest;

        public int Loudest => Volatile.Read(ref _loudest);

        public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
        {
            foreach (var sample in heard) _loudest = Math.Max(_loudest, Math.Abs((int)sample));
        }
    }
}

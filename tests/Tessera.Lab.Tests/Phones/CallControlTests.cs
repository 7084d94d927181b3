using System.Net;
using System.Net.Sockets;
using Tessera.Lab.Calls;
using Tessera.Lab.Phones;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>The SIM is asked about each call (3GPP TS 51.014 §9.1), and wants calls itself.</summary>
public sealed class CallControlTests : IAsyncLifetime
{
    private const string SetUpCall111 = "D01E81030110008202818385084E6F7420627573798609911032042143651C2C";

    private readonly VoiceNetwork _network = new();
    private PhoneBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { VoiceNetwork = _network.Address });

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Theory]
    [InlineData("9000")]
    [InlineData("00009000")]
    public async Task A_SIM_that_allows_the_call_is_asked_in_the_standards_octets(string answer)
    {
        _bench.Sim.OnEnvelope = _ => answer;

        await _bench.Phone.DialAsync("+33639900", Cancel);

        await _network.CalledAsync();
        Assert.Equal("D4148202828186059133369900930700F11000010001", await _bench.EnvelopeAsync());
    }

    [Theory]
    [InlineData("01009000", CallEnding.NotAllowed, "Not allowed by SIM")]
    [InlineData("9300", CallEnding.SimBusy, "The SIM is busy")]
    [InlineData("6F00", CallEnding.SimBusy, "The SIM is busy")]
    [InlineData("03009000", CallEnding.SimBusy, "The SIM is busy")]
    [InlineData("00059000", CallEnding.SimBusy, "The SIM is busy")]
    [InlineData("02009000", CallEnding.SimBusy, "The SIM is busy")]
    public async Task A_SIM_that_does_not_allow_it_is_obeyed(string answer, CallEnding ending, string words)
    {
        _bench.Sim.OnEnvelope = _ => answer;

        await _bench.Phone.DialAsync("123", Cancel);

        Assert.Equal(ending, (await _bench.SeeAsync(words)).Call!.Ending);
        _bench.Sim.OnEnvelope = _ => "9000";
        await _bench.Phone.DialAsync("124", Cancel);
        Assert.Equal("124", (await _network.CalledAsync()).Invite.Uri.User);
    }

    [Fact]
    public async Task A_SIM_sends_the_call_elsewhere_and_names_it()
    {
        _bench.Sim.OnEnvelope = _ => "020A860481214365850257589000";

        await _bench.Phone.DialAsync("123", Cancel);

        Assert.Equal("123456", (await _network.CalledAsync()).Invite.Uri.User);
        Assert.Equal(("WX", CallPhase.Calling), (_bench.Phone.State.Call!.Name, _bench.Phone.State.Call.Phase));
    }

    [Fact]
    public async Task A_SIM_without_call_control_is_not_asked()
    {
        await using var bench = await BenchAsync("FFFFFFFFFFFF3FFFFFFF");

        await bench.Phone.DialAsync("123", Cancel);

        await _network.CalledAsync();
        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task What_the_SIM_wants_next_is_fetched_while_the_call_goes_on()
    {
        _bench.Sim.Offer("D01A8103012180820281028D0F04546F6F6C6B69742054657374203100");
        await _bench.Phone.DialAsync("123", Cancel);
        var call = await _network.AnswerAsync();

        Assert.StartsWith("8103012180", await _bench.ResponseAsync(), StringComparison.Ordinal);
        Assert.Equal(CallState.Established, call.State);
    }

    [Fact]
    public async Task A_call_of_the_SIM_is_set_up_when_the_holder_says_yes()
    {
        _bench.Offer(SetUpCall111);
        await _bench.SeeAsync("Call Not busy?");
        await _bench.PressAsync("Left");
        await _bench.SeeAsync("Calling");
        var call = await _network.AnswerAsync();

        Assert.Equal("810301100082028281830100", await _bench.ResponseAsync());
        Assert.Equal("+012340123456", call.Invite.Uri.User);
        Assert.Equal("Not busy", _bench.Phone.State.Call!.Name);
    }

    [Theory]
    [InlineData(SipStatus.BusyHere, "8103011000820282818302" + "2191")]
    [InlineData(SipStatus.NotFound, "8103011000820282818302" + "2181")]
    [InlineData(SipStatus.ServerInternalError, "8103011000820282818302" + "2195")]
    public async Task A_call_of_the_SIM_that_fails_is_answered_with_the_cause(SipStatus status, string response)
    {
        _bench.Offer(SetUpCall111);
        await _bench.SeeAsync("Call Not busy?");
        await _bench.PressAsync("Left");

        (await _network.CalledAsync()).Reject(status);

        Assert.Equal(response, await _bench.ResponseAsync());
    }

    [Theory]
    [InlineData("01009000", "81030110008202828183023901")]
    [InlineData("9300", "81030110008202828183022500")]
    public async Task A_call_of_the_SIM_that_it_does_not_allow_is_answered_so(string control, string response)
    {
        _bench.Sim.OnEnvelope = _ => control;
        _bench.Offer(SetUpCall111);
        await _bench.SeeAsync("Call Not busy?");

        await _bench.PressAsync("Left");

        Assert.Equal(response, await _bench.ResponseAsync());
    }

    [Fact]
    public async Task A_call_of_the_SIM_that_it_changes_is_answered_so()
    {
        _bench.Sim.OnEnvelope = _ => "0206860481214365" + "9000";
        _bench.Offer(SetUpCall111);
        await _bench.SeeAsync("Call Not busy?");
        await _bench.PressAsync("Left");

        await _network.AnswerAsync();

        Assert.Equal("810301100082028281830105", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task The_red_key_gives_up_a_call_of_the_SIM()
    {
        _bench.Offer(SetUpCall111);
        await _bench.SeeAsync("Call Not busy?");
        await _bench.PressAsync("Left");
        await _network.CalledAsync();

        await _bench.PressAsync("End");

        Assert.Equal("810301100082028281830123", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task During_a_call_the_SIM_gets_no_other_one()
    {
        await _bench.Phone.DialAsync("123", Cancel);
        await _network.AnswerAsync();
        await _bench.SeeAsync("Connected");

        _bench.Offer(SetUpCall111);

        Assert.Equal("81030110008202828183022002", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task Without_a_voice_network_there_are_no_calls()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        await bench.Phone.DialAsync("123", Cancel);
        Assert.Equal(CallEnding.NoService, (await bench.SeeAsync("No voice service")).Call!.Ending);
        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
        bench.Offer(SetUpCall111);
        await bench.SeeAsync("Call Not busy?");

        await bench.PressAsync("Left");

        Assert.Equal("81030110008202828183022004", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_voice_network_where_nobody_is_gives_no_call()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var sim = new PlayedSim();
        await using var phone = Handset.Start(
            new HandsetOptions { VoiceNetwork = (IPEndPoint)socket.LocalEndPoint! }, sim);
        sim.Insert();
        await SeeAsync(phone, state => state.Sim == SimState.Ready);
        await phone.DialAsync("123", Cancel);
        await SeeAsync(phone, state => state.Call!.Phase == CallPhase.Calling);

        await phone.HangUpAsync(Cancel);

        await SeeAsync(phone, state => state.Call!.Ending == CallEnding.HungUp);
    }

    [Fact]
    public async Task Without_a_SIM_there_are_no_calls()
    {
        await using var bench = new PhoneBench(options: new HandsetOptions { VoiceNetwork = _network.Address });

        await bench.Phone.DialAsync("123", Cancel);

        await bench.SeeAsync("no SIM");
    }

    private async Task<PhoneBench> BenchAsync(string services)
    {
        var sim = new PlayedSim();
        sim.SetFile(0x6F38, services);
        return await PhoneBench.ReadyAsync(sim, new HandsetOptions { VoiceNetwork = _network.Address });
    }

    private static Task<HandsetState> SeeAsync(Handset phone, Func<HandsetState, bool> wanted) =>
        Tessera.Testing.Eventually.SeeAsync(() => Task.FromResult(phone.State), wanted, Cancel);
}

using System.Globalization;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class NativeCallTests(ITestOutputHelper output)
{
    private const int Down = 300;
    private const int Up = 250;

    /// <summary>Octets of the Bye with which a server gives the line back (docs/protocols/link.md §3.6).</summary>
    private const int Bye = 6;

    private static readonly LineConditions Packets = new()
    {
        Companding = Companding.ALaw, Latency = 4, Loss = PacketLoss.Random(0.01),
    };

    /// <summary>
    /// What a purchase with PIN and receipt exchanges at least: two scripts of 300 octets and their answers of 250,
    /// with escape, handshake and farewell; over G.711 at 80 ms one way, where one packet of a hundred is lost.
    /// </summary>
    [Fact]
    public void Two_scripts_and_their_answers_take_less_than_3_seconds_of_data()
    {
        var times = Enumerable.Range(1, 100).Select(seed => DataTime(Packets, seed)).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"samples of data: median {times[50]}, 90 % {times[90]}, most {times[^1]}"));

        Assert.InRange(times[50], 1, AudioBlock.SamplesIn(TimeSpan.FromSeconds(2.6)));
        Assert.InRange(times[90], 1, AudioBlock.SamplesIn(TimeSpan.FromSeconds(3)));
    }

    /// <summary>
    /// The last answer has arrived at the server, which has nothing to say but the Bye of the link: from there to the first
    /// packet in which both people hear what was said to them.
    /// </summary>
    [Fact]
    public void Voice_is_back_within_200_ms_of_the_last_answer()
    {
        var times = Enumerable.Range(1, 100).Select(seed => ReturnTime(seed)).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"packets: median {times[50]}, 90 % {times[90]}, most {times[^1]}"));

        Assert.InRange(times[90], 1, 10);
        Assert.InRange(times[^1], 1, 14);
    }

    /// <summary>One request, one hello, one reply, one frame: each is said once where nothing is lost.</summary>
    [Fact]
    public void A_device_that_asks_is_in_data_after_one_message_each_way_and_back()
    {
        using var call = new SimulatedCall([LineModems.Ofdm], Packets with { Loss = PacketLoss.None }, seed: 1);
        call.Server.Arm(TimeSpan.FromMinutes(1));
        call.Device.Escape();

        Assert.True(call.Run(TimeSpan.FromSeconds(1.2), () => call.IsData));
    }

    [Theory]
    [InlineData(Companding.MuLaw, 2, 0.05, 100.0)]
    [InlineData(Companding.Transcoded, 10, 0.01, 100.0)]
    [InlineData(Companding.ALaw, 20, 0.02, 100.0)]
    [InlineData(Companding.ALaw, 4, 0.01, 25.0)]
    public void A_purchase_goes_through_on_worse_lines(Companding law, int latency, double loss, double noise)
    {
        var conditions = new LineConditions
        {
            Companding = law, Latency = latency, Loss = PacketLoss.Random(loss), SignalToNoise = noise,
        };
        for (var seed = 1; seed <= 10; seed++) DataTime(conditions, seed);
    }

    [Theory]
    [InlineData("Tones", -15)]
    [InlineData("V21", -15)]
    [InlineData("V23", -15)]
    [InlineData("Bell202", -15)]
    [InlineData("Ofdm", -99)]
    public void Every_modem_carries_a_link_alone_and_slow_ones_over_two_wires(string name, double echo)
    {
        var modem = (LineModem)typeof(LineModems).GetProperty(name)!.GetValue(null)!;
        var conditions = new LineConditions { Companding = Companding.MuLaw, Latency = 4 };
        using var call = new SimulatedCall([modem], conditions, seed: 1, echo);
        call.Connect();
        call.Server.Write(new byte[60]);
        call.Device.Write(new byte[60]);
        Assert.True(call.Run(TimeSpan.FromMinutes(2), () => call.AtDevice.Count == 60 && call.AtServer.Count == 60));
        Assert.True(call.Run(TimeSpan.FromSeconds(30), () => call.Server.IsDelivered && call.Device.IsDelivered));
        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromSeconds(30), () => call.IsVoice));
        Assert.Equal(LineEnding.Finished, call.Server.Ending);
        Assert.Equal(LineEnding.PeerFinished, call.Device.Ending);
    }

    [Fact]
    public void Ends_with_all_modems_meet_on_the_fastest_that_the_line_carries()
    {
        using var clean = new SimulatedCall(LineModems.All, Packets, seed: 1);
        clean.Connect();
        clean.Run(TimeSpan.FromSeconds(1), () => false);
        Assert.Equal(8, clean.Server.Rung!.Number);

        var noise = Packets with { SignalToNoise = 12, Loss = PacketLoss.None };
        using var noisy = new SimulatedCall(LineModems.All, noise, seed: 1);
        noisy.Connect();
        Assert.InRange(noisy.Server.Rung!.Number, 1, 6);
        noisy.Server.Write(new byte[100]);
        Assert.True(noisy.Run(TimeSpan.FromMinutes(1), () => noisy.AtDevice.Count == 100));
    }

    /// <returns>Packets.</returns>
    private static long ReturnTime(int seed)
    {
        using var call = new SimulatedCall([LineModems.Ofdm], Packets, seed);
        call.Connect();
        call.Server.Write(new byte[Down]);
        Assert.True(call.Run(TimeSpan.FromMinutes(1), () => call.AtDevice.Count == Down));
        call.Device.Write(new byte[Up]);
        Assert.True(call.Run(TimeSpan.FromMinutes(1), () => call.AtServer.Count == Up));
        var before = call.Packets;
        call.Server.Write(new byte[Bye]);
        call.Server.TakeLeave();
        Assert.True(call.Run(TimeSpan.FromSeconds(10), () => call.IsVoice));
        Assert.Equal(LineEnding.Finished, call.Server.Ending);
        Assert.Equal((LineEnding.PeerFinished, Down + Bye), (call.Device.Ending!.Value, call.AtDevice.Count));
        var packets = call.Packets - before;

        // The second bye is not for the ears of people; what is said behind it is, 80 ms after the first of it.
        Assert.True(call.Run(TimeSpan.FromMilliseconds(120), () => call.Device.IsHearing));
        return packets;
    }

    /// <summary>Samples in which people were muted.</summary>
    private static long DataTime(LineConditions conditions, int seed)
    {
        using var call = new SimulatedCall([LineModems.Ofdm], conditions, seed);
        call.Device.Arm(TimeSpan.FromMinutes(1));
        call.Server.Escape();
        Assert.True(call.Run(TimeSpan.FromSeconds(20), () => call.Server.State == LineState.Data));
        for (var script = 1; script <= 2; script++)
        {
            call.Server.Write(new byte[Down]);
            Assert.True(call.Run(TimeSpan.FromMinutes(1), () => call.AtDevice.Count == script * Down));
            call.Device.Write(new byte[Up]);
            Assert.True(call.Run(TimeSpan.FromMinutes(1), () => call.AtServer.Count == script * Up));
        }

        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromSeconds(10), () => call.IsVoice));
        Assert.Equal(LineEnding.Finished, call.Server.Ending);
        return call.DataTime;
    }
}

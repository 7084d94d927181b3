using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>Lines of two wires: each end hears itself, and both may speak at once.</summary>
public class TwoWireTests(ITestOutputHelper output)
{
    private static readonly LineConditions Line = new() { Companding = Companding.ALaw, Latency = 4 };

    [Theory]
    [InlineData(-20, 5)]
    [InlineData(-20, 40)]
    [InlineData(-15, 20)]
    [InlineData(-10, 5)]
    [InlineData(-10, 23)]
    [InlineData(-10, 40)]
    public void The_native_mode_works_where_both_ends_hear_themselves(double echo, int delay)
    {
        var hybrid = () => new Hybrid(echo, TimeSpan.FromMilliseconds(delay));
        using var call = new SimulatedCall([LineModems.Ofdm], Line, seed: 1) { Hybrids = (hybrid(), hybrid()) };
        call.Connect();
        var random = new Random(delay);
        var (down, up) = (new byte[1200], new byte[1200]);
        random.NextBytes(down);
        random.NextBytes(up);
        var begun = call.Packets;
        call.Server.Write(down);
        call.Device.Write(up);
        Assert.True(
            call.Run(TimeSpan.FromSeconds(30), () => call.AtDevice.Count == 1200 && call.AtServer.Count == 1200),
            $"{call.AtDevice.Count} {call.AtServer.Count} {call.Server.Ending} {call.Device.Ending}");
        output.WriteLine($"{(call.Packets - begun) / 50.0} s, rungs {call.Server.Rung!.Number} {call.Device.Rung!.Number}");
        Assert.Equal(down, call.AtDevice);
        Assert.Equal(up, call.AtServer);
        Assert.Equal(ModemMode.Ofdm, call.Server.Rung!.Modem);
        Assert.True(call.Run(TimeSpan.FromSeconds(5), () => call.Server.IsDelivered && call.Device.IsDelivered));
        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromSeconds(3), () => call.IsVoice));
        Assert.Equal((LineEnding.Finished, LineEnding.PeerFinished), (call.Server.Ending, call.Device.Ending));
    }
}

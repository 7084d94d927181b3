using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>A line that becomes another one in the middle of data, and the rungs on which the ends go on.</summary>
public class FallTests(ITestOutputHelper output)
{
    private static readonly LineConditions Good = new() { Companding = Companding.ALaw, Latency = 4 };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(12, ModemMode.Ofdm)]
    [InlineData(5, ModemMode.Bell202)]
    [InlineData(-2, ModemMode.V21)]
    public void Data_go_on_by_the_modem_that_still_passes_and_return_to_the_fast_one(double noise, ModemMode modem)
    {
        using var call = new Call(Good with { SignalToNoise = noise }, down: true, up: true);
        call.Change(becomesWorse: true);
        call.SendBothWays(120);
        Assert.Equal((modem, modem), (call.Ends.Server.Rung!.Modem, call.Ends.Device.Rung!.Modem));
        output.WriteLine($"{noise} dB: 120 octets each way after {call.Since.TotalSeconds} s");

        call.Change(becomesWorse: false);
        Assert.True(call.Ends.Run(40 * Second, call.IsFast), $"{call.Ends.Server.Rung} {call.Ends.Device.Rung}");
        output.WriteLine($"fast again after {call.Since.TotalSeconds} s");
        call.SendBothWays(600);
        call.Finish();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_slower_modem_speaks_within_the_silence_where_the_fast_one_is_gone(bool down, bool up)
    {
        using var call = new Call(Good with { SignalToNoise = 3 }, down, up);
        call.Change(becomesWorse: true);
        Assert.True(call.Ends.Run(
            2 * Second, () => call.Ends is { Server.Rung.Modem: ModemMode.Bell202, Device.Rung.Modem: ModemMode.Bell202 }));
        Assert.InRange(call.Since, TimeSpan.Zero, 1.5 * Second);
        call.SendBothWays(300);
        Assert.True(call.Ends.IsData);

        call.Change(becomesWorse: false);
        Assert.True(call.Ends.Run(40 * Second, call.IsFast));
        call.SendBothWays(300);
        call.Finish();
    }

    [Fact]
    public void A_link_that_began_by_a_slow_modem_rises_when_the_line_is_better()
    {
        using var call = new Call(Good with { SignalToNoise = 3 }, down: false, up: true, startsWorse: true);
        Assert.Equal(ModemMode.Bell202, call.Ends.Server.Rung!.Modem);
        call.SendBothWays(300);
        call.Change(becomesWorse: false);
        Assert.True(call.Ends.Run(40 * Second, call.IsFast));
        call.SendBothWays(1000);
        call.Finish();
    }

    [Fact]
    public void A_line_that_is_bad_now_and_then_carries_every_octet_once()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            using var call = new Call(Good with { SignalToNoise = 5 }, seed % 3 != 1, seed % 3 != 2);
            var (sent, isWorse) = (0, false);
            for (var round = 0; round < 8; round++)
            {
                call.Change(isWorse = !isWorse);
                call.Ends.Run(random.Next(50, 3000) * TimeSpan.FromMilliseconds(1), () => false);
                if (round % 2 == 0) call.SendBothWays(sent = random.Next(1, 200));
            }

            Assert.NotEqual(0, sent);
            Assert.True(call.Ends.IsData);
        }
    }

    private sealed class Call : IDisposable
    {
        private readonly Random _random = new(1);
        private readonly List<byte> _down = [];
        private readonly List<byte> _up = [];
        private bool _isWorse;
        private long _changed;

        public Call(LineConditions worse, bool down, bool up, bool startsWorse = false)
        {
            _isWorse = startsWorse;
            Ends = new SimulatedCall(LineModems.All, new DuplexLine(Way(worse, down, 1), Way(worse, up, 2)));
            Ends.Connect();
            Ends.Run(Second, () => false);
            if (!startsWorse) Assert.True(IsFast());
        }

        public SimulatedCall Ends { get; }

        /// <summary>Since the line changed.</summary>
        public TimeSpan Since => (Ends.Packets - _changed) * AudioBlock.Duration;

        public bool IsFast() =>
            Ends is { Server.Rung.Modem: ModemMode.Ofdm, Device.Rung.Modem: ModemMode.Ofdm };

        public void Change(bool becomesWorse) => (_isWorse, _changed) = (becomesWorse, Ends.Packets);

        public void SendBothWays(int octets)
        {
            Send(Ends.Server, _down, octets);
            Send(Ends.Device, _up, octets);
            var all = Ends.Run(
                TimeSpan.FromMinutes(2),
                () => !Ends.IsData || (Ends.AtDevice.Count >= _down.Count && Ends.AtServer.Count >= _up.Count));
            Assert.True(all && Ends.IsData, $"{Ends.Server.Ending} {Ends.Device.Ending} {Ends.Server.Rung}");
            Assert.Equal(_down, Ends.AtDevice);
            Assert.Equal(_up, Ends.AtServer);
        }

        public void Finish()
        {
            Assert.True(Ends.Run(10 * Second, () => Ends.Server.IsDelivered && Ends.Device.IsDelivered));
            Ends.Server.Finish();
            Assert.True(Ends.Run(10 * Second, () => Ends.IsVoice));
            Assert.Equal((LineEnding.Finished, LineEnding.PeerFinished), (Ends.Server.Ending, Ends.Device.Ending));
        }

        public void Dispose() => Ends.Dispose();

        private void Send(LineEnd from, List<byte> sent, int octets)
        {
            var some = new byte[octets];
            _random.NextBytes(some);
            sent.AddRange(some);
            Assert.Equal(octets, from.Write(some));
        }

        private ChangingLine Way(LineConditions worse, bool changes, int seed) =>
            new(new Line(Good, seed), new Line(worse, seed), _ => changes && _isWorse);
    }
}

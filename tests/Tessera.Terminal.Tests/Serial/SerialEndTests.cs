using System.Buffers;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>Two ends of a serial line on a clock of their own (docs/protocols/serial.md §4 and §5).</summary>
public sealed class SerialEndTests
{
    private const ushort First = 0x1A2B;
    private const ushort Second = 0x3C4D;

    private readonly SerialPair _pair = new();

    [Theory]
    [InlineData(1200, 2000)]
    [InlineData(9600, 20_000)]
    [InlineData(115_200, 200_000)]
    public void Octets_arrive_in_their_order_in_both_directions_and_both_ends_finish(int bitRate, int length)
    {
        var pair = new SerialPair(new SerialOptions { BitRate = bitRate });

        Exchange(pair, length);

        Assert.Equal((0, 0), (pair.Device.Damaged, pair.Telephone.Damaged));
    }

    [Fact]
    public void A_line_that_damages_loses_doubles_and_inserts_octets_delivers_each_once_and_in_order()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var pair = new SerialPair(seed: seed, faults: seed % 3 * 0.0005);
            Exchange(pair, 8000);
        }
    }

    [Fact]
    public void Through_infrared_one_side_speaks_at_a_time_and_hears_its_own_octets()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var faults = seed % 3 * 0.0003;
            var pair = new SerialPair(new SerialOptions { HalfDuplex = true }, seed, faults) { Echoes = true };
            Exchange(pair, 6000);
            if (faults == 0) Assert.Equal(0, pair.Collisions);
        }
    }

    [Fact]
    public void A_line_that_is_quiet_stays_open_and_costs_little()
    {
        _pair.Open(First);
        var before = _pair.Carried;

        _pair.Run(TimeSpan.FromMinutes(10));

        Assert.Equal((SerialState.Open, SerialState.Open), (_pair.Device.State, _pair.Telephone.State));
        Assert.InRange(_pair.Carried - before, 1000, 10_000);
    }

    [Fact]
    public void A_line_that_is_cut_ends_the_connection_at_both_ends()
    {
        _pair.Open(First);
        _pair.IsCut = true;

        _pair.Run(TimeSpan.FromSeconds(16));

        Assert.Equal((SerialEnding.Silent, SerialEnding.Silent), (_pair.Device.Ending, _pair.Telephone.Ending));
    }

    [Fact]
    public void A_device_that_starts_again_gets_a_new_connection_at_once()
    {
        _pair.Open(First);
        _pair.Device.Write(SerialTraffic.Make(1, 3000));
        _pair.RestartDevice();

        _pair.Open(Second);

        Assert.Equal((SerialState.Open, Second, 0), (_pair.Telephone.State, _pair.Telephone.Connection, _pair.Telephone.Ready));
    }

    [Fact]
    public void A_telephone_that_starts_again_says_that_it_knows_nothing()
    {
        _pair.Open(First);
        _pair.RestartTelephone();
        _pair.Device.Write([1]);

        _pair.RunUntil(() => _pair.Device.State == SerialState.Closed);

        Assert.Equal(SerialEnding.Forgotten, _pair.Device.Ending);
    }

    [Fact]
    public void Either_end_leaves_at_any_moment()
    {
        foreach (var leaves in (bool[])[true, false])
        {
            var pair = new SerialPair();
            pair.Open(First);
            var (leaver, other) = leaves ? (pair.Device, pair.Telephone) : (pair.Telephone, pair.Device);
            leaver.Write(SerialTraffic.Make(2, 2000));
            leaver.Reset(SerialReset.Leaving);

            pair.RunUntil(() => other.State == SerialState.Closed, minutes: 1);

            Assert.Equal((SerialEnding.Left, SerialEnding.PeerLeft), (leaver.Ending, other.Ending));
        }
    }

    [Theory]
    [InlineData(SerialReset.Unreachable, SerialEnding.Unreachable)]
    [InlineData(SerialReset.Leaving, SerialEnding.PeerLeft)]
    public void A_telephone_that_does_not_reach_the_server_says_so(SerialReset reason, SerialEnding ending)
    {
        _pair.Device.Open(First, _pair.Now);
        _pair.RunUntil(() => _pair.Telephone.State == SerialState.Asked);

        _pair.Telephone.Reset(reason);

        _pair.RunUntil(() => _pair.Device.State == SerialState.Closed);
        Assert.Equal(ending, _pair.Device.Ending);
    }

    [Fact]
    public void A_connection_that_the_device_wants_no_more_is_not_given()
    {
        _pair.Device.Open(First, _pair.Now);
        _pair.RunUntil(() => _pair.Telephone.State == SerialState.Asked);
        _pair.Device.Open(Second, _pair.Now);
        _pair.RunUntil(() => _pair.Telephone.Connection == Second);

        Assert.False(_pair.Telephone.Accept(First, _pair.Now));
        Assert.True(_pair.Telephone.Accept(Second, _pair.Now));
    }

    [Fact]
    public void An_end_whose_octets_nobody_reads_asks_the_other_to_wait_and_goes_on_when_they_are()
    {
        _pair.Open(First);
        var octets = SerialTraffic.Make(3, 30_000);
        var traffic = new SerialTraffic(_pair.Device, _pair.Telephone, octets);
        var written = _pair.Device.Write(octets);
        for (var i = 0; i < 20; i++)
        {
            _pair.Run(TimeSpan.FromSeconds(1));
            written += _pair.Device.Write(octets.AsSpan(written));
        }

        // The window of the hearing side, and what the speaking side keeps.
        Assert.InRange(written, 4096, 3 * 4096);
        Assert.InRange(_pair.Telephone.Ready, 3840, 4096);
        Assert.Equal(SerialState.Open, _pair.Device.State);
        Assert.Empty(traffic.Heard);

        var rest = new SerialTraffic(_pair.Device, _pair.Telephone, octets[..written]);
        _pair.RunUntil(rest.Read);
        Assert.Equal(octets[..written], rest.Heard);
    }

    [Fact]
    public void No_more_is_handed_to_the_line_than_it_carries_in_a_few_hundredths_of_a_second()
    {
        var options = new SerialOptions { BitRate = 9600 };
        var end = new SerialEnd(SerialSide.Device, options);
        end.Open(First, TimeSpan.Zero);
        end.Hear(Octets(new SerialFrame(SerialKind.Accept, SerialSide.Telephone, First)), TimeSpan.Zero);
        end.Write(SerialTraffic.Make(4, 4000));
        var output = new ArrayBufferWriter<byte>();

        end.Collect(output, TimeSpan.FromSeconds(1));

        Assert.InRange(output.WrittenCount, 260, 300);
        Assert.Equal(TimeSpan.FromSeconds(1) + options.TimeOf(output.WrittenCount) - TimeSpan.FromMilliseconds(20), end.Due);
    }

    [Fact]
    public void A_device_of_a_version_to_come_is_told_so()
    {
        var telephone = new SerialEnd(SerialSide.Telephone, new SerialOptions());
        var output = new ArrayBufferWriter<byte>();

        telephone.Hear(Octets(new SerialFrame(SerialKind.Open, SerialSide.Device, First) { Speaks = 2 }), TimeSpan.Zero);
        telephone.Collect(output, TimeSpan.Zero);

        new SerialFramer().Read(output.WrittenSpan, out var frame);
        Assert.Equal(new SerialFrame(SerialKind.Reset, SerialSide.Telephone, First) { Reason = SerialReset.Version }, frame);
        Assert.Equal(SerialState.Closed, telephone.State);
    }

    /// <summary>The figures of docs/performance.md; half duplex costs the turns.</summary>
    [Theory]
    [InlineData(9600, false, 0, 905)]
    [InlineData(9600, false, 0.0001, 887)]
    [InlineData(115_200, false, 0, 10_870)]
    [InlineData(115_200, false, 0.0001, 10_652)]
    [InlineData(9600, true, 0, 893)]
    [InlineData(115_200, true, 0, 10_773)]
    public void So_many_octets_a_second_arrive(int bitRate, bool halfDuplex, double faults, int expected)
    {
        var pair = new SerialPair(new SerialOptions { BitRate = bitRate, HalfDuplex = halfDuplex }, seed: 1, faults);
        pair.Open(First);
        var (start, octets) = (pair.Now, SerialTraffic.Make(6, 50_000));
        var traffic = new SerialTraffic(pair.Device, pair.Telephone, octets);

        pair.RunUntil(() => traffic.Move());

        Assert.Equal(expected, (int)(octets.Length / (pair.Now - start).TotalSeconds));
    }

    [Fact]
    public void A_telephone_asks_for_nothing() =>
        Assert.Throws<InvalidOperationException>(() => _pair.Telephone.Open(First, _pair.Now));

    [Theory]
    [InlineData(1199, 5)]
    [InlineData(9600, 15)]
    public void Options_out_of_range_are_refused(int bitRate, int keepAlive)
    {
        var options = new SerialOptions { BitRate = bitRate, KeepAlive = TimeSpan.FromSeconds(keepAlive) };
        Assert.Throws<ArgumentException>(() => new SerialEnd(SerialSide.Device, options));
    }

    private static byte[] Octets(SerialFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([SerialOctets.Flag]);
        SerialOctets.Write(frame, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Exchange(SerialPair pair, int length)
    {
        pair.Open(First);
        var (up, down) = (SerialTraffic.Make(length, length), SerialTraffic.Make(~length, length / 2));
        var there = new SerialTraffic(pair.Device, pair.Telephone, up);
        var back = new SerialTraffic(pair.Telephone, pair.Device, down);

        pair.RunUntil(() => there.Move() & back.Move());
        pair.RunUntil(() => pair.Device.State == SerialState.Closed && pair.Telephone.State == SerialState.Closed);

        Assert.Equal(up, there.Heard);
        Assert.Equal(down, back.Heard);
        Assert.Equal((SerialEnding.Finished, SerialEnding.Finished), (pair.Device.Ending, pair.Telephone.Ending));
    }
}

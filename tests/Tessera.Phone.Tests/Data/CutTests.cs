using Tessera.Phone.Data;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>What docs/protocols/line.md §7 says of losses, at every step of opening, data and farewell.</summary>
public class CutTests
{
    /// <summary>Packets of 20 ms in the silence of the fast modems.</summary>
    private const int Silence = 50;

    private const int Down = 300;
    private const int Up = 250;

    /// <summary>Packets from the escape to voice at both ends, where nothing is lost, and some more.</summary>
    private const int Length = 110;

    private static readonly byte[] Octets = [.. Enumerable.Range(0, Down).Select(octet => (byte)(octet * 7))];

    public static TheoryData<int, bool, bool> Bursts =>
    [
        .. from length in new[] { 1, 3, 10, 25, 49, 60, 75, 100 }
           from way in new[] { (true, false), (false, true), (true, true) }
           select (length, way.Item1, way.Item2),
    ];

    [Theory]
    [MemberData(nameof(Bursts))]
    public void A_loss_of_everything_at_any_step_leaves_what_arrives_right(int length, bool down, bool up)
    {
        for (var from = 0; from < Length; from += 3) Lose(LineModems.Ofdm, from, length, down, up);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(49)]
    public void With_all_modems_a_loss_of_everything_ends_in_data_again(int length)
    {
        for (var from = 40; from < 90; from += 7)
        {
            using var call = Cut(LineModems.All, from, length, down: true, up: true);
            Assert.True(Exchange(call, from), $"{from}: {call.Server.Ending}, {call.Device.Ending}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_is_dropped_at_any_step_leaves_the_other_end_in_voice(bool serverStays)
    {
        for (var from = 1; from < Length; from += 4)
        {
            using var call = Cut([LineModems.Ofdm], from, 100_000, down: !serverStays, up: serverStays);
            Exchange(call, from, dropped: serverStays ? call.Device : call.Server);
        }
    }

    [Fact]
    public void With_all_modems_nobody_is_muted_for_more_than_six_seconds_by_an_end_that_is_gone()
    {
        var from = long.MaxValue;
        var ways = Enumerable.Range(0, 2).Select(_ => new LostPackets(packet => packet >= from)).ToArray();
        using var call = new SimulatedCall(LineModems.All, new DuplexLine(ways[0], ways[1]));
        call.Connect();
        call.Run(TimeSpan.FromSeconds(1), () => false);
        from = call.Packets;
        Assert.True(call.Run(TimeSpan.FromSeconds(6), () => call.IsVoice));
        Assert.Equal((LineEnding.Silence, LineEnding.Silence), (call.Server.Ending, call.Device.Ending));
    }

    private static void Lose(LineModem modem, int from, int length, bool down, bool up)
    {
        using var call = Cut([modem], from, length, down, up);
        if (Exchange(call, from)) return;

        // A shorter loss than the silence ends no data, and before data the server has attempts left.
        Assert.True(length >= Silence, $"{length} packets from {from}: {call.Server.Ending}, {call.Device.Ending}");
        Assert.Equal(LineEnding.Silence, call.Server.Ending);
        Assert.True(call.Device.Ending is LineEnding.Silence or LineEnding.NoProof);

        // The line is as good as new.
        call.Connect();
        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromSeconds(1), () => call.IsVoice));
    }

    private static SimulatedCall Cut(Sequence<LineModem> modems, int from, int length, bool down, bool up)
    {
        var conditions = new LineConditions { Companding = Companding.ALaw, Latency = 4 };
        return new SimulatedCall(modems, new DuplexLine(Way(down), Way(up)));

        Line Way(bool cut) => new([
            .. conditions.Stages(seed: 1), new LostPackets(packet => cut && packet >= from && packet < from + length),
        ]);
    }

    /// <summary>A script and its answer, then farewell: nothing wrong, and both ends in voice at last.</summary>
    /// <returns>Whether all arrived and both ends know.</returns>
    private static bool Exchange(SimulatedCall call, int from, LineEnd? dropped = null)
    {
        var isWritten = (Down: false, Up: false);
        call.Device.Arm(TimeSpan.FromMinutes(1));
        call.Server.Escape();
        var isOver = call.Run(TimeSpan.FromSeconds(20), () =>
        {
            if (dropped is not null && call.Packets == from) dropped.Leave();
            if (!isWritten.Down && call.Server.State == LineState.Data)
                isWritten.Down = call.Server.Write(Octets) == Down;
            if (!isWritten.Up && call.AtDevice.Count == Down)
                isWritten.Up = call.Device.Write(Octets.AsSpan(0, Up)) == Up;
            if (call.AtServer.Count == Up) call.Server.Finish();
            return call.Packets > 0 && call.Server.State == LineState.Voice && call.Device.IsVoice;
        });
        Assert.True(isOver, $"{call.Server.State} and {call.Device.State} after {call.Packets} packets");
        Assert.Equal(Octets.AsSpan(0, call.AtDevice.Count), [.. call.AtDevice]);
        Assert.Equal(Octets.AsSpan(0, call.AtServer.Count), [.. call.AtServer]);

        // Who says that all has arrived is right, and so is who was told it.
        var all = call.AtDevice.Count == Down && call.AtServer.Count == Up;
        if (call.Server.Ending == LineEnding.Finished) Assert.True(all);
        if (call.Device.Ending is LineEnding.PeerFinished or LineEnding.Finished) Assert.True(all);
        return all && call.Server.Ending == LineEnding.Finished;
    }
}

using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class AttackTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_sound_of_another_call_played_to_a_device_leads_nowhere()
    {
        var sound = new List<short[]>();
        using (var call = new TestCall { Between = samples => sound.Add([.. samples]) })
        {
            call.Connect();
            call.Server.Write(new byte[100]);
            call.Run(2 * Second);
            Assert.Equal(100, call.AtDevice.Count);
        }

        // With another key for this call, as every call has.
        using var device = new LineEnd(TestCall.DeviceOptions() with { DrawKey = LineKey.Generate });
        device.Arm(60 * Second);
        var states = Play(device, sound);
        Assert.Contains(LineState.Opening, states);
        Assert.DoesNotContain(LineState.Data, states);
        Assert.Equal(LineEnding.NoProof, device.Ending);
        Assert.Equal(0, device.Ready);

        // It still waits for its server.
        Assert.Equal(LineState.Armed, device.State);
    }

    [Fact]
    public void A_device_is_not_muted_for_long_by_a_signal_without_its_server()
    {
        using var stranger = LineKey.Generate();
        using var call = new TestCall(server: TestCall.ServerOptions() with { Key = stranger });
        call.Device.Arm(60 * Second);
        call.Server.Escape();
        var muted = 0;
        Assert.True(call.Run(60 * Second, () =>
        {
            muted += call.Device.IsVoice ? 0 : 1;
            return call.Server.State == LineState.Voice;
        }));
        Assert.Equal(LineEnding.NoAnswer, call.Server.Ending);
        Assert.Null(call.Device.Ending);

        // A second for each of its six signals at most.
        Assert.InRange(muted, 1, 6 * 51);
    }

    [Fact]
    public void A_device_that_is_not_known_is_not_answered()
    {
        using var call = new TestCall(server: TestCall.ServerOptions() with { Allows = _ => false });
        call.Device.Arm(60 * Second);
        call.Server.Escape();
        var known = false;
        Assert.True(call.Run(60 * Second, () => (known |= call.IsData) || call.Server.State == LineState.Voice));
        Assert.False(known);
        Assert.Equal(LineEnding.NoAnswer, call.Server.Ending);
    }

    [Fact]
    public void Ends_that_know_different_things_of_the_call_do_not_meet()
    {
        using var call = new TestCall(
            server: TestCall.ServerOptions() with { Call = new Bytes("one"u8.ToArray()) },
            device: TestCall.DeviceOptions() with { Call = new Bytes("two"u8.ToArray()) });
        call.Device.Arm(60 * Second);
        call.Server.Escape();
        Assert.True(call.Run(60 * Second, () => call.Server.State == LineState.Voice));
        Assert.Equal(LineEnding.NoAnswer, call.Server.Ending);
    }

    [Fact]
    public void A_server_hears_nothing_in_its_own_sound()
    {
        using var server = new LineEnd(TestCall.ServerOptions());
        server.Escape();
        var said = new short[AudioBlock.Length];
        for (var packet = 0; packet < 3000 && server.State != LineState.Voice; packet++)
            server.Process([.. said], concealed: false, said);
        Assert.Equal(LineEnding.NoAnswer, server.Ending);
    }

    [Fact]
    public void Frames_changed_on_the_way_are_as_lost()
    {
        // One who hears every frame of the server, changes a bit in each third and sends them on in his own time.
        var receiver = new OctetModem.Receiver((int)ModemMode.Ofdm + 1);
        var sender = new OctetModem.Sender((int)ModemMode.Ofdm + 1, 10, 200);
        var count = 0;
        using var call = new TestCall(
            server: TestCall.ServerOptions([OctetModem.Fast]), device: TestCall.DeviceOptions([OctetModem.Fast]));
        call.Connect();
        call.Between = samples =>
        {
            receiver.Write(samples);
            while (receiver.TryRead(out var frame))
            {
                var octets = frame.Payload.ToArray();
                if (++count % 3 == 0) octets[^1] ^= 0x40;
                sender.Send(new Bytes(octets));
            }

            sender.Read(samples);
        };

        var sent = Enumerable.Range(0, 2000).Select(octet => (byte)octet).ToArray();
        call.Server.Write(sent);
        Assert.True(call.Run(30 * Second, () => call.AtDevice.Count == sent.Length || !call.IsData));
        Assert.True(call.IsData);
        Assert.Equal(sent, call.AtDevice);
        Assert.InRange(count, 10, 1000);
    }

    [Fact]
    public void Any_frame_of_anybody_in_any_state_breaks_nothing()
    {
        var random = new Random(1);
        for (var run = 0; run < 20; run++)
        {
            var noise = new OctetModem.Sender((int)ModemMode.Ofdm + 1, 10, 200);
            using var call = new TestCall(
                server: TestCall.ServerOptions([OctetModem.Fast]), device: TestCall.DeviceOptions([OctetModem.Fast]));
            call.Device.Arm(60 * Second);
            call.Server.Escape();
            call.Between = samples =>
            {
                if (random.Next(20) != 0) return;
                var octets = new byte[random.Next(1, 100)];
                random.NextBytes(octets);
                octets[0] = (byte)(random.Next(6) << 4 | random.Next(3));
                noise.Send(new Bytes(octets));
                while (!noise.IsIdle) noise.Read(samples);
            };
            call.Run(10 * Second);
        }
    }

    private static HashSet<LineState> Play(LineEnd end, IEnumerable<short[]> sound)
    {
        var states = new HashSet<LineState>();
        var said = new short[AudioBlock.Length];
        foreach (var samples in sound.Concat(Enumerable.Repeat(new short[AudioBlock.Length], 500)))
        {
            end.Process(samples, concealed: false, said);
            states.Add(end.State);
        }

        return states;
    }
}

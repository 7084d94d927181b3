using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class LineEndTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly byte[] LastWords = [.. Enumerable.Range(1, 40).Select(octet => (byte)octet)];

    [Fact]
    public void Octets_flow_both_ways_and_voice_comes_back_within_200_ms()
    {
        using var call = new TestCall();
        call.Run(Second);
        Assert.True(call.IsVoice);

        call.Connect();
        Assert.Equal(TestCall.DeviceKey.PublicKey, call.Server.Peer);
        Assert.Equal(TestCall.ServerKey.PublicKey, call.Device.Peer);
        call.Server.Write(new byte[300]);
        call.Device.Write(new byte[250]);
        Assert.True(call.Run(2 * Second, () => call.AtDevice.Count == 300 && call.AtServer.Count == 250));

        Assert.True(call.Run(Second, () => call.Server.IsDelivered && call.Device.IsDelivered));
        call.Run(Second);
        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromMilliseconds(200), () => call.IsVoice));
        Assert.Equal(LineEnding.Finished, call.Server.Ending);
        Assert.Equal(LineEnding.PeerFinished, call.Device.Ending);
    }

    [Fact]
    public void Whoever_finishes_leaves_only_when_all_it_wrote_has_arrived()
    {
        using var call = new TestCall();
        call.Connect();
        call.Device.Write(new byte[4000]);
        call.Device.Finish();
        Assert.Equal(0, call.Device.Write(new byte[1]));
        Assert.True(call.Run(20 * Second, () => call.IsVoice));
        Assert.Equal(4000, call.AtServer.Count);
        Assert.Equal(LineEnding.Finished, call.Device.Ending);
    }

    [Fact]
    public void Last_words_go_with_the_bye_and_the_second_bye_brings_them_where_the_first_is_lost()
    {
        var cut = (From: long.MaxValue, Behind: long.MaxValue);
        using var call = new TestCall(new Way { Cut = packet => packet >= cut.From && packet < cut.Behind });
        call.Connect();
        call.Run(Second);
        cut = (call.Packets, call.Packets + 1);
        call.Server.Write(LastWords);
        call.Server.TakeLeave();
        Assert.True(call.Run(TimeSpan.FromMilliseconds(240), () => call.IsVoice));
        Assert.Equal(LastWords, call.AtDevice);
        Assert.Equal((LineEnding.Finished, LineEnding.PeerFinished), (call.Server.Ending!.Value, call.Device.Ending!.Value));
    }

    [Fact]
    public void Who_takes_leave_is_in_voice_even_where_nobody_hears_it()
    {
        var cut = long.MaxValue;
        using var call = new TestCall(new Way { Cut = packet => packet >= cut });
        call.Connect();
        call.Run(Second);
        cut = call.Packets;
        call.Server.Write(LastWords);
        call.Server.TakeLeave();
        Assert.True(call.Run(TimeSpan.FromMilliseconds(200), () => call.Server.IsVoice));
        Assert.False(call.Server.IsDelivered);
        Assert.True(call.Run(20 * Second, () => call.Device.IsVoice));
        Assert.Equal((LineEnding.Silence, 0), (call.Device.Ending!.Value, call.AtDevice.Count));
    }

    /// <summary>Only what goes into one frame behind what has arrived goes with the bye; on slow modems nothing does.</summary>
    [Theory]
    [InlineData(ModemMode.Ofdm, 1000)]
    [InlineData(ModemMode.Bell202, 12)]
    public void Other_last_words_are_repeated_until_they_have_arrived(ModemMode mode, int octets)
    {
        var modem = OctetModem.All.Single(modem => modem.Mode == mode);
        var from = long.MaxValue;
        using var call = new TestCall(
            new Way { Cut = packet => packet >= from && (packet - from) % 20 == 0 }, up: null,
            TestCall.ServerOptions([modem]), TestCall.DeviceOptions([modem]));
        call.Connect();
        from = call.Packets;
        call.Server.Write(new byte[octets]);
        call.Server.TakeLeave();
        Assert.True(call.Run(60 * Second, () => call.Server.IsVoice));
        Assert.Equal((octets, true), (call.AtDevice.Count, call.Server.IsDelivered));
    }

    [Fact]
    public void A_device_obeys_only_when_its_holder_has_pressed_the_key()
    {
        using var call = new TestCall();
        call.Server.Escape();
        Assert.True(call.Run(60 * Second, () => call.Server.State == LineState.Voice));
        Assert.Equal((LineEnding.NoAnswer, LineState.Voice), (call.Server.Ending!.Value, call.Device.State));

        call.Device.Arm(Second);
        call.Run(1.1 * Second);
        Assert.Equal(LineState.Voice, call.Device.State);
        call.Server.Escape();
        call.Run(3 * Second);
        Assert.True(call.Device.IsVoice);
    }

    [Fact]
    public void A_device_whose_holder_wants_data_asks_the_server_for_it()
    {
        using var call = new TestCall();
        call.Server.Arm(5 * Second);
        call.Device.Escape();
        Assert.True(call.Run(3 * Second, () => call.IsData));

        using var deaf = new TestCall();
        deaf.Device.Escape();
        Assert.True(deaf.Run(20 * Second, () => deaf.Device.State == LineState.Voice));
        Assert.Equal(LineEnding.NoAnswer, deaf.Device.Ending);
        Assert.True(deaf.Server.IsVoice);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_two_seconds_of_silence_both_return_to_voice_by_themselves(bool down)
    {
        var cut = long.MaxValue;
        var way = new Way { Cut = packet => packet >= cut };
        using var call = new TestCall(
            down ? way : null, down ? null : way, TestCall.ServerOptions([OctetModem.Fast]),
            TestCall.DeviceOptions([OctetModem.Fast]));
        call.Connect();
        call.Run(Second);
        Assert.True(call.IsData);

        cut = call.Packets;
        call.Run(1.7 * Second);
        Assert.True(call.IsData);
        call.Run(2.6 * Second);
        Assert.True(call.IsVoice);
        Assert.Equal((LineEnding.Silence, LineEnding.Silence), (call.Server.Ending!.Value, call.Device.Ending!.Value));
    }

    [Fact]
    public void Signs_of_life_keep_an_idle_line_in_data()
    {
        using var call = new TestCall(new Way(Loss: 0.02), new Way(Loss: 0.02));
        call.Connect();
        call.Run(60 * Second);
        Assert.True(call.IsData);
    }

    [Fact]
    public void A_line_goes_to_data_and_back_as_often_as_people_want()
    {
        using var call = new TestCall();
        for (var i = 0; i < 5; i++)
        {
            call.Connect();
            call.Server.Write(new byte[40]);
            call.Server.Finish();
            Assert.True(call.Run(3 * Second, () => call.IsVoice));
            Assert.Equal(40 * (i + 1), call.AtDevice.Count);

            // The key counts for one time.
            Assert.Equal(LineState.Voice, call.Device.State);
        }
    }

    [Fact]
    public void A_reader_that_does_not_read_stops_the_writer_and_loses_nothing()
    {
        using var server = new LineEnd(TestCall.ServerOptions());
        using var device = new LineEnd(TestCall.DeviceOptions());
        device.Arm(30 * Second);
        server.Escape();
        var written = 0;
        short[] atServer = new short[AudioBlock.Length], atDevice = new short[AudioBlock.Length];
        for (var packet = 0; packet < 2000; packet++)
        {
            var (toServer, toDevice) = (atServer, atDevice);
            (atServer, atDevice) = (new short[AudioBlock.Length], new short[AudioBlock.Length]);
            server.Process(toServer, concealed: false, atDevice);
            device.Process(toDevice, concealed: false, atServer);
            written += server.Write([.. Enumerable.Range(written, server.Room).Select(octet => (byte)octet)]);
        }

        Assert.Equal((LineState.Data, LineState.Data), (server.State, device.State));
        Assert.InRange(device.Ready, UnitReceiver.EnoughReady, UnitReceiver.MaxReady);
        Assert.Equal(0, server.Room);
        var octets = new byte[UnitReceiver.MaxReady];
        var count = device.Read(octets);
        Assert.Equal([.. Enumerable.Range(0, count).Select(octet => (byte)octet)], octets[..count]);
    }

    [Theory]
    [InlineData(ModemMode.Bell202)]
    [InlineData(ModemMode.V21)]
    public void Slow_modems_carry_a_link_alone(ModemMode mode)
    {
        var modem = OctetModem.All.Single(modem => modem.Mode == mode);
        using var call = new TestCall(
            null, null, TestCall.ServerOptions([modem]), TestCall.DeviceOptions([modem]));
        call.Connect();
        call.Server.Write(new byte[500]);
        call.Device.Write(new byte[500]);
        Assert.True(call.Run(120 * Second, () => call.AtServer.Count == 500 && call.AtDevice.Count == 500));
    }

    [Fact]
    public void Where_the_fast_modem_does_not_pass_the_ends_meet_on_a_slower_one()
    {
        using var call = new TestCall { Between = Silence(ModemMode.Ofdm) };
        call.Connect();
        Assert.Equal(2, call.Server.Rung!.Number);
        Assert.Equal(2, call.Device.Rung!.Number);
        call.Server.Write(new byte[100]);
        Assert.True(call.Run(20 * Second, () => call.AtDevice.Count == 100));
    }

    [Fact]
    public void A_good_line_is_used_at_its_best_and_only_with_rungs_both_have()
    {
        using var call = new TestCall();
        call.Connect();
        call.Run(Second);
        Assert.Equal((5, 5), (call.Server.Rung!.Number, call.Device.Rung!.Number));

        var plain = OctetModem.Modem(ModemMode.Ofdm, OctetModem.Rung(3, ModemMode.Ofdm, 6400, 200));
        using var other = new TestCall(device: TestCall.DeviceOptions([plain]));
        other.Connect();
        other.Run(Second);
        Assert.Equal((3, 3), (other.Server.Rung!.Number, other.Device.Rung!.Number));
    }

    [Fact]
    public void Options_that_make_no_line_are_refused()
    {
        var options = TestCall.ServerOptions();
        Assert.Throws<ArgumentException>(() => new LineEnd(options with { Modems = [] }));
        var twice = options with { Modems = [OctetModem.Fast, OctetModem.Fast] };
        Assert.Throws<ArgumentException>(() => new LineEnd(twice));
        Assert.Throws<ArgumentException>(() => new LineEnd(options with { Attempts = [8] }));
        Assert.Throws<ArgumentException>(() => new LineEnd(options with { Call = new(new byte[65]) }));
        using var end = new LineEnd(options);
        Assert.Throws<ArgumentOutOfRangeException>(() => end.Process(new short[80], concealed: false, new short[160]));
        end.Escape();
        Assert.Throws<InvalidOperationException>(end.Escape);
    }

    internal static Action<short[]> Silence(ModemMode mode) => samples =>
    {
        for (var i = 0; i < samples.Length; i++)
        {
            if (samples[i] >> 10 == (int)mode + 1) samples[i] = 0;
        }
    };
}

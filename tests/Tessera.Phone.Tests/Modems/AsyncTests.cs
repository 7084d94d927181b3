using Tessera.Phone.Modems.Async;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

public class AsyncTests
{
    private static readonly FskChannel[] Channels =
        [FskChannel.V21Caller, FskChannel.V21Answerer, FskChannel.V23Forward, FskChannel.Bell202];

    [Fact]
    public void Any_octets_come_through_a_clean_line()
    {
        foreach (var channel in Channels)
        {
            byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
            byte[] octets = [.. all, .. new byte[40], .. Ones(40), .. Random(1, 400)];

            Assert.Equal(octets, Hear(channel, Sound(channel, octets)));
        }
    }

    [Theory]
    [InlineData(-1000)]
    [InlineData(-100)]
    [InlineData(100)]
    [InlineData(1000)]
    public void The_clock_of_the_sender_may_differ(double drift)
    {
        var octets = Random(2, 600);
        var line = new Line(new LineConditions { Drift = drift, Companding = Companding.MuLaw }, seed: 2);

        Assert.Equal(octets, Hear(FskChannel.Bell202, Sound(FskChannel.Bell202, octets), line));
    }

    [Fact]
    public void Characters_may_come_at_any_time_while_the_carrier_stays()
    {
        var random = new Random(3);
        var octets = Random(3, 200);
        var sender = new AsyncSender(FskChannel.Bell202, keepsCarrier: true);
        var sound = new List<short>();
        foreach (var octet in octets)
        {
            sender.Send(new Bytes(new[] { octet }));
            while (!sender.IsIdle)
            {
                var some = new short[random.Next(1, 50)];
                sender.Read(some);
                sound.AddRange(some);
            }
        }

        Assert.Equal(octets, Hear(FskChannel.Bell202, [.. sound, .. new short[4000]]));
    }

    [Theory]
    [InlineData(300, -1)]
    [InlineData(1200, 8)]
    public void Octets_survive_noise(double rate, double ratio)
    {
        var channel = Channels.Last(c => c.Rate == rate);
        var octets = Random(4, 400);
        var line = new Line(new LineConditions { SignalToNoise = ratio, Companding = Companding.ALaw }, seed: 4);

        var heard = Hear(channel, Sound(channel, octets), line);

        // A character or two may be made of the noise around the carrier.
        Assert.InRange(heard.Count - octets.Length, 0, 4);
        Assert.True(heard.Count(octets.Contains) >= octets.Length);
        Assert.Contains(Convert.ToHexString(octets), Convert.ToHexString([.. heard]), StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_loss_the_characters_are_found_again()
    {
        var octets = Random(5, 400);
        var sound = Sound(FskChannel.Bell202, octets);
        sound.AsSpan(12_000, 160).CopyTo(sound.AsSpan(12_160));

        var heard = Hear(FskChannel.Bell202, sound);

        Assert.Equal(octets[..148], heard.Take(148));
        Assert.Equal(octets[^200..], heard.TakeLast(200));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1200)]
    public void A_packet_that_was_made_up_costs_only_the_characters_in_its_place(double rate)
    {
        var channel = Channels.Last(c => c.Rate == rate);
        var octets = Random(8, 60);
        var sound = Sound(channel, octets);
        const int Lost = 30;
        sound.AsSpan((Lost - 1) * 160, 160).CopyTo(sound.AsSpan(Lost * 160));
        var receiver = new AsyncReceiver(channel);
        foreach (var (packet, i) in sound.Chunk(160).Select((p, i) => (p, i))) receiver.Write(packet, concealed: i == Lost);

        var heard = new List<byte>();
        while (receiver.TryRead(out var octet)) heard.Add(octet);

        // 160 samples are 24 bits at 1200 and 6 at 300.
        var first = rate == 300 ? 9 : 39;
        Assert.Equal(octets[..first], heard.Take(first));
        Assert.Equal(octets[(first + 6)..], heard.TakeLast(octets.Length - first - 6));
    }

    [Fact]
    public void Any_pieces_of_a_sound_give_the_same_octets()
    {
        var random = new Random(6);
        var octets = Random(6, 100);
        var sound = Sound(FskChannel.V23Forward, octets);
        var receiver = new AsyncReceiver(FskChannel.V23Forward);
        var heard = new List<byte>();
        for (var at = 0; at < sound.Length;)
        {
            var length = Math.Min(random.Next(500), sound.Length - at);
            receiver.Write(sound.AsSpan(at, length));
            while (receiver.TryRead(out var octet)) heard.Add(octet);
            at += length;
        }

        Assert.Equal(octets, heard);
    }

    [Fact]
    public void Silence_and_noise_are_no_characters()
    {
        foreach (var channel in Channels)
        {
            Assert.Empty(Hear(channel, new short[16_000]));
            var noise = new Line(new WhiteNoise(-13, seed: 7)).Carry(new short[160_000]).Samples;
            Assert.InRange(Hear(channel, noise).Count, 0, 10);
        }
    }

    [Fact]
    public void What_may_wait_is_limited()
    {
        var sender = new AsyncSender(FskChannel.Bell202);
        sender.Send(new Bytes(new byte[AsyncSender.MaxQueue]));

        Assert.Throws<InvalidOperationException>(() => sender.Send(new Bytes(new byte[1])));
    }

    [Fact]
    public void Before_the_first_and_after_the_last_character_are_marks()
    {
        var sound = Sound(FskChannel.Bell202, [0x55]);
        var (first, last) = (Array.FindIndex(sound, s => s != 0), Array.FindLastIndex(sound, s => s != 0));

        // 72 marks, a character of 10 bits, 72 marks.
        Assert.InRange(last - first, 154 * 8000 / 1200 - 3, 154 * 8000 / 1200 + 3);
        Assert.Equal(-13, Level.Of(sound.AsSpan(first, last - first)), 0.2);
    }

    private static byte[] Ones(int count) => [.. Enumerable.Repeat(byte.MaxValue, count)];

    private static byte[] Random(int seed, int count) => Sounds.Octets(new Random(seed), count).ToArray();

    /// <summary>The octets between two pauses.</summary>
    private static short[] Sound(FskChannel channel, byte[] octets)
    {
        var sender = new AsyncSender(channel);
        sender.Send(new Bytes(octets));
        var sound = new List<short>(new short[1600]);
        do
        {
            var packet = new short[160];
            sender.Read(packet);
            sound.AddRange(packet);
        }
        while (!sender.IsIdle);

        return [.. sound, .. new short[8000]];
    }

    private static List<byte> Hear(FskChannel channel, short[] sound, Line? line = null)
    {
        var receiver = new AsyncReceiver(channel);
        receiver.Write(line is null ? sound : line.Carry(sound).Samples);
        var octets = new List<byte>();
        while (receiver.TryRead(out var octet)) octets.Add(octet);
        return octets;
    }
}

using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Ofdm;

public class OfdmSenderTests
{
    private const int Packet = 160;

    [Fact]
    public void Bursts_begin_where_packets_begin_however_the_sound_is_read()
    {
        var random = new Random(1);
        var sender = new OfdmSender();
        List<short> sound = [];
        for (var i = 0; i < 30; i++)
        {
            var piece = new short[random.Next(1, 900)];
            sender.Read(piece);
            sound.AddRange(piece);
            if (i % 5 == 0) sender.Send(new Bytes(new byte[10 + i]));
        }

        var all = sound.ToArray();
        var begins = Enumerable.Range(8, all.Length - 8).Where(i => all[i] != 0 && IsSilent(all.AsSpan(i - 8, 8)));
        Assert.Equal(6, begins.Count());
        Assert.All(begins, begin => Assert.Equal(0, begin % Packet));
    }

    [Fact]
    public void A_burst_has_the_level_of_data_and_clips_nowhere()
    {
        foreach (var constellation in Enum.GetValues<Constellation>())
        {
            var sender = new OfdmSender { Constellation = constellation };
            sender.Send(new Bytes(new byte[256]));
            var sound = new short[sender.SamplesOf(256)];
            sender.Read(sound);
            Assert.InRange(Level.Of(sound), -13.5, -12.5);
            Assert.InRange(sound.Max(sample => Math.Abs((int)sample)), 9000, 24000);
        }
    }

    /// <summary>
    /// The samples of the training symbol, computed apart from this code by the formula of its description.
    /// </summary>
    [Fact]
    public void The_training_symbol_is_the_sum_of_49_cosines()
    {
        var sender = new OfdmSender();
        sender.Send(new Bytes(new byte[1]));
        var sound = new short[Packet];
        sender.Read(sound);
        for (var i = 0; i < Packet; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < 49; k++)
                sum += Math.Cos((2 * Math.PI * (5 + k) * (i - 32) / 128) + (Math.PI * k * k / 49));
            Assert.InRange(sound[i], (730 * sum) - 2, (730 * sum) + 2);
        }
    }

    [Fact]
    public void It_is_idle_when_all_was_read()
    {
        var sender = new OfdmSender();
        Assert.True(sender.IsIdle);
        sender.Send(new Bytes(new byte[1]));
        Assert.False(sender.IsIdle);
        var sound = new short[sender.SamplesOf(1)];
        sender.Read(sound.AsSpan(1));
        Assert.False(sender.IsIdle);
        sender.Read(sound.AsSpan(0, 1));
        Assert.True(sender.IsIdle);
    }

    [Fact]
    public void What_it_cannot_send_is_refused()
    {
        var sender = new OfdmSender();
        Assert.Throws<ArgumentException>(() => sender.Send(Bytes.Empty));
        Assert.Throws<ArgumentException>(() => sender.Send(new Bytes(new byte[sender.MaxFrame + 1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => sender.Losses = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => sender.Losses = 5);
        for (var i = 0; i < 64; i++) sender.Send(new Bytes(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => sender.Send(new Bytes(new byte[1])));
    }

    private static bool IsSilent(ReadOnlySpan<short> sound) => !sound.ContainsAnyExcept((short)0);
}

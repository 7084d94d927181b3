using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Ofdm;

public class OfdmTests
{
    public static TheoryData<Constellation> Constellations => new(Enum.GetValues<Constellation>());

    [Theory]
    [MemberData(nameof(Constellations))]
    public void A_frame_of_every_length_arrives_over_either_law(Constellation constellation)
    {
        var random = new Random((int)constellation);
        var sender = new OfdmSender { Constellation = constellation };
        var receiver = new OfdmReceiver();
        for (var length = 1; length <= sender.MaxFrame; length++)
        {
            var frame = new byte[length];
            random.NextBytes(frame);
            sender.Send(new Bytes(frame));
            var sound = new short[sender.SamplesOf(length) + 160];
            sender.Read(sound);
            Assert.True(sender.IsIdle);
            foreach (ref var sample in sound.AsSpan())
                sample = length % 2 == 0 ? G711.DecodeMu(G711.EncodeMu(sample)) : G711.DecodeA(G711.EncodeA(sample));
            receiver.Write(sound);

            Assert.True(receiver.TryRead(out var heard), $"{length}");
            Assert.Equal(new Bytes(frame), heard.Payload);
            Assert.InRange(heard.Quality, 33, 42);
        }

        Assert.False(receiver.TryRead(out _));
        Assert.Equal(0, receiver.Broken);
    }
}

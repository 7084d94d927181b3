using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Sound;

public class G711Tests
{
    /// <summary>
    /// ITU-T G.711 tables 1 and 2, scaled to 16 bits: the ends of the laws and the values around zero.
    /// </summary>
    [Theory]
    [InlineData(0x00, -32124, 0x2A, -32256)]
    [InlineData(0x80, 32124, 0xAA, 32256)]
    [InlineData(0xFF, 0, 0xD5, 8)]
    [InlineData(0x7F, 0, 0x55, -8)]
    [InlineData(0xFE, 8, 0xD4, 24)]
    public void Codes_stand_for_the_values_of_the_laws(byte mu, short fromMu, byte a, short fromA)
    {
        Assert.Equal(fromMu, G711.DecodeMu(mu));
        Assert.Equal(fromA, G711.DecodeA(a));
    }

    [Fact]
    public void Every_code_survives_being_decoded_and_encoded()
    {
        for (var code = 0; code < 256; code++)
        {
            Assert.Equal(code, G711.EncodeA(G711.DecodeA((byte)code)));
            // µ-law has two zeros; the positive one comes back.
            Assert.Equal(code == 0x7F ? 0xFF : code, G711.EncodeMu(G711.DecodeMu((byte)code)));
        }
    }

    [Fact]
    public void Every_sample_keeps_its_place_and_loses_half_a_step_at_most()
    {
        var (lastMu, lastA) = (short.MinValue, short.MinValue);
        for (var sample = (int)short.MinValue; sample <= short.MaxValue; sample++)
        {
            var (mu, a) = (G711.DecodeMu(G711.EncodeMu((short)sample)), G711.DecodeA(G711.EncodeA((short)sample)));
            var half = (Math.Abs(sample) + 0x84) / 32 + 4;

            Assert.InRange(mu, Math.Max(lastMu, sample - half), sample + half);
            Assert.InRange(a, Math.Max(lastA, sample - half), sample + half);
            (lastMu, lastA) = (mu, a);
        }
    }
}

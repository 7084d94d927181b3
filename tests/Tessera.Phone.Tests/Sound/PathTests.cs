using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Sound;

public class PathTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_of_raw_sound_are_heard_block_by_block_to_their_end()
    {
        short[] samples = [.. Enumerable.Range(0, 2 * AudioBlock.Length).Select(i => (short)(i * 321))];
        var octets = samples.SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) }).ToArray();
        using var heard = new MemoryStream([.. octets, 1, 2, 3]);
        using var said = new MemoryStream();

        Assert.Equal(samples, await CopyAsync(new PcmPath(heard, said)));
        Assert.Equal(octets, said.ToArray());
    }

    [Fact]
    public async Task A_recorded_sound_is_heard_to_its_end_and_what_is_said_is_kept()
    {
        short[] samples = [.. Enumerable.Range(0, 3 * AudioBlock.Length).Select(i => (short)(i * 77))];
        var path = new RecordedPath(samples.AsMemory()[..^1]);

        Assert.Equal(samples[..(2 * AudioBlock.Length)], await CopyAsync(path));
        Assert.Equal(samples[..(2 * AudioBlock.Length)], path.Said);
    }

    /// <summary>Says what it hears.</summary>
    private static async Task<short[]> CopyAsync(ISoundPath path)
    {
        List<short> heard = [];
        var block = new short[AudioBlock.Length];
        while (await path.HearAsync(block, Cancel) != Hearing.Ended)
        {
            heard.AddRange(block);
            await path.SayAsync(block, Cancel);
        }

        return [.. heard];
    }
}

using System.Threading.Channels;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>
/// A call as a sound path, for those who wait for blocks instead of being called every 20 ms: give its
/// <see cref="Exchange"/> to <see cref="RtpPacer.Start"/>.
/// </summary>
public sealed class RtpSound : ISoundPath
{
    /// <summary>Blocks that may wait in each direction; of more, the oldest are lost.</summary>
    private const int MaxWaiting = 50;

    private static readonly BoundedChannelOptions Limits = new(MaxWaiting)
    {
        FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true,
    };

    private readonly Channel<(short[] Block, bool Concealed)> _heard =
        Channel.CreateBounded<(short[], bool)>(Limits);

    private readonly Channel<short[]> _said = Channel.CreateBounded<short[]>(Limits);

    /// <summary>What the call does every 20 ms.</summary>
    public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        _heard.Writer.TryWrite((heard.ToArray(), concealed));
        if (_said.Reader.TryRead(out var block)) block.CopyTo(spoken);
    }

    /// <summary>The call is over: who hears is told so.</summary>
    public void End() => _heard.Writer.TryComplete();

    public async ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
    {
        if (!await _heard.Reader.WaitToReadAsync(cancel) || !_heard.Reader.TryRead(out var heard)) return Hearing.Ended;
        heard.Block.CopyTo(samples);
        return heard.Concealed ? Hearing.Concealed : Hearing.Heard;
    }

    public ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
    {
        if (samples.Length != AudioBlock.Length)
            throw new ArgumentException($"A block has {AudioBlock.Length} samples.", nameof(samples));
        cancel.ThrowIfCancellationRequested();
        _said.Writer.TryWrite(samples.ToArray());
        return ValueTask.CompletedTask;
    }
}

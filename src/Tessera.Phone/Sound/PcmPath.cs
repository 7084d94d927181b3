using System.Buffers.Binary;

namespace Tessera.Phone.Sound;

/// <summary>
/// Two streams of raw sound as a path: 16 bits linear with the low octet first, one channel, 8000 samples a second. The
/// stream that is heard is the clock: a pipe, a sound card.
/// </summary>
/// <param name="heard">Not owned; its end is the end of the call.</param>
/// <param name="said">Not owned; what is said after its reader left goes nowhere.</param>
public sealed class PcmPath(Stream heard, Stream said) : ISoundPath
{
    private readonly byte[] _heard = new byte[AudioBlock.Length * sizeof(short)];
    private readonly byte[] _said = new byte[AudioBlock.Length * sizeof(short)];
    private bool _isDeaf;

    /// <summary>Half a block at the end is no block.</summary>
    public async ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
    {
        var length = await heard.ReadAtLeastAsync(_heard, _heard.Length, throwOnEndOfStream: false, cancel);
        if (length < _heard.Length) return Hearing.Ended;
        for (var i = 0; i < AudioBlock.Length; i++)
            samples.Span[i] = BinaryPrimitives.ReadInt16LittleEndian(_heard.AsSpan(i * sizeof(short)));
        return Hearing.Heard;
    }

    public async ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Length, AudioBlock.Length, nameof(samples));
        if (_isDeaf) return;
        for (var i = 0; i < AudioBlock.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(_said.AsSpan(i * sizeof(short)), samples.Span[i]);
        try
        {
            await said.WriteAsync(_said, cancel);
            await said.FlushAsync(cancel);
        }
        catch (IOException)
        {
            _isDeaf = true;
        }
    }
}

namespace Tessera.Phone.Sound;

/// <summary>
/// A sound that is there already as a path, such as that of a WAV file; what is said is kept. As fast as it is worked on,
/// or at the pace of a clock.
/// </summary>
/// <param name="heard">What is heard; its end is the end of the call.</param>
/// <param name="pace">Null for no clock; otherwise one tick each 20 ms.</param>
public sealed class RecordedPath(ReadOnlyMemory<short> heard, PeriodicTimer? pace = null) : ISoundPath
{
    private readonly List<short> _said = [];
    private int _at;

    /// <summary>All that was said, to be read behind the end.</summary>
    public short[] Said => [.. _said];

    public async ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
    {
        if (heard.Length - _at < samples.Length) return Hearing.Ended;
        if (pace is not null) await pace.WaitForNextTickAsync(cancel);
        cancel.ThrowIfCancellationRequested();
        heard.Slice(_at, samples.Length).CopyTo(samples);
        _at += samples.Length;
        return Hearing.Heard;
    }

    public ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
    {
        _said.AddRange(samples.Span);
        return ValueTask.CompletedTask;
    }
}

using Tessera.Phone.Sound;

namespace Tessera.Cli;

/// <summary>
/// What is said and heard in a call: a sound from its beginning to its end, then silence; what comes is kept.
/// </summary>
internal sealed class CallSound(ReadOnlyMemory<short> spoken, bool keep)
{
    /// <summary>An hour of what is heard.</summary>
    private const int MaxKept = 3600 * AudioBlock.Rate;

    private readonly Lock _gate = new();
    private readonly List<short> _heard = [];
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _at;

    /// <summary>Completes when all was said.</summary>
    public Task Said => _said.Task;

    /// <summary>A copy of what was heard so far.</summary>
    public short[] Heard
    {
        get
        {
            lock (_gate) return [.. _heard];
        }
    }

    public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        lock (_gate)
        {
            if (keep && _heard.Count < MaxKept) _heard.AddRange(heard);
        }

        var rest = spoken.Span[_at..];
        var next = rest[..Math.Min(rest.Length, said.Length)];
        next.CopyTo(said);
        _at += next.Length;
        if (_at == spoken.Length) _said.TrySetResult();
    }
}

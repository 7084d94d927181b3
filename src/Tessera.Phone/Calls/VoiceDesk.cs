using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Wire;

namespace Tessera.Phone.Calls;

/// <summary>
/// What a machine does in the voice of a call: it plays sound and collects keys, one thing at a time. Driven by the
/// blocks of the call; it knows no clock and no device.
/// </summary>
public sealed class VoiceDesk(KeySource source) : IVoice
{
    /// <summary>Samples of the longest sound: ten minutes.</summary>
    public const int MaxSound = 600 * AudioBlock.Rate;

    /// <summary>Keys that are kept for the next question; of more the last ones are dropped.</summary>
    public const int MaxAhead = 16;

    private readonly Lock _gate = new();
    private readonly Queue<char> _ahead = new();
    private readonly KeyListener _listener = new(source);
    private Errand? _errand;
    private bool _isOver;

    /// <inheritdoc/>
    public Task PlayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel) =>
        BeginAsync(new Errand(sound, collector: null, isFresh: false), cancel);

    /// <inheritdoc/>
    public async Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel)
    {
        var collector = new KeyCollector(rule);
        await BeginAsync(new Errand(question, collector, rule.Fresh), cancel);
        return new Keyed(collector.State, collector.Keys);
    }

    /// <summary>A telephone event told of a key.</summary>
    public void Press(char key)
    {
        lock (_gate) _listener.Tell(key);
    }

    /// <summary>The next 20 ms: hears a block, and says one where there is something to say.</summary>
    public void Exchange(ReadOnlySpan<short> heard, Span<short> spoken)
    {
        lock (_gate)
        {
            _listener.Hear(heard);
            while (_listener.TryRead(out var key)) Take(key);
            if (_errand is null || !_errand.Exchange(spoken)) return;
            _errand.Finish();
            _errand = null;
        }
    }

    /// <summary>Keys that were pressed up to now answer nothing any more.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            while (_listener.TryRead(out _)) { }
            _ahead.Clear();
        }
    }

    /// <summary>The call is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _ahead.Clear();
            _errand?.Lose();
            _errand = null;
        }
    }

    private async Task BeginAsync(Errand errand, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_isOver) throw new ConnectionLostException("The call is over.");
            if (_errand is not null) throw new InvalidOperationException("Something else is being played or asked.");
            while (_listener.TryRead(out var key)) Take(key);
            errand.Follow(_ahead);
            _errand = errand;
        }

        try
        {
            await errand.Done.WaitAsync(cancel);
        }
        finally
        {
            lock (_gate)
            {
                if (_errand == errand) _errand = null;
            }
        }
    }

    private void Take(char key)
    {
        if (_errand?.Press(key) != true && _ahead.Count < MaxAhead) _ahead.Enqueue(key);
    }

    /// <summary>A sound to be played, and the keys that are to follow it.</summary>
    private sealed class Errand
    {
        private readonly ReadOnlyMemory<short> _sound;
        private readonly KeyCollector? _collector;
        private readonly bool _isFresh;
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _played;

        public Errand(ReadOnlyMemory<short> sound, KeyCollector? collector, bool isFresh)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sound.Length, MaxSound, nameof(sound));
            (_sound, _collector, _isFresh) = (sound, collector, isFresh);
        }

        public Task Done => _done.Task;

        private bool IsPlayed => _played >= _sound.Length;

        /// <summary>Takes the keys that were pressed ahead of it. What is only played is not cut short by them.</summary>
        public void Follow(Queue<char> ahead)
        {
            if (_isFresh) ahead.Clear();
            while (_collector is { State: KeyEntry.Open } && ahead.TryDequeue(out var key)) Press(key);
        }

        /// <returns>Whether the key is its own; otherwise it is for what comes next.</returns>
        public bool Press(char key)
        {
            if (_collector is { State: not KeyEntry.Open }) return false;
            if (_collector?.Knows(key) == false) return true;
            _played = _sound.Length;
            _collector?.Press(key);
            return _collector is not null;
        }

        /// <returns>Whether it is done.</returns>
        public bool Exchange(Span<short> spoken)
        {
            if (!IsPlayed)
            {
                var next = _sound.Span[_played..Math.Min(_played + spoken.Length, _sound.Length)];
                next.CopyTo(spoken);
                _played += next.Length;
            }
            else
            {
                _collector?.Wait(spoken.Length);
            }

            return _collector is null ? IsPlayed : _collector.State != KeyEntry.Open;
        }

        public void Finish() => _done.TrySetResult();

        public void Lose() => _done.TrySetException(new ConnectionLostException("The call ended."));
    }
}

/// <summary>What a caller keyed in; it may be secret, so it does not show itself.</summary>
/// <param name="Keys">Without the key that ended it.</param>
public sealed record Keyed(KeyEntry Entry, string Keys)
{
    public bool IsComplete => Entry == KeyEntry.Complete;

    public override string ToString() => $"{Entry}, {Keys.Length} keys";
}

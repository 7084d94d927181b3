using Tessera.Phone.Rtp;
using Tessera.Phone.Sound;

namespace Tessera.Terminal.Lines;

/// <summary>
/// Brings what the telephone says to the line and back, past the device. Its two ends are called in turn by the one
/// thread of all sound.
/// </summary>
internal sealed class SoundBridge(TerminalCall device, RtpSession telephone, RtpSession line)
{
    /// <summary>Keys that may wait for the one before.</summary>
    private const int MaxKeys = 32;

    private readonly BlockQueue _fromTelephone = new();
    private readonly BlockQueue _toTelephone = new();
    private readonly Queue<char> _keys = new();
    private readonly short[] _silence = new short[AudioBlock.Length];

    public void ExchangeTelephone(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        _fromTelephone.Put(heard);
        _toTelephone.Take(said);
    }

    public void ExchangeLine(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        _fromTelephone.Take(said);
        device.Exchange(heard, concealed, said);
        PassKeys();
        _toTelephone.Put(device.IsHearing ? heard : _silence);
    }

    /// <summary>One key after the other, so that none is left over when the line goes to data: there nothing
    /// passes.</summary>
    private void PassKeys()
    {
        while (telephone.TryReadKey(out var key))
            if (_keys.Count < MaxKeys) _keys.Enqueue(key);
        while (line.TryReadKey(out var key))
            if (device.IsVoice && telephone is { CanPress: true, IsPressing: false }) telephone.Press(key);

        if (!device.IsVoice) _keys.Clear();
        else if (line is { CanPress: true, IsPressing: false } && _keys.TryDequeue(out var next)) line.Press(next);
    }

    /// <summary>A few blocks on their way; of more, the oldest are lost.</summary>
    private sealed class BlockQueue
    {
        private const int Most = 3;

        private readonly Queue<short[]> _waiting = new();
        private readonly Stack<short[]> _free = new(Enumerable.Range(0, Most).Select(_ => new short[AudioBlock.Length]));

        public void Put(ReadOnlySpan<short> block)
        {
            if (!_free.TryPop(out var next)) next = _waiting.Dequeue();
            block.CopyTo(next);
            _waiting.Enqueue(next);
        }

        /// <summary>Silence stays where nothing waits.</summary>
        public void Take(Span<short> block)
        {
            if (!_waiting.TryDequeue(out var next)) return;
            next.CopyTo(block);
            _free.Push(next);
        }
    }
}

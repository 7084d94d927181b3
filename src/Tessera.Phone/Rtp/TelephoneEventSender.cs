using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>
/// Presses keys: one packet for each 20 ms of an event, its last one three times (RFC 4733 §2.5.1), and a pause behind
/// it.
/// </summary>
public sealed class TelephoneEventSender
{
    /// <summary>Keys that may wait.</summary>
    public const int MaxWaiting = 64;

    private const byte Volume = 10;
    private const int Ends = 3;

    private readonly Queue<byte> _waiting = new();
    private readonly int _length;
    private readonly int _pause;
    private uint _begun;
    private byte _event;

    /// <summary>Blocks since the event began; those of the pause count on.</summary>
    private int _block = -1;

    /// <param name="length">How long a key is held.</param>
    /// <param name="pause">From the end of one to the next.</param>
    public TelephoneEventSender(TimeSpan length, TimeSpan pause)
    {
        _length = Math.Clamp(Blocks(length), 2, ushort.MaxValue / AudioBlock.Length);
        _pause = Math.Max(Ends - 1, Blocks(pause));
    }

    public TelephoneEventSender()
        : this(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(60)) { }

    /// <summary>Nothing is being pressed and nothing waits.</summary>
    public bool IsIdle => _block < 0 && _waiting.Count == 0;

    /// <exception cref="ArgumentException">No telephone has that key.</exception>
    /// <exception cref="InvalidOperationException">Too many wait.</exception>
    public void Press(char key)
    {
        if (_waiting.Count == MaxWaiting) throw new InvalidOperationException($"{MaxWaiting} keys wait already.");
        _waiting.Enqueue(TelephoneEvent.CodeOf(key));
    }

    /// <summary>What this block of the call carries instead of sound.</summary>
    /// <param name="now">The timestamp of the block.</param>
    /// <param name="payload">The event.</param>
    /// <param name="timestamp">When the event began: the timestamp of its packets.</param>
    /// <returns>False where the block carries sound.</returns>
    public bool TryNext(uint now, out TelephoneEvent payload, out uint timestamp)
    {
        if (_block < 0 && _waiting.TryDequeue(out _event)) (_block, _begun) = (0, now);
        (payload, timestamp) = (default, _begun);
        if (_block < 0) return false;

        var block = ++_block;
        if (block == _length + _pause) _block = -1;
        if (block >= _length + Ends) return false;

        var duration = (ushort)(Math.Min(block, _length) * AudioBlock.Length);
        payload = new TelephoneEvent(_event, block >= _length, Volume, duration);
        return true;
    }

    private static int Blocks(TimeSpan time) => (int)Math.Ceiling(time / AudioBlock.Duration);
}

using Tessera.Terminal.Serial.Frames;
using Tessera.Wire;

namespace Tessera.Terminal.Serial.Ends;

/// <summary>The hearing half of a connection: puts numbered frames into their order, each once.</summary>
internal sealed class SerialReceiver
{
    /// <summary>Octets kept for a reader that does not read.</summary>
    public const int MaxUnread = 16 * SerialFrame.MaxOctets;

    private readonly Bytes?[] _ahead = new Bytes?[SerialFrame.Window];
    private readonly Queue<byte> _ready = new();
    private byte _next;
    private byte? _finish;

    /// <summary>Octets that <see cref="Read"/> gives.</summary>
    public int Ready => _ready.Count;

    /// <summary>Whether all that the other side has to say has arrived.</summary>
    public bool IsFinished => _finish is { } finish && finish == (byte)(_next - 1);

    public SerialReport Report => new(_next, Heard(), (byte)Room);

    /// <summary>
    /// Frames that fit behind those that are unread. A promise is kept: with every frame that comes, the room goes down by
    /// one at most.
    /// </summary>
    private int Room => Math.Min(SerialFrame.Window, (MaxUnread - _ready.Count) / SerialFrame.MaxOctets);

    /// <summary>Takes a numbered frame; one that was here before, or is out of the window, changes nothing.</summary>
    public void Take(byte number, Bytes octets, bool isFinish)
    {
        var ahead = (byte)(number - _next);
        if (ahead >= Room || _ahead[ahead] is not null || IsBehindFinish(number)) return;
        _ahead[ahead] = octets;
        if (isFinish) _finish = number;
        while (_ahead[0] is { } first)
        {
            foreach (var octet in first.Span) _ready.Enqueue(octet);
            _next++;
            _ahead.AsSpan(1).CopyTo(_ahead);
            _ahead[^1] = null;
        }
    }

    /// <returns>How many octets were read.</returns>
    public int Read(Span<byte> octets)
    {
        var length = Math.Min(octets.Length, _ready.Count);
        for (var i = 0; i < length; i++) octets[i] = _ready.Dequeue();
        return length;
    }

    private bool IsBehindFinish(byte number) => _finish is { } finish && (sbyte)(number - finish) > 0;

    private byte Heard()
    {
        var heard = 0;
        for (var i = 1; i < SerialFrame.Window; i++) heard |= _ahead[i] is null ? 0 : 1 << (i - 1);
        return (byte)heard;
    }
}

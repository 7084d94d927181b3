using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// The receiving half of the selective repeat: units in any order become octets in the order they were sent.
/// </summary>
internal sealed class UnitReceiver
{
    /// <summary>Octets that nobody has read yet, above which the other end is asked to wait.</summary>
    public const int EnoughReady = 2048;

    /// <summary>Above these a frame is not taken: who was asked to wait has sent more than was under way.</summary>
    public const int MaxReady = EnoughReady + (UnitSender.Window * UnitSender.UnitLength);

    private readonly Bytes?[] _units = new Bytes?[256];
    private readonly Queue<byte> _ready = new();
    private byte _next;

    /// <summary>The first unit that has not arrived.</summary>
    public byte Next => _next;

    /// <summary>Octets in order, ready to be read.</summary>
    public int Ready => _ready.Count;

    public bool IsFull => _ready.Count >= EnoughReady;

    /// <summary>The units behind <see cref="Next"/> that have arrived, a bit each, without zeros at the end.</summary>
    public Bytes Heard
    {
        get
        {
            var bits = new byte[LineFrame.MaxHeard];
            var length = 0;
            for (var i = 0; i < 8 * bits.Length; i++)
            {
                if (_units[(byte)(_next + 1 + i)] is null) continue;
                bits[i / 8] |= (byte)(1 << (i % 8));
                length = (i / 8) + 1;
            }

            return new Bytes(bits.AsMemory(0, length));
        }
    }

    /// <summary>Takes the units of a frame; those that are known or beyond the window it drops.</summary>
    public void Accept(byte unit, Bytes octets)
    {
        if (_ready.Count >= MaxReady) return;

        for (var at = 0; at < octets.Length; at += UnitSender.UnitLength, unit++)
        {
            if ((byte)(unit - _next) >= UnitSender.Window) continue;
            _units[unit] ??= new Bytes(octets.Memory.Slice(at, Math.Min(UnitSender.UnitLength, octets.Length - at)));
        }

        for (; _units[_next] is { } ready; _next++)
        {
            foreach (var octet in ready.Span) _ready.Enqueue(octet);
            _units[_next] = null;
        }
    }

    /// <summary>Whether nothing is missing up to the end of a frame that was taken.</summary>
    public bool HasAll(LineFrame frame)
    {
        var units = (frame.Octets.Length + UnitSender.UnitLength - 1) / UnitSender.UnitLength;
        return units == 0 || _next == (byte)(frame.Unit + units);
    }

    /// <returns>How many octets were read.</returns>
    public int Read(Span<byte> octets)
    {
        var count = Math.Min(octets.Length, _ready.Count);
        for (var i = 0; i < count; i++) octets[i] = _ready.Dequeue();
        return count;
    }
}

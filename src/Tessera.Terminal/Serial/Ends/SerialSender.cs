using System.Runtime.InteropServices;
using Tessera.Terminal.Serial.Frames;
using Tessera.Wire;

namespace Tessera.Terminal.Serial.Ends;

/// <summary>
/// The speaking half of a connection: numbered frames, each sent until it has arrived (selective repeat, docs/protocols/
/// serial.md §5).
/// </summary>
internal sealed class SerialSender
{
    /// <summary>Octets that wait for the window at most.</summary>
    public const int MaxWaiting = 16 * SerialFrame.MaxOctets;

    private readonly Queue<byte> _waiting = new();
    private readonly List<Unit> _units = [];
    private byte _first;
    private int _room = SerialFrame.Window;
    private long _order;
    private bool _isFinishing;
    private bool _hasFinish;

    /// <summary>Octets that <see cref="Write"/> takes.</summary>
    public int Room => _isFinishing ? 0 : MaxWaiting - _waiting.Count;

    /// <summary>Whether the word that nothing more comes has arrived, and all before it.</summary>
    public bool IsFinished => _hasFinish && _units.Count == 0;

    /// <summary>How often the most unlucky frame has been sent.</summary>
    public int Tries => _units.Count == 0 ? 0 : _units.Max(unit => unit.Tries);

    /// <summary>Whether octets wait and the other side has room for none.</summary>
    public bool IsShut => _units.Count == 0 && !HasFresh && (_waiting.Count > 0 || (_isFinishing && !_hasFinish));

    public bool HasWork => HasFresh || _units.Exists(unit => unit.IsDue);

    private bool HasFresh => _units.Count < _room && (_waiting.Count > 0 || (_isFinishing && !_hasFinish));

    /// <returns>How many octets were taken.</returns>
    public int Write(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(octets.Length, Room);
        foreach (var octet in octets[..taken]) _waiting.Enqueue(octet);
        return taken;
    }

    public void Finish() => _isFinishing = true;

    /// <summary>The frame to send now, if any: first what was lost, then what was never sent.</summary>
    public SerialUnit? Take()
    {
        var unit = _units.Find(one => one.IsDue) ?? (HasFresh ? Next() : null);
        if (unit is null) return null;
        (unit.IsDue, unit.Left, unit.Order, unit.Tries) = (false, null, ++_order, unit.Tries + 1);
        return new SerialUnit(unit.Number, unit.Octets, unit.IsFinish);
    }

    /// <summary>The last octet of a frame leaves at that time.</summary>
    public void Sent(byte number, TimeSpan at)
    {
        if (_units.Find(unit => unit.Number == number) is { } sent) sent.Left = at;
    }

    /// <summary>
    /// Takes what the other side has heard. The line keeps the order: what left before a frame that has arrived is lost.
    /// </summary>
    public void Acknowledge(SerialReport report, TimeSpan now, ReplyTime reply)
    {
        var before = (byte)(report.Next - _first);
        if (before > _units.Count) return;

        for (var i = 0; i < _units.Count; i++)
        {
            var bit = i - before - 1;
            if (i < before || (bit is >= 0 and < 8 && (report.Heard >> bit & 1) != 0)) Arrive(_units[i], now, reply);
        }

        var last = _units.Where(unit => unit.HasArrived).Select(unit => unit.Order).DefaultIfEmpty().Max();
        foreach (var unit in _units) unit.IsDue |= !unit.HasArrived && unit.Tries > 0 && unit.Order < last;
        _units.RemoveRange(0, before);
        _first += before;
        _room = report.Room;
    }

    /// <summary>Gives up the frames that had their time.</summary>
    public void Expire(TimeSpan now, ReplyTime reply)
    {
        var late = _units.FindAll(unit => unit.IsUnderWay && now - unit.Left >= reply.Timeout);
        foreach (var unit in late) unit.IsDue = true;
        if (late.Count > 0) reply.Expire();
    }

    /// <summary>The other side had its turn and told of all that it heard: the rest is lost.</summary>
    public void Lose()
    {
        foreach (var unit in _units) unit.IsDue |= unit.IsUnderWay;
    }

    /// <summary>When <see cref="Expire"/> has something to do.</summary>
    public TimeSpan? Due(ReplyTime reply)
    {
        var left = _units.Where(unit => unit.IsUnderWay).Min(unit => unit.Left);
        return left + reply.Timeout;
    }

    private static void Arrive(Unit unit, TimeSpan now, ReplyTime reply)
    {
        if (unit.HasArrived) return;
        if (unit is { Tries: 1, Left: { } left }) reply.Observe(now > left ? now - left : TimeSpan.Zero);
        (unit.HasArrived, unit.IsDue) = (true, false);
    }

    private Unit Next()
    {
        var octets = new byte[Math.Min(SerialFrame.MaxOctets, _waiting.Count)];
        for (var i = 0; i < octets.Length; i++) octets[i] = _waiting.Dequeue();
        _hasFinish = octets.Length == 0;
        var unit = new Unit((byte)(_first + _units.Count), new Bytes(octets), _hasFinish);
        _units.Add(unit);
        return unit;
    }

    private sealed class Unit(byte number, Bytes octets, bool isFinish)
    {
        public byte Number => number;

        public Bytes Octets => octets;

        public bool IsFinish => isFinish;

        public bool IsDue { get; set; }

        public bool HasArrived { get; set; }

        /// <summary>When its last octet leaves.</summary>
        public TimeSpan? Left { get; set; }

        /// <summary>Which of all frames sent it was, the last time.</summary>
        public long Order { get; set; }

        public int Tries { get; set; }

        public bool IsUnderWay => !HasArrived && !IsDue && Left is not null;
    }
}

/// <summary>A numbered frame to be sent.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SerialUnit(byte Number, Bytes Octets, bool IsFinish);

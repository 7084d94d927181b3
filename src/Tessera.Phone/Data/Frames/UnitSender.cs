using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// The sending half of the selective repeat: octets in numbered units of 16 (the last before a pause may be shorter),
/// each sent until it is acknowledged. A frame carries any number of units that follow each other.
/// </summary>
internal sealed class UnitSender
{
    /// <summary>Octets of a unit.</summary>
    public const int UnitLength = 16;

    /// <summary>
    /// Units that may be under way: more than the fastest rung sends in the longest round trip, less than half the
    /// numbers.
    /// </summary>
    public const int Window = 120;

    /// <summary>Octets that wait for the window at most.</summary>
    public const int MaxWaiting = 4096;

    private readonly Queue<byte> _waiting = new();
    private readonly List<Unit> _units = [];
    private readonly List<Flight> _flights = [];
    private long _first;

    /// <summary>Octets that <see cref="Write"/> takes.</summary>
    public int Room => MaxWaiting - _waiting.Count;

    /// <summary>Whether all that was written has arrived.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _units.Count == 0;

    /// <summary>Whether all that has not arrived was never sent, and goes into one frame with so much room.</summary>
    public bool IsLastFrame(int room) => _units.Count == 0 && _waiting.Count > 0 && _waiting.Count <= room;

    /// <summary>How often the most unlucky unit has been sent.</summary>
    public int Tries => _units.Count == 0 ? 0 : _units.Max(unit => unit.Tries);

    /// <returns>How many octets were taken.</returns>
    public int Write(ReadOnlySpan<byte> octets)
    {
        var taken = Math.Min(octets.Length, Room);
        foreach (var octet in octets[..taken]) _waiting.Enqueue(octet);
        return taken;
    }

    /// <summary>Whether a frame would carry anything now.</summary>
    /// <param name="fresh">Units may be sent that never were.</param>
    public bool HasWork(bool fresh) =>
        _units.Exists(unit => unit.IsDue) || (fresh && _waiting.Count > 0 && _units.Count < Window);

    /// <summary>The next units that must be sent, for the frame of that number.</summary>
    /// <param name="room">Octets that the frame carries, one unit at least.</param>
    public (byte Unit, Bytes Octets)? Take(ulong number, int room, bool fresh)
    {
        var at = _units.FindIndex(unit => unit.IsDue);
        if (at < 0) at = _units.Count;
        var octets = new List<byte>(room);
        var end = at;
        while (Fits(end, room - octets.Count, fresh))
        {
            var unit = _units[end++];
            (unit.IsDue, unit.Number, unit.Tries) = (false, number, unit.Tries + 1);
            octets.AddRange(unit.Octets);
            if (unit.Octets.Length < UnitLength) break;
        }

        if (end == at) return null;
        _flights.Add(new Flight(number));
        return ((byte)(_first + at), new Bytes(octets.ToArray()));
    }

    /// <summary>The frame has left: its time runs.</summary>
    public void Sent(ulong number, long now)
    {
        if (_flights.Find(flight => flight.Number == number) is { } flight) flight.Left = now;
    }

    /// <summary>Takes what the peer has heard.</summary>
    /// <returns>
    /// Which frames arrived and which did not: the line keeps the order, so what was overtaken is lost.
    /// </returns>
    public Acknowledgement Acknowledge(byte next, Bytes heard, long now, RoundTrip trip)
    {
        var before = (byte)(next - (byte)_first);
        if (before > _units.Count) return default;

        var arrived = new HashSet<ulong>();
        for (var i = 0; i < before; i++) Note(_units[i], arrived, now, trip);
        for (var i = before + 1; i < _units.Count; i++)
        {
            var bit = i - before - 1;
            if (bit >= 8 * heard.Length) break;
            if ((heard.Span[bit / 8] >> (bit % 8) & 1) != 0) Note(_units[i], arrived, now, trip);
        }

        _units.RemoveRange(0, before);
        _first += before;
        if (arrived.Count == 0) return default;

        var last = arrived.Max();
        var lost = Lose(flight => flight.Number < last && !arrived.Contains(flight.Number));
        _flights.RemoveAll(flight => !_units.Exists(unit => unit.Number == flight.Number && !unit.HasArrived));
        return new Acknowledgement(arrived.Count, lost);
    }

    /// <summary>Gives up the frames that had their time.</summary>
    /// <param name="extra">What a frame has beyond the round trip, where frames are long.</param>
    /// <returns>1 when any carried something that has not arrived: one silence is one failure.</returns>
    public int Expire(long now, long extra, RoundTrip trip)
    {
        var timeout = trip.Timeout + extra;
        var lost = Lose(flight => flight.Left is { } left && now - left >= timeout);
        if (lost == 0) return 0;
        trip.Expire();
        return 1;
    }

    /// <summary>Gives up all frames under way: what comes now goes another way.</summary>
    public void GiveUp() => Lose(_ => true);

    private bool Fits(int at, int room, bool fresh)
    {
        if (at < _units.Count) return _units[at].IsDue && _units[at].Octets.Length <= room;
        if (!fresh || room < UnitLength || _units.Count >= Window || _waiting.Count == 0) return false;

        var octets = new byte[Math.Min(UnitLength, _waiting.Count)];
        for (var i = 0; i < octets.Length; i++) octets[i] = _waiting.Dequeue();
        _units.Add(new Unit(octets));
        return true;
    }

    private void Note(Unit unit, HashSet<ulong> arrived, long now, RoundTrip trip)
    {
        if (unit.HasArrived || unit.Tries == 0) return;

        (unit.HasArrived, unit.IsDue) = (true, false);
        if (arrived.Add(unit.Number) && unit.Tries == 1
            && _flights.Find(flight => flight.Number == unit.Number) is { Left: { } left })
            trip.Observe(now - left);
    }

    private int Lose(Predicate<Flight> which)
    {
        var lost = 0;
        foreach (var flight in _flights.FindAll(which))
        {
            _flights.Remove(flight);
            var units = _units.FindAll(unit => unit.Number == flight.Number && !unit.HasArrived);
            foreach (var unit in units) unit.IsDue = true;
            if (units.Count > 0) lost++;
        }

        return lost;
    }

    private sealed class Unit(byte[] octets)
    {
        public byte[] Octets { get; } = octets;

        public bool IsDue { get; set; } = true;

        public bool HasArrived { get; set; }

        /// <summary>The last frame that carried it.</summary>
        public ulong Number { get; set; }

        public int Tries { get; set; }
    }

    private sealed class Flight(ulong number)
    {
        public ulong Number { get; } = number;

        /// <summary>When its last sample was sent.</summary>
        public long? Left { get; set; }
    }
}

/// <summary>What an acknowledgement told of frames: those lost were sent before those that arrived.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Acknowledgement(int Arrived, int Lost);

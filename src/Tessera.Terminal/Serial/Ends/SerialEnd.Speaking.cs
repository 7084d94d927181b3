using System.Buffers;
using Tessera.Terminal.Serial.Frames;

namespace Tessera.Terminal.Serial.Ends;

public sealed partial class SerialEnd
{
    /// <summary>Octets that a frame has beyond its own: the check and a flag.</summary>
    private const int FrameOverhead = 3;

    /// <summary>How far ahead of the line octets are handed out: what is urgent must not wait behind much.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(20);

    private readonly ArrayBufferWriter<byte> _frame = new();
    private (ushort Connection, SerialReset Reason)? _reset;
    private bool _mustAccept;
    private bool _mustReport;
    private bool _mustSayLast;
    private int _toldRoom;
    private TimeSpan _openDue;
    private TimeSpan _polledAt;
    private TimeSpan _busyUntil;

    /// <summary>When <see cref="Collect"/> has something to do, if nothing is heard or written before; null for never.</summary>
    public TimeSpan? Due => State switch
    {
        SerialState.Closed or SerialState.Asked => WhenFree(null),
        _ when !_turn.IsOurs => _turn.Due,
        SerialState.Opening => WhenFree(_openDue),
        _ => Earliest(
            WhenFree(_options.HalfDuplex ? _turn.Due : Poll), _heardAt + _options.Silence, _sender.Due(_reply)),
    };

    private bool WantsToSpeak => _reset is not null || _mustSayLast || _mustAccept || _mustReport
        || (State == SerialState.Open && _sender.HasWork);

    /// <summary>Writes the octets that the line shall carry now.</summary>
    public void Collect(IBufferWriter<byte> output, TimeSpan now)
    {
        Watch(now);
        var isFirst = true;
        while (_busyUntil - now <= Ahead && Next(now) is { } frame)
        {
            _frame.ResetWrittenCount();

            // What the line made up meanwhile is not taken for the beginning of a frame.
            if (isFirst) _frame.Write([SerialOctets.Flag]);
            SerialOctets.Write(frame, _frame);
            output.Write(_frame.WrittenSpan);
            isFirst = false;
            _busyUntil = (_busyUntil > now ? _busyUntil : now) + _options.TimeOf(_frame.WrittenCount);
            if (frame.Kind is SerialKind.Data or SerialKind.Finish) _sender.Sent(frame.Number, _busyUntil);
            if (frame.Over) _turn.Give(_busyUntil);
            else _turn.Speak();
        }
    }

    /// <summary>When this side next speaks, which it does not before the line is free.</summary>
    private TimeSpan? WhenFree(TimeSpan? later)
    {
        var free = _busyUntil - Ahead;
        return WantsToSpeak || later < free ? free : later;
    }

    private static TimeSpan? Earliest(params ReadOnlySpan<TimeSpan?> times)
    {
        TimeSpan? earliest = null;
        foreach (var time in times)
        {
            if (earliest is null || time < earliest) earliest = time ?? earliest;
        }

        return earliest;
    }

    private void Watch(TimeSpan now)
    {
        if (State == SerialState.Closed) return;
        if (_turn.TakeLost(now)) _sender.Lose();
        if (State != SerialState.Open) return;

        _sender.Expire(now, _reply);
        if (now - _heardAt < _options.Silence && _sender.Tries <= MaxTries) return;
        Reset(SerialReset.Silent);
        Ending = SerialEnding.Silent;
    }

    /// <summary>The frame to be sent now, the most urgent first.</summary>
    private SerialFrame? Next(TimeSpan now)
    {
        // Where no connection is, nobody has the turn, and one word is answered by one.
        if (!_turn.IsOurs && State != SerialState.Closed) return null;
        if (_reset is { } reset)
        {
            _reset = null;
            return new SerialFrame(SerialKind.Reset, _side, reset.Connection) { Reason = reset.Reason };
        }

        if (_mustSayLast)
        {
            _mustSayLast = false;
            return Report(over: false);
        }

        return State switch
        {
            SerialState.Opening => NextOpen(now),
            SerialState.Open => NextOfConnection(now),
            _ => null,
        };
    }

    private SerialFrame? NextOpen(TimeSpan now)
    {
        if (now < _openDue) return null;
        _openDue = now + _options.OpenEvery;
        return new SerialFrame(SerialKind.Open, _side, Connection) { Speaks = SerialFrame.Version, Over = true };
    }

    private SerialFrame? NextOfConnection(TimeSpan now)
    {
        if (_mustAccept)
        {
            _mustAccept = false;
            return new SerialFrame(SerialKind.Accept, _side, Connection) { Over = true };
        }

        if (_sender.Take() is { } unit)
        {
            return new SerialFrame(unit.IsFinish ? SerialKind.Finish : SerialKind.Data, _side, Connection)
            {
                Number = unit.Number,
                Octets = unit.Octets,
                Report = Told(),
            };
        }

        if (_options.HalfDuplex) return _mustReport || _turn.IsOver(now) ? Report(over: true) : null;
        if (_mustReport) return Report(over: false);
        if (now < Poll) return null;
        _polledAt = now;
        return Report(over: true);
    }

    /// <summary>A side whose octets wait for room asks sooner: the word of it may be lost.</summary>
    private TimeSpan Poll => _sender.IsShut
        ? _polledAt + (2 * _reply.Timeout)
        : (_polledAt > _heardAt ? _polledAt : _heardAt) + _options.KeepAlive;

    private SerialFrame Report(bool over) => new(SerialKind.Ack, _side, Connection) { Report = Told(), Over = over };

    private SerialReport Told()
    {
        var report = _receiver.Report;
        (_mustReport, _toldRoom) = (false, report.Room);
        return report;
    }
}

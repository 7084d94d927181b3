using Tessera.Terminal.Serial.Frames;

namespace Tessera.Terminal.Serial.Ends;

/// <summary>
/// An end of a serial line: octets of the line in and out, octets of a connection in and out, and the time as an argument,
/// which begins anywhere and never goes back (docs/protocols/serial.md).
/// </summary>
public sealed partial class SerialEnd
{
    /// <summary>How often a frame is sent before the line counts as one that it cannot pass.</summary>
    private const int MaxTries = 24;

    private readonly SerialOptions _options;
    private readonly SerialSide _side;
    private readonly SerialFramer _framer = new();
    private readonly SerialTurn _turn;
    private SerialReceiver _receiver = new();
    private SerialSender _sender = new();
    private ReplyTime _reply;
    private TimeSpan _heardAt;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SerialEnd(SerialSide side, SerialOptions options)
    {
        options.Check(nameof(options));
        (_side, _options) = (side, options);
        _reply = NewReplyTime();
        var window = options.TimeOf(2 * SerialFrame.Window * (SerialFrame.MaxLength + FrameOverhead));
        _turn = new SerialTurn(
            options.HalfDuplex, window + TimeSpan.FromMilliseconds(side == SerialSide.Device ? 500 : 1000));
    }

    public SerialState State { get; private set; }

    /// <summary>The connection that is, or was the last.</summary>
    public ushort Connection { get; private set; }

    /// <summary>Why the last connection ended; null before, and while there is one.</summary>
    public SerialEnding? Ending { get; private set; }

    /// <summary>How often something on the line was no frame.</summary>
    public long Damaged => _framer.Damaged;

    /// <summary>Octets that <see cref="Write"/> takes now.</summary>
    public int Room => State == SerialState.Open ? _sender.Room : 0;

    /// <summary>
    /// Octets that <see cref="Read"/> would give; those of a connection that has ended too, until the next begins.
    /// </summary>
    public int Ready => _receiver.Ready;

    /// <summary>Whether the other side has nothing more to say and all of it is here.</summary>
    public bool IsPeerFinished => _receiver.IsFinished;

    /// <summary>A device asks for a connection; one that is there ends.</summary>
    /// <param name="connection">Drawn at random, so that it is no earlier one.</param>
    /// <exception cref="InvalidOperationException">The end is a telephone's.</exception>
    public void Open(ushort connection, TimeSpan now)
    {
        if (_side != SerialSide.Device) throw new InvalidOperationException("Only a device asks for connections.");

        if (State != SerialState.Closed) End(SerialEnding.Left);
        Begin(connection, SerialState.Opening, now);
        _openDue = now;
        _turn.Take(now);
    }

    /// <summary>A telephone gives the connection that it was asked for.</summary>
    /// <returns>False when the device does not want that one any more.</returns>
    public bool Accept(ushort connection, TimeSpan now)
    {
        if (State != SerialState.Asked || Connection != connection) return false;

        (State, _mustAccept, _heardAt) = (SerialState.Open, true, now);
        return true;
    }

    /// <summary>Ends the connection, or refuses it, now: what was not delivered is lost.</summary>
    /// <param name="reason">What the other side is told.</param>
    public void Reset(SerialReset reason)
    {
        if (State == SerialState.Closed) return;

        _reset = (Connection, reason);
        End(SerialEnding.Left);
    }

    /// <returns>How many octets were taken.</returns>
    public int Write(ReadOnlySpan<byte> octets) => State == SerialState.Open ? _sender.Write(octets) : 0;

    /// <returns>How many octets were read.</returns>
    public int Read(Span<byte> octets)
    {
        var length = _receiver.Read(octets);
        _mustReport |= State == SerialState.Open && _toldRoom < SerialFrame.Window / 2
            && _receiver.Report.Room >= SerialFrame.Window / 2;
        return length;
    }

    /// <summary>
    /// Nothing more is written. The connection has ended when all has arrived and the other side has finished too.
    /// </summary>
    public void Finish() => _sender.Finish();

    /// <summary>Takes octets from the line, up to one that begins or ends a connection.</summary>
    /// <returns>How many were taken.</returns>
    public int Hear(ReadOnlySpan<byte> octets, TimeSpan now)
    {
        var (state, connection, at) = (State, Connection, 0);
        while (at < octets.Length && State == state && Connection == connection)
        {
            at += _framer.Read(octets[at..], out var frame);

            // What this side has said itself comes back where light is thrown back, or a cable is wrong.
            if (frame is not null && frame.From != _side) Take(frame, now);
        }

        return at;
    }

    private void Take(SerialFrame frame, TimeSpan now)
    {
        _turn.Hear(now);
        if (frame.Kind == SerialKind.Open) TakeOpen(frame, now);
        else if (State is SerialState.Opening or SerialState.Open && frame.Connection == Connection) TakeOwn(frame, now);
        else if (frame.Kind is not (SerialKind.Reset or SerialKind.Accept) && MayAnswer(frame)) TakeOther(frame);

        if (!frame.Over) return;
        if (_options.HalfDuplex) _sender.Lose();
        else _mustReport |= State == SerialState.Open;
        _turn.Take(now);
    }

    private void TakeOpen(SerialFrame frame, TimeSpan now)
    {
        if (_side == SerialSide.Device) return;
        if (frame.Speaks != SerialFrame.Version)
        {
            _reset = (frame.Connection, SerialReset.Version);
        }
        else if (State == SerialState.Closed || frame.Connection != Connection)
        {
            if (State != SerialState.Closed) End(SerialEnding.Replaced);
            Begin(frame.Connection, SerialState.Asked, now);
        }
        else if (State == SerialState.Open)
        {
            _mustAccept = true;
        }
    }

    private void TakeOwn(SerialFrame frame, TimeSpan now)
    {
        _heardAt = now;
        if (frame.Kind == SerialKind.Reset)
        {
            End(EndingOf(frame.Reason));
            return;
        }

        // Who sends anything else has accepted, though that may not have been heard.
        State = SerialState.Open;
        if (frame.Kind == SerialKind.Accept) return;

        if (frame.Kind is SerialKind.Data or SerialKind.Finish)
        {
            _receiver.Take(frame.Number, frame.Octets, frame.Kind == SerialKind.Finish);
            _mustReport = true;
        }

        _sender.Acknowledge(frame.Report, now, _reply);
        if (!_sender.IsFinished || !_receiver.IsFinished) return;
        _mustSayLast = _mustReport && MayAnswer(frame);
        End(SerialEnding.Finished);
    }

    /// <summary>
    /// A frame of no connection that is: the other side may have missed the last word of one that both finished, or that
    /// this side has started again.
    /// </summary>
    private void TakeOther(SerialFrame frame)
    {
        var isLast = frame.Connection == Connection;
        if (isLast && State == SerialState.Closed && Ending == SerialEnding.Finished) _mustSayLast = true;
        else if (!isLast || State != SerialState.Asked) _reset ??= (frame.Connection, SerialReset.Unknown);
    }

    /// <summary>Who has no turn, because there is no connection, waits at least for the end of the other's.</summary>
    private bool MayAnswer(SerialFrame frame) => frame.Over || !_options.HalfDuplex;

    private void Begin(ushort connection, SerialState state, TimeSpan now)
    {
        (Connection, State, Ending) = (connection, state, null);
        (_receiver, _sender, _reply) = (new SerialReceiver(), new SerialSender(), NewReplyTime());
        (_mustAccept, _mustReport, _mustSayLast, _toldRoom) = (false, false, false, SerialFrame.Window);
        (_heardAt, _polledAt) = (now, now);
    }

    private void End(SerialEnding ending) =>
        (State, Ending, _mustAccept, _mustReport) = (SerialState.Closed, ending, false, false);

    private static SerialEnding EndingOf(SerialReset reason) => reason switch
    {
        SerialReset.Unknown => SerialEnding.Forgotten,
        SerialReset.Unreachable => SerialEnding.Unreachable,
        SerialReset.Silent => SerialEnding.Silent,
        SerialReset.Version => SerialEnding.Version,
        _ => SerialEnding.PeerLeft,
    };

    private ReplyTime NewReplyTime() => new(
        TimeSpan.FromMilliseconds(100) + _options.TimeOf(2 * (SerialFrame.MaxLength + FrameOverhead)));
}

using Tessera.Phone.Sound;

namespace Tessera.Phone.Data;

/// <summary>
/// An end of a line that carries voice and, when one end escapes and the other obeys, data. A pure sample processor:
/// its clock is the samples that it is given.
/// </summary>
public sealed class LineEnd : IDisposable
{
    /// <summary>
    /// People are muted from the escape signal on, but not for longer than this without a hello: 1 s.
    /// </summary>
    private const long MuteBeforeHello = 8000;

    /// <summary>What is added to the time of the slowest hello: 1 s.</summary>
    private const long HelloMargin = 8000;

    /// <summary>A bye that was heard may be said once more behind it: 100 ms at most.</summary>
    private const long AnotherBye = 800;

    private readonly LineOptions _options;
    private readonly EscapeDetector _detector = new();
    private LineSpeaker _speaker;
    private LineListener _listener;
    private LineOpening? _opening;
    private LineTraffic? _traffic;
    private long _now;
    private long _armedUntil;
    private long _listensUntil;
    private long _mutedUntil;
    private long _deafUntil;

    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public LineEnd(LineOptions options)
    {
        options.Check(nameof(options));
        _options = options;
        (_speaker, _listener) = (new LineSpeaker(options.Side), new LineListener(options.Modems, options.Side));
    }

    public LineState State { get; private set; }

    /// <summary>Whether people heard and were heard in the last packet: what they said was left as it was.</summary>
    public bool IsVoice { get; private set; } = true;

    /// <summary>
    /// Whether what was heard in the last packet is for people: not in data, and not while the other end may say bye once
    /// more.
    /// </summary>
    public bool IsHearing { get; private set; } = true;

    /// <summary>Why data ended the last time, or did not begin; null before.</summary>
    public LineEnding? Ending { get; private set; }

    /// <summary>The other end of the data that flows or flowed.</summary>
    public LinePublicKey? Peer => _traffic?.Peer;

    /// <summary>The rung this end speaks on, in data.</summary>
    public LineRung? Rung => State == LineState.Data ? _traffic?.Rung : null;

    /// <summary>How the other end is heard, in dB; 0 when nothing was heard.</summary>
    public double Quality => _traffic?.Quality ?? 0;

    /// <summary>Samples processed so far.</summary>
    public long Now => _now;

    /// <summary>Octets that <see cref="Write"/> takes now.</summary>
    public int Room => State == LineState.Data ? _traffic!.Room : 0;

    /// <summary>
    /// Octets that <see cref="Read"/> would give; those of a link that has ended too, until the next begins.
    /// </summary>
    public int Ready => _traffic?.Ready ?? 0;

    /// <summary>Whether all that was written has arrived at the other end.</summary>
    public bool IsDelivered => _traffic?.IsDelivered ?? true;

    /// <summary>For so long this end obeys the other's escape: its holder has pressed the key.</summary>
    public void Arm(TimeSpan time)
    {
        _armedUntil = _now + AudioBlock.SamplesIn(time);
        if (State == LineState.Voice) State = LineState.Armed;
    }

    /// <summary>Obeys nobody any more. Data that flow flow on.</summary>
    public void Disarm() => _armedUntil = _now;

    /// <summary>Leaves voice: a server says hello, a device asks for it.</summary>
    /// <exception cref="InvalidOperationException">It has left already.</exception>
    public void Escape()
    {
        if (State is LineState.Opening or LineState.Data)
            throw new InvalidOperationException("The end is not in voice.");

        Listen();
        if (_options is LineServerOptions server)
        {
            _opening = new ServerOpening(server, _speaker, signal: true);
        }
        else
        {
            var opening = new DeviceOpening((LineDeviceOptions)_options, _speaker);
            opening.Ask();
            _opening = opening;
        }

        State = LineState.Opening;
    }

    /// <returns>How many octets were taken.</returns>
    public int Write(ReadOnlySpan<byte> octets) => State == LineState.Data ? _traffic!.Write(octets) : 0;

    /// <returns>How many octets were read.</returns>
    public int Read(Span<byte> octets) => _traffic?.Read(octets) ?? 0;

    /// <summary>Nothing more is written: when all has arrived, this end says bye and returns to voice.</summary>
    public void Finish()
    {
        if (State == LineState.Data) _traffic!.Finish();
    }

    /// <summary>
    /// As <see cref="Finish"/>, but a few last octets go with the bye, which is not answered: this end is back in voice
    /// without knowing whether they have arrived.
    /// </summary>
    public void TakeLeave()
    {
        if (State == LineState.Data) _traffic!.TakeLeave();
    }

    /// <summary>Returns to voice now; the other end follows when it misses this one.</summary>
    public void Leave()
    {
        if (State is LineState.Opening or LineState.Data or LineState.Listening) Return(LineEnding.Left);
    }

    /// <summary>The next packet.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="concealed">It was made up in place of a packet that was lost.</param>
    /// <param name="said">
    /// What people say, as many samples; what is sent instead where <see cref="IsVoice"/> is false behind it.
    /// </param>
    /// <exception cref="ArgumentException">Not one packet each.</exception>
    public void Process(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(heard.Length, AudioBlock.Length, nameof(heard));
        ArgumentOutOfRangeException.ThrowIfNotEqual(said.Length, AudioBlock.Length, nameof(said));

        Hear(heard, concealed);
        Advance();
        IsVoice = State is LineState.Voice or LineState.Armed || (State == LineState.Listening && _now >= _mutedUntil);
        IsHearing = IsVoice && _now >= _deafUntil;
        if (State is LineState.Opening or LineState.Data) _speaker.Read(said);
        else if (!IsVoice) said.Clear();
        _now += heard.Length;
    }

    public void Dispose()
    {
        _opening?.Dispose();
        _traffic?.Dispose();
    }

    private void Hear(ReadOnlySpan<short> heard, bool concealed)
    {
        if (State is LineState.Armed or LineState.Listening && _detector.Write(heard)) BeginToListen();
        if (State is LineState.Voice or LineState.Armed)
        {
            HearRest(heard, concealed);
            return;
        }

        foreach (var frame in _listener.Write(heard, concealed))
        {
            switch (State)
            {
                case LineState.Listening:
                    HearFirst(frame);
                    break;
                case LineState.Opening:
                    _opening!.Hear(frame, _now);
                    break;
                case LineState.Data when frame.Kind == FrameKind.Sealed:
                    _traffic!.Hear(frame.Modem, frame.Frame, _now);
                    break;
            }
        }
    }

    /// <summary>Behind the second bye there is voice.</summary>
    private void HearRest(ReadOnlySpan<short> heard, bool concealed)
    {
        if (_now >= _deafUntil) return;
        if (_listener.Write(heard, concealed).Any(frame => frame.Kind == FrameKind.Sealed)) _deafUntil = _now + heard.Length;
    }

    private void BeginToListen()
    {
        if (State == LineState.Armed)
        {
            Listen();
            State = LineState.Listening;
            _mutedUntil = _now + MuteBeforeHello;
        }

        _listensUntil = _now + HelloMargin + _options.Rungs.Max(rung => rung.TimeOf(2 * LineHello.Length));
    }

    /// <summary>The first frame behind an escape signal: a device obeys a hello, a server a request.</summary>
    private void HearFirst(HeardFrame frame)
    {
        if (_options is LineServerOptions server)
        {
            if (frame.Kind == FrameKind.Request && IsGood(frame.Message<LineRequest>()))
                Open(new ServerOpening(server, _speaker, signal: false));
            return;
        }

        var device = new DeviceOpening((LineDeviceOptions)_options, _speaker);
        device.Hear(frame, _now);
        if (device.HasBegun) Open(device);
        else device.Dispose();
    }

    private bool IsGood(LineRequest? request) => request is not null
        && LinePrologue.Verify(_options.Key.PublicKey, _options.Prologue, request.Nonce, request.Seal);

    private void Advance()
    {
        switch (State)
        {
            case LineState.Armed when _now >= _armedUntil:
                State = LineState.Voice;
                break;
            case LineState.Listening when _now >= _listensUntil:
                State = _now < _armedUntil ? LineState.Armed : LineState.Voice;
                break;
            case LineState.Opening:
                AdvanceOpening();
                break;
            case LineState.Data:
                _traffic!.Speak(_now);
                if (_traffic.Check(_now) is { } ending) Return(ending);
                break;
        }
    }

    private void AdvanceOpening()
    {
        if (_opening!.Traffic is { } traffic)
        {
            _traffic = traffic;
            _opening.Dispose();
            _opening = null;
            State = LineState.Data;
            Advance();
            return;
        }

        _opening.Speak(_now);
        if (_opening.Check(_now) is { } ending) Return(ending);
    }

    /// <summary>Modems begin anew: nothing of the voice before is in them, and nothing of older data.</summary>
    private void Listen()
    {
        _speaker = new LineSpeaker(_options.Side);
        _listener = new LineListener(_options.Modems, _options.Side);
    }

    private void Open(LineOpening opening)
    {
        _opening = opening;
        State = LineState.Opening;
    }

    /// <summary>Back to voice. Who was only called by a stranger goes on waiting for the server.</summary>
    private void Return(LineEnding ending)
    {
        Ending = ending;
        _opening?.Dispose();
        _opening = null;
        if (State == LineState.Data)
        {
            _traffic!.Dispose();
            _armedUntil = _now;
            if (ending == LineEnding.PeerFinished) _deafUntil = _now + AudioBlock.Length + AnotherBye;
        }

        State = _now < _armedUntil ? LineState.Armed : LineState.Voice;
    }
}

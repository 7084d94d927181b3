using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// An end in data: frames with their repetition, acknowledgements, signs of life, the choice of the rung and the
/// farewell. Its time is the count of samples.
/// </summary>
/// <param name="quality">How the last message of the handshake was heard, in dB.</param>
/// <param name="start">The time at which the handshake ended here.</param>
internal sealed class LineTraffic(
    LineSecrets secrets, LineLadder ladder, LineSpeaker speaker, bool server, double quality, long start) : IDisposable
{
    /// <summary>What has arrived is acknowledged after 40 ms, unless something to say takes it along before.</summary>
    private const long AcknowledgeAfter = 320;

    /// <summary>Bye is said again while 160 ms have not passed.</summary>
    private const long Farewell = 1280;

    private const int MostByes = 3;
    private const int MostTries = 20;

    /// <summary>Octets that go with a bye: they fit into a frame of any rung.</summary>
    private const int MostLastWords = 48;

    private const int MostFramesOfTurn = 4;
    private const int MostQuality = 99;
    private const int MostUnits = 7;
    private const int Slow = 4800;
    private const double Smoothing = 0.5;

    /// <summary>A quality that is so many dB lower is no chance: the line is another one.</summary>
    private const double Collapse = 6;

    /// <summary>What an answer is waited for at most, where it only tells whether a modem passes: 600 ms.</summary>
    private const long MostWait = 4800;

    private readonly SealedFrames _frames = new(secrets);
    private readonly UnitSender _sender = new();
    private readonly UnitReceiver _receiver = new();
    private readonly RoundTrip _trip = new();
    private readonly LineTurn _turn = new(server);
    private readonly LineProbe _probe = new(start);
    private LineRung _peerRung = ladder.Current;
    private ModemMode _modem = ladder.Current.Modem;

    // The server speaks first and hears the device a whole round trip later: until then it has twice the patience.
    private long _heard = server ? start + ladder.Current.Survived : start;
    private long? _trial;
    private long _waits;
    private long _said = start;
    private long? _acknowledge = server ? start : null;
    private long? _firstBye;
    private ulong? _saying;
    private double _quality = quality;
    private int _units = MostUnits;
    private int _byes;
    private int _framesOfTurn;
    private bool _passing;
    private bool _toldUnheard;
    private bool _isUnheard;
    private bool _known;
    private bool _finishing;
    private bool _takesLeave;
    private (byte Unit, Bytes Octets)? _lastWords;
    private bool _peerLeft;
    private bool _peerFull;

    public LinePublicKey Peer => secrets.Peer;

    /// <summary>The rung this end speaks on.</summary>
    public LineRung Rung => ladder.Current;

    /// <summary>How this end hears the other, in dB.</summary>
    public double Quality => _quality;

    public int Room => _finishing ? 0 : _sender.Room;

    /// <summary>Whether all that was written has arrived.</summary>
    public bool IsDelivered => _sender.IsEmpty;

    public int Ready => _receiver.Ready;

    private bool IsLeaving => _finishing && (_sender.IsEmpty || _lastWords is not null);

    /// <summary>Octets of a frame that are not around others.</summary>
    private int RoomOfFrame => speaker.MaxFrame(Rung) - SealedFrames.Overhead - LineFrame.Overhead;

    private bool HasWork => _sender.HasWork(fresh: !_peerFull);

    /// <summary>What a frame and its answer take beyond the round trip, where frames are long.</summary>
    private long FrameTime => Rung.Rate < Slow ? Rung.TimeOf(speaker.MaxFrame(Rung)) : 0;

    public int Write(ReadOnlySpan<byte> octets) => _finishing ? 0 : _sender.Write(octets);

    public int Read(Span<byte> octets) => _receiver.Read(octets);

    /// <summary>Nothing more is written; when all has arrived, bye.</summary>
    public void Finish() => _finishing = true;

    /// <summary>
    /// Nothing more is written, and the end of it goes with the bye: who leaves does not wait to hear that it has arrived.
    /// </summary>
    public void TakeLeave() => _finishing = _takesLeave = true;

    /// <summary>The handshake showed how long an answer takes.</summary>
    public void Observe(long samples) => _trip.Observe(samples);

    /// <summary>Takes a sealed frame.</summary>
    /// <returns>Whether it was the peer's and new.</returns>
    public bool Hear(ModemMode modem, ModemFrame heard, long now)
    {
        if (_frames.Open(heard.Payload) is not { } frame) return false;

        (_heard, _toldUnheard, _isUnheard, _trial) = (now, false, frame.Quality == 0, null);
        var isSame = modem == _modem && heard.Quality > _quality - Collapse;
        _quality = isSame ? _quality + (Smoothing * (heard.Quality - _quality)) : heard.Quality;
        _modem = modem;
        var before = Rung;
        _peerRung = ladder.Hear(modem, heard.Quality, frame.Quality > 0, now) ?? _peerRung;
        ladder.Report(frame.Quality);
        Follow(before, heard: true, now);
        if (_peerRung.TakesTurns) _turn.Hear(frame.Signs.HasFlag(FrameSigns.Over), now);
        _peerFull = frame.Signs.HasFlag(FrameSigns.Full);
        var told = _sender.Acknowledge(frame.Next, frame.Heard, now, _trip);
        Judge(told.Arrived, told.Lost, now);
        if (!_known) _acknowledge ??= now;
        _known = true;
        if (frame.Signs.HasFlag(FrameSigns.Data))
        {
            _receiver.Accept(frame.Unit, frame.Octets);
            _acknowledge ??= now;
        }

        _peerLeft |= frame.Signs.HasFlag(FrameSigns.Bye) && _receiver.HasAll(frame);
        return true;
    }

    /// <summary>Gives the speaker what must be said, if it is free.</summary>
    public void Speak(long now)
    {
        if (!speaker.IsIdle) return;

        Said(now);
        Judge(0, _sender.Expire(now, FrameTime, _trip), now);
        if (now < _waits || (Rung.TakesTurns && !HasTurn(now))) return;

        if (_takesLeave) TakeLastWords();
        if (IsProbeDue(now)) SayProbe(now);
        else if (IsLeaving && !HasSaidBye(now)) SayBye(now);
        else if (HasWork && !IsTroubled(now)) SayData(now);
        else if (IsDue(now)) Say(FrameSigns.None, now);
    }

    /// <summary>Whether this end goes back to voice, and why.</summary>
    public LineEnding? Check(long now)
    {
        if (Rung.TakesTurns && !speaker.IsIdle) _heard = Math.Min(now, _heard + AudioBlock.Length);
        if (_peerLeft) return IsLeaving ? LineEnding.Finished : LineEnding.PeerFinished;
        if (_firstBye is not null && speaker.IsIdle && HasSaidBye(now)) return LineEnding.Finished;
        if (_frames.IsSpent || _sender.Tries > MostTries) return LineEnding.Unusable;
        return IsSilent(now) ? LineEnding.Silence : null;
    }

    public void Dispose() => _frames.Dispose();

    /// <summary>Whether nothing is heard any more, by none of the modems that were worth a trial.</summary>
    private bool IsSilent(long now)
    {
        if (IsUnheard(now)) ladder.Report(0);
        var survived = _heard + Math.Max(Rung.Survived, _peerRung.Survived);
        if (now <= (_trial ?? Math.Max(survived, ladder.Settled))) return false;
        if (!_known) return true;

        var before = Rung;
        if (!ladder.Fall()) return _trial is not null || now - _heard > Math.Max(Rung.GiveUp, _peerRung.GiveUp);
        Follow(before, heard: false, now);
        _trial = now + Rung.Trial;
        _sender.GiveUp();
        return false;
    }

    /// <summary>What a change of the modem brings with it.</summary>
    /// <param name="heard">The other end is heard.</param>
    private void Follow(LineRung before, bool heard, long now)
    {
        if (Rung.Modem == before.Modem) return;
        if (Rung.Rate > before.Rate) _probe.Rise(now);
        else _probe.Fall(now, heard);
        if (Rung.TakesTurns) _turn.Begin(now);
        (_passing, _framesOfTurn, _units) = (false, 0, MostUnits);
        _acknowledge ??= now - AcknowledgeAfter;
    }

    private bool IsProbeDue(long now) =>
        server && _known && _trial is null && !IsLeaving && ladder.HasFaster && _probe.IsDue(now);

    /// <summary>A sign of life by a faster modem. Who hears it answers by that modem, and so both are there.</summary>
    private void SayProbe(long now)
    {
        var rung = ladder.NextProbe()!;
        _probe.Said(now);
        _waits = now + rung.Sign + Math.Min(_trip.Timeout, MostWait);
        (_saying, _passing) = (_frames.Number, false);
        speaker.Say(rung, _frames.Seal(new LineFrame(
            FrameSigns.None, _receiver.Next, (byte)Math.Clamp((int)Math.Round(_quality), 1, MostQuality),
            Bytes.Empty, 0, Bytes.Empty)));
    }

    /// <summary>What was being said has left.</summary>
    private void Said(long now)
    {
        if (_saying is not { } number) return;

        _sender.Sent(number, now);
        (_saying, _said) = (null, now);
        if (!_passing) return;
        _turn.Pass(now);
        (_passing, _framesOfTurn) = (false, 0);
    }

    /// <summary>
    /// What became of frames of data. Where frames are long in time, shorter ones are lost less often.
    /// </summary>
    private void Judge(int arrived, int lost, long now)
    {
        var before = Rung;
        ladder.Lose(lost, now);
        Follow(before, heard: true, now);
        ladder.Arrive(arrived);
        if (lost > 0) _units = Math.Max(1, _units / 2);
        else _units = Math.Min(MostUnits, _units + arrived);
    }

    /// <summary>Where frames are long in time a bye is said once: there nothing goes with it.</summary>
    private void TakeLastWords()
    {
        if (_lastWords is null && FrameTime == 0 && !_peerFull && _sender.IsLastFrame(MostLastWords))
            _lastWords = _sender.Take(_frames.Number, MostLastWords, fresh: true);
    }

    private bool HasSaidBye(long now) => _byes == MostByes || now - _firstBye >= Farewell;

    private bool HasTurn(long now)
    {
        var patience = _trial is null
            ? Math.Min(_trip.Timeout + (2 * FrameTime), Rung.GiveUp / 3)
            : Math.Min(_trip.Timeout, MostWait) + (2 * Rung.Sign);
        _turn.Check(now, patience);
        return _turn.IsMine;
    }

    /// <summary>Whether an end does not hear or is not heard: then signs of life go, and no data.</summary>
    private bool IsTroubled(long now) => _isUnheard || _trial is not null || IsUnheard(now);

    private bool IsUnheard(long now) => now - _heard >= Math.Max(Rung.Unheard, _peerRung.Unheard);

    private bool IsDue(long now)
    {
        if (now - _acknowledge >= AcknowledgeAfter) return true;
        if (now - _said >= (IsTroubled(now) ? Rung.KeepTrying : Rung.KeepAlive)) return true;
        if (Rung.TakesTurns && _turn.HasHeld(now)) return true;
        return !_toldUnheard && IsUnheard(now);
    }

    private void SayBye(long now)
    {
        _byes++;
        _firstBye ??= now;
        if (_lastWords is var (unit, octets)) Say(FrameSigns.Bye | FrameSigns.Data, now, Bytes.Empty, unit, octets);
        else Say(FrameSigns.Bye, now);
    }

    private void SayData(long now)
    {
        var heard = HeardIn(UnitSender.UnitLength);
        var room = RoomOfFrame - heard.Length;
        if (FrameTime > 0) room = Math.Min(room, _units * UnitSender.UnitLength);
        if (_sender.Take(_frames.Number, room, fresh: !_peerFull) is { } taken)
            Say(FrameSigns.Data, now, heard, taken.Unit, taken.Octets);
    }

    private void Say(FrameSigns signs, long now) => Say(signs, now, HeardIn(0), 0, Bytes.Empty);

    private void Say(FrameSigns signs, long now, Bytes heard, byte unit, Bytes octets)
    {
        if (_receiver.IsFull) signs |= FrameSigns.Full;
        _framesOfTurn++;
        _passing = Rung.TakesTurns && (!HasWork || IsTroubled(now) || _framesOfTurn >= MostFramesOfTurn);
        if (_passing) signs |= FrameSigns.Over;

        _toldUnheard = IsUnheard(now);
        var hears = _toldUnheard ? 0 : Math.Clamp((int)Math.Round(_quality), 1, MostQuality);
        _saying = _frames.Number;
        _acknowledge = null;
        speaker.Say(Rung, _frames.Seal(new LineFrame(signs, _receiver.Next, (byte)hears, heard, unit, octets)));
    }

    /// <summary>What was heard, as far as a frame has place for it beside so many octets.</summary>
    private Bytes HeardIn(int octets)
    {
        var heard = _receiver.Heard.Memory;
        heard = heard[..Math.Clamp(RoomOfFrame - octets, 0, heard.Length)];
        while (!heard.IsEmpty && heard.Span[^1] == 0) heard = heard[..^1];
        return new Bytes(heard);
    }
}

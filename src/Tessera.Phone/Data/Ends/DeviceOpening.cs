using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// The device's way into data: it answers hellos of its server, and waits for the first frame that proves it.
/// </summary>
internal sealed class DeviceOpening(LineDeviceOptions options, LineSpeaker speaker) : LineOpening
{
    private const int MostHellos = 8;
    private const int MostRequests = 3;
    private const int MostQuality = 99;

    /// <summary>
    /// What the server has to prove itself, beside the time of its frame: 1.5 s; and to hear a request.
    /// </summary>
    private const long Patience = 12000;

    private readonly LineResponder _responder = new(options.Key, options.Server, options.Prologue);
    private LineHello? _hello;
    private LineRung? _rung;
    private LineTraffic? _traffic;
    private Bytes _reply;
    private long? _deadline;
    private long? _left;
    private int _hellos;
    private int _requests;
    private bool _asks;

    /// <summary>Whether a hello of the server was heard, or one was asked for.</summary>
    public bool HasBegun => _rung is not null;

    /// <summary>Asks the server for its hello, on the first rung of the fastest modem.</summary>
    public void Ask() => (_asks, _rung) = (true, options.Find(options.Modems[^1].Hellos[0]));

    public override void Hear(HeardFrame heard, long now)
    {
        if (heard.Kind == FrameKind.Hello && heard.Message<LineHello>() is { } hello) Hear(hello, heard, now);
        if (heard.Kind != FrameKind.Sealed || _traffic?.Hear(heard.Modem, heard.Frame, now) != true) return;
        if (_left is { } left) _traffic.Observe(now - left);
        (Traffic, _traffic) = (_traffic, null);
    }

    public override void Speak(long now)
    {
        if (!speaker.IsIdle || _rung is null) return;
        if (_asks && _requests < MostRequests && (_requests == 0 || now >= _deadline))
        {
            _requests++;
            speaker.Signal();
            speaker.Say(_rung, FrameKind.Request, Bytes.Of(LineRequest.For(options.Server, options.Prologue)));
            _deadline = null;
            return;
        }

        _left ??= now;
        _deadline ??= now + Patience + _rung.TimeOf(2 * LineReply.Length);
    }

    public override LineEnding? Check(long now)
    {
        if (_deadline is null || now < _deadline || !speaker.IsIdle || (_asks && _requests < MostRequests)) return null;
        return _asks ? LineEnding.NoAnswer : LineEnding.NoProof;
    }

    public override void Dispose() => _traffic?.Dispose();

    private void Hear(LineHello hello, HeardFrame heard, long now)
    {
        if (!speaker.IsIdle) return;
        if (hello != _hello && !TryAnswer(hello, heard, now)) return;

        (_deadline, _left, _asks) = (null, null, false);
        speaker.Say(_rung!, FrameKind.Reply, _reply);
    }

    private bool TryAnswer(LineHello hello, HeardFrame heard, long now)
    {
        if (_hellos >= MostHellos) return false;
        if (options.Find(hello.Rung) is not { } rung || rung.Modem != heard.Modem) return false;

        var quality = (byte)Math.Clamp((int)Math.Round(heard.Frame.Quality), 1, MostQuality);
        var payload = new ReplyPayload(options.RungBits, quality);
        if (_responder.Answer(hello, payload, options.DrawKey()) is not var (reply, secrets)) return false;

        _hellos++;
        _traffic?.Dispose();
        var ladder = new LineLadder(options.Rungs.Where(known => (known.Bit & hello.Rungs) != 0), rung);
        _traffic = new LineTraffic(secrets, ladder, speaker, server: false, heard.Frame.Quality, now);
        (_hello, _rung, _reply) = (hello, rung, Bytes.Of(reply));
        return true;
    }
}

namespace Tessera.Phone.Data;

/// <summary>The server's way into data: it says hello, rung by rung, until a device that may do so answers.</summary>
/// <param name="signal">Each hello follows an escape signal; a device that has asked for it needs none.</param>
internal sealed class ServerOpening(LineServerOptions options, LineSpeaker speaker, bool signal) : LineOpening
{
    private const int MostReplies = 16;

    /// <summary>
    /// What a device and a line of 100 ms take to answer, beside the time of the reply: 300 ms. Replies to each of the
    /// attempts on a rung are good, so a slower line only hears more of them.
    /// </summary>
    private const long Patience = 2400;

    /// <summary>What the last attempt on a rung waits longer, for lines of 400 ms.</summary>
    private const long MorePatience = 6400;

    private readonly LineRung[] _attempts = options.AttemptRungs;
    private LineInitiator? _initiator;
    private LineRung? _rung;
    private long? _deadline;
    private long? _left;
    private int _next;
    private int _replies;

    public override void Hear(HeardFrame heard, long now)
    {
        if (Traffic is not null || heard.Kind != FrameKind.Reply || heard.Modem != _rung?.Modem) return;
        if (heard.Message<LineReply>() is not { } reply || ++_replies > MostReplies) return;
        if (_initiator?.Accept(reply, options.Allows) is not { } secrets) return;

        var rungs = options.Rungs.Where(rung => (rung.Bit & secrets.PeerRungs) != 0);
        var ladder = new LineLadder(rungs, _rung);
        if (secrets.Quality > 0) ladder.Report(secrets.Quality);
        Traffic = new LineTraffic(secrets, ladder, speaker, server: true, heard.Frame.Quality, now);
        if (_left is { } left) Traffic.Observe(now - left);
    }

    public override void Speak(long now)
    {
        if (!speaker.IsIdle) return;
        if (_rung is not null)
        {
            _left ??= now;
            var isLast = _next == _attempts.Length || _attempts[_next] != _rung;
            _deadline ??= now + Patience + (isLast ? MorePatience : 0) + _rung.TimeOf(LineReply.Length);
            if (now < _deadline) return;
        }

        if (_next < _attempts.Length) SayHello(_attempts[_next++]);
    }

    public override LineEnding? Check(long now) =>
        _next == _attempts.Length && now >= _deadline && speaker.IsIdle ? LineEnding.NoAnswer : null;

    public override void Dispose() => _initiator?.Dispose();

    private void SayHello(LineRung rung)
    {
        if (rung != _rung)
        {
            _initiator?.Dispose();
            _initiator = new LineInitiator(
                options.Key, options.Prologue, rung.Number, options.RungBits, options.DrawKey());
            (_rung, _replies) = (rung, 0);
        }

        (_deadline, _left) = (null, null);
        if (signal) speaker.Signal();
        speaker.Say(rung, FrameKind.Hello, Wire.Bytes.Of(_initiator!.Hello));
    }
}

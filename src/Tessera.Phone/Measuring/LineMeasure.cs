using System.Runtime.InteropServices;
using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>
/// An end of a call that is measured: the caller asks for it and sends its probe, the answerer sends its own when it
/// has heard that, and both tell each other what they found. A pure sample processor: its clock is its samples.
/// </summary>
/// <param name="side">The caller begins.</param>
/// <param name="jitter">How unevenly packets come here, where there are packets.</param>
public sealed class LineMeasure(CallSide side, Func<TimeSpan>? jitter = null)
{
    private const int MostAttempts = 3;

    /// <summary>What an answer is waited for, beside what it takes to say it by tones: 1.5 s, 5 s.</summary>
    private const long QuickAnswer = 12000;
    private const long SlowAnswer = 40000;

    /// <summary>How long an end listens for a probe that does not come: 4 s, the caller 12.8 s.</summary>
    private const long Patience = 32000;

    /// <summary>How often the sound is searched: each 0.5 s.</summary>
    private const int SearchEach = 4000;

    /// <summary>Samples behind the probe that are analysed with it.</summary>
    private const int Tail = 1600;

    /// <summary>An answerer that has all hears a report that is said again, for 6 s.</summary>
    private const long Linger = 48000;

    private readonly MeasureTalk _talk = new(side);
    private readonly List<short> _sound = [];
    private readonly List<bool> _concealed = [];
    private Step _step = side == CallSide.Caller ? Step.Ask : Step.Wait;
    private long _now;
    private long _listened;
    private long _began;
    private long? _deadline;
    private int _attempts;
    private int _said;
    private int _searched;
    private int? _first;

    private enum Step
    {
        /// <summary>The caller asks, and waits for the other to be ready.</summary>
        Ask,

        /// <summary>The answerer waits to be asked.</summary>
        Wait,

        /// <summary>It hears the probe of the other.</summary>
        Listen,

        /// <summary>It says its own.</summary>
        Probe,

        /// <summary>The caller waits for what the answerer found.</summary>
        Await,

        /// <summary>It tells what it found until that is answered.</summary>
        Report,

        /// <summary>The answerer has all, and answers what is said again.</summary>
        Linger,

        Over,
    }

    /// <summary>What this end found of what it heard; null until then.</summary>
    public LineReport? Found { get; private set; }

    /// <summary>What the other end told; null if it could not.</summary>
    public LineReport? Told { get; private set; }

    /// <summary>There and back, jitter buffers and all; null where a probe was not heard.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Whether nothing more happens.</summary>
    public bool IsOver => _step == Step.Over;

    /// <summary>Whether it knows all that it can know; an answerer may still be asked to say it again.</summary>
    public bool IsDone => _step is Step.Over or Step.Linger;

    /// <summary>The next packet.</summary>
    /// <param name="concealed">What was heard was made up in place of a packet that was lost.</param>
    public void Process(ReadOnlySpan<short> heard, bool concealed, Span<short> said)
    {
        foreach (var message in _talk.Hear(heard, concealed)) Take(message);
        if (_step == Step.Listen)
        {
            _sound.AddRange(heard);
            _concealed.Add(concealed);
            Search();
        }

        Speak();
        if (_step == Step.Probe) SayProbe(said);
        else _talk.Read(said);
        _now += heard.Length;
    }

    private void Take(MeasureMessage message)
    {
        switch (message.Kind)
        {
            case MeasureKind.Begin when side == CallSide.Answerer && _step is Step.Wait or Step.Listen && _talk.IsIdle:
                _talk.Say(new MeasureMessage(MeasureKind.Ready), _attempts++);
                Listen(_now);
                break;
            case MeasureKind.Ready when _step == Step.Ask:
                Enter(Step.Probe);
                break;
            case MeasureKind.Report when side == CallSide.Caller && _step is Step.Await or Step.Listen:
                Told = message.Report;
                if (_step == Step.Await) Settle();
                break;
            case MeasureKind.Report when side == CallSide.Answerer && _step is Step.Report or Step.Linger:
                Told = message.Report;
                if (Told!.Time > 0) RoundTrip = AudioBlock.TimeOf(Told.Time);
                if (_step == Step.Report) Enter(Step.Linger);
                if (_talk.IsIdle) _talk.Say(new MeasureMessage(MeasureKind.Thanks), _attempts++);
                break;
            case MeasureKind.Thanks when side == CallSide.Caller && _step == Step.Report:
                Enter(Step.Over);
                break;
        }
    }

    private void Speak()
    {
        if (!_talk.IsIdle) return;
        switch (_step)
        {
            case Step.Ask or Step.Report:
                _deadline ??= _attempts == 0 ? _now : _now + (_attempts == 1 ? QuickAnswer : SlowAnswer);
                if (_now < _deadline) return;
                if (_attempts == MostAttempts) Enter(Step.Over);
                else Say(_step == Step.Ask ? new MeasureMessage(MeasureKind.Begin) : Report());
                break;
            case Step.Await or Step.Linger:
                _deadline ??= _now + (_step == Step.Await ? MostAttempts * SlowAnswer : Linger);
                if (_now < _deadline) return;
                if (_step == Step.Await) Settle();
                else Enter(Step.Over);
                break;
        }
    }

    private void Say(MeasureMessage message)
    {
        _talk.Say(message, _attempts++);
        _deadline = null;
    }

    private MeasureMessage Report() => new(MeasureKind.Report, Found);

    private void Enter(Step step) => (_step, _deadline, _attempts) = (step, null, 0);

    private void Listen(long from)
    {
        (_step, _listened) = (Step.Listen, from);
        _sound.Clear();
        _concealed.Clear();
        (_searched, _first) = (0, null);
    }

    private void SayProbe(Span<short> said)
    {
        var probe = Measuring.Probe.Of(side);
        if (_said == 0) _began = _now;
        probe.Slice(_said, said.Length).CopyTo(said);
        _said += said.Length;
        if (_said < probe.Length) return;
        if (side == CallSide.Answerer) Enter(Step.Report);
        else Listen(_now + said.Length);
    }

    private void Search()
    {
        var sound = CollectionsMarshal.AsSpan(_sound);
        var row = Measuring.Probe.Trainings * AudioBlock.Length;
        if (_first is null && _sound.Count >= _searched + SearchEach + (2 * row))
        {
            _first = ProbeSearch.Find(sound, _searched, _searched + SearchEach, Measuring.Probe.Trainings);
            _searched += SearchEach;
        }

        var behind = Measuring.Probe.Length - (Measuring.Probe.Silence * AudioBlock.Length) + Tail;
        var wait = side == CallSide.Caller ? 2 * Patience + Measuring.Probe.Length : Patience + Tail;
        if (_first is { } first ? _sound.Count < first + behind : _sound.Count < wait) return;

        var sender = side == CallSide.Caller ? CallSide.Answerer : CallSide.Caller;
        Found = _first is { } begin ? ProbeAnalysis.Of(sound, _concealed, begin, sender) : new LineReport();

        // As it is told: both ends know the same.
        Found = Bytes.Of(Found with { Jitter = jitter?.Invoke().TotalMilliseconds ?? 0 }).Read<LineReport>();
        if (side == CallSide.Answerer)
        {
            // The first sample of the own probe is the first of this packet.
            if (_first is { } place) Found = Found with { Time = (uint)(_now - Start(place)) };
            Enter(Step.Probe);
        }
        else
        {
            Enter(Step.Await);
            if (Told is not null) Settle();
        }
    }

    /// <summary>The caller has heard all that it will hear.</summary>
    private void Settle()
    {
        if (_first is { } first && Told is { Time: > 0 and var turned } && Start(first) - _began > turned)
        {
            var samples = Start(first) - _began - turned;
            RoundTrip = AudioBlock.TimeOf(samples);
            Found = Found! with { Time = (uint)samples };
        }

        Enter(Step.Report);
    }

    /// <summary>When the probe began whose first training symbol is at that place of the sound.</summary>
    private long Start(int place) => _listened + place - (Measuring.Probe.Silence * AudioBlock.Length);
}

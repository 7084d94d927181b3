using System.Globalization;
using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// Listens to both directions of a call and tells what goes on: voice, the escape from it, the opening, data, voice
/// again (docs/protocols/line.md §3 to §5). It has no keys: what is sealed it counts and cannot read.
/// </summary>
/// <remarks>Not thread-safe; driven by blocks of 20 ms.</remarks>
/// <param name="note">Told what happened, in words.</param>
internal sealed class LineWatch(Action<string> note)
{
    /// <summary>After an escape signal that nobody follows up, so long until it is voice again.</summary>
    private static readonly int MostOpening = AudioBlock.SamplesIn(TimeSpan.FromSeconds(4));

    private readonly Ear _out = new(CallSide.Answerer);
    private readonly Ear _in = new(CallSide.Caller);
    private long _now;
    private long _until;
    private long _begun;
    private (long Out, long In) _before;

    public LineUse Use { get; private set; } = LineUse.Voice;

    /// <summary>What data goes by in that direction, in words; empty in voice.</summary>
    public string ModemOf(LineDirection direction) => EarOf(direction).Words;

    /// <summary>Octets of the frames of data that were heard in that direction.</summary>
    public long OctetsOf(LineDirection direction) => EarOf(direction).Octets;

    /// <summary>20 ms went by, and both directions were heard.</summary>
    public void Tick()
    {
        _now += AudioBlock.Length;
        if (Use != LineUse.Voice && _now >= _until) Return();
    }

    /// <summary>The next 20 ms of one direction.</summary>
    /// <param name="concealed">Samples made up in place of a lost packet.</param>
    public void Hear(LineDirection direction, ReadOnlySpan<short> block, bool concealed)
    {
        var ear = EarOf(direction);
        if (ear.Escape.Write(block) && Use is LineUse.Voice or LineUse.Escape)
        {
            if (Use == LineUse.Voice) Listen();
            note($"Escape signal {From(direction)}.");
        }

        if (Use == LineUse.Voice) return;
        foreach (var (modem, receiver) in ear.Receivers)
        {
            receiver.Write(block, concealed);
            while (receiver.TryRead(out var frame)) Take(direction, modem, frame);
        }
    }

    private void Take(LineDirection direction, LineModem modem, ModemFrame frame)
    {
        if (frame.Payload.Length == 0) return;
        var ear = EarOf(direction);
        var kind = frame.Payload.Span[0] >> 4;
        var silence = modem.Rungs.Max(rung => rung.Silence);
        switch ((Kind)kind)
        {
            case Kind.Request or Kind.Hello or Kind.Reply when Use != LineUse.Data:
                if (Use == LineUse.Opening && ear.Last == (Kind)kind) break;
                (Use, ear.Last) = (LineUse.Opening, (Kind)kind);
                note($"{(Kind)kind} {From(direction)}, by {Words(modem, frame)}.");
                _until = Math.Max(_until, _now + MostOpening + AudioBlock.SamplesIn(silence));
                break;
            case Kind.Sealed:
                if (Use != LineUse.Data) (_begun, _before) = (_now, (_out.Octets, _in.Octets));
                Use = LineUse.Data;
                ear.Octets += frame.Payload.Length;
                var words = Words(modem, frame);
                if (!string.Equals(ear.Words, words, StringComparison.Ordinal)) note($"Data {From(direction)} by {words}.");
                ear.Words = words;
                _until = _now + AudioBlock.SamplesIn(silence);
                break;
        }
    }

    private void Listen()
    {
        (Use, _until) = (LineUse.Escape, _now + MostOpening);
        foreach (var ear in new[] { _out, _in }) ear.Listen();
    }

    private void Return()
    {
        note(Use == LineUse.Data
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Voice again after {Seconds:0.0} s: {_out.Octets - _before.Out} octets out, {_in.Octets - _before.In} in.")
            : "Voice again: nobody went to data.");
        Use = LineUse.Voice;
        foreach (var ear in new[] { _out, _in }) ear.Rest();
    }

    private double Seconds => AudioBlock.TimeOf(_now - _begun).TotalSeconds;

    private Ear EarOf(LineDirection direction) => direction == LineDirection.Out ? _out : _in;

    private static string From(LineDirection direction) => direction == LineDirection.Out ? "of the house" : "of the service";

    private static string Words(LineModem modem, ModemFrame frame)
    {
        var rung = frame.Constellation is { } points ? modem.Rungs[(int)points] : modem.Rungs[0];
        var name = (modem.Mode, frame.Constellation) switch
        {
            (_, Constellation.Qpsk) => "QPSK bursts",
            (_, Constellation.Qam16) => "16-QAM bursts",
            (_, Constellation.Qam64) => "64-QAM bursts",
            (_, Constellation.Qam256) => "256-QAM bursts",
            (ModemMode.V21, _) => "V.21",
            (ModemMode.V23, _) => "V.23",
            (ModemMode.Bell202, _) => "Bell 202",
            _ => "tones",
        };
        return $"{name} (rung {rung.Number})";
    }

    /// <summary>The high half of the first octet of a frame (docs/protocols/line.md §4.4).</summary>
    private enum Kind
    {
        Request = 1,
        Hello = 2,
        Reply = 3,
        Sealed = 4,
    }

    /// <summary>What listens to one direction.</summary>
    /// <param name="side">Of who would hear it: the device is the caller, the server the answerer.</param>
    private sealed class Ear(CallSide side)
    {
        public EscapeDetector Escape { get; } = new();

        /// <summary>None in voice: nobody speaks there whom they could hear.</summary>
        public IReadOnlyList<(LineModem Modem, IModemReceiver Receiver)> Receivers { get; private set; } = [];

        public Kind? Last { get; set; }

        public string Words { get; set; } = "";

        public long Octets { get; set; }

        public void Listen() =>
            Receivers = [.. LineModems.All.Select(modem => (modem, modem.CreateReceiver(side)))];

        public void Rest() => (Receivers, Last, Words) = ([], null, "");
    }
}

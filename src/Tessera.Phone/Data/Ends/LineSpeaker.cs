using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>What an end says while it is not in voice: an escape signal and frames, one after the other.</summary>
internal sealed class LineSpeaker(CallSide side)
{
    private readonly Dictionary<byte, IModemSender> _senders = [];
    private readonly Queue<Bytes> _frames = new();
    private EscapeSignal? _signal;
    private IModemSender? _current;

    public bool IsIdle => _signal is null && _frames.Count == 0 && _current is null or { IsIdle: true };

    public void Signal() => _signal = new EscapeSignal();

    /// <summary>Octets of the longest frame on a rung.</summary>
    public int MaxFrame(LineRung rung) => Math.Min(rung.LongestFrame, Sender(rung).MaxFrame);

    /// <summary>Says frames behind each other; only an idle speaker changes the rung.</summary>
    public void Say(LineRung rung, params IEnumerable<Bytes> frames)
    {
        _current = Sender(rung);
        foreach (var frame in frames) _frames.Enqueue(frame);
    }

    /// <summary>Says a message of the handshake, in as many frames as it takes.</summary>
    public void Say(LineRung rung, FrameKind kind, Bytes message) =>
        Say(rung, HandshakeParts.Split(kind, message, MaxFrame(rung)));

    public void Read(Span<short> samples)
    {
        if (_signal is not null)
        {
            _signal.Read(samples);
            if (_signal.IsOver) _signal = null;
            return;
        }

        if (_current is { IsIdle: true } && _frames.TryDequeue(out var frame)) _current.Send(frame);
        if (_current is null) samples.Clear();
        else _current.Read(samples);
    }

    private IModemSender Sender(LineRung rung)
    {
        if (!_senders.TryGetValue(rung.Number, out var sender))
            _senders[rung.Number] = sender = rung.CreateSender(side);
        return sender;
    }
}

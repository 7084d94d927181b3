using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>
/// Messages between two ends that measure: first by Bell 202, which is quick, then by tones, which pass everywhere. It
/// hears both.
/// </summary>
internal sealed class MeasureTalk(CallSide side)
{
    private static readonly LineModem[] Modems = [LineModems.Bell202, LineModems.Tones];

    private readonly IModemSender[] _senders = [.. Modems.Select(modem => modem.Rungs[0].CreateSender(side))];
    private readonly IModemReceiver[] _receivers = [.. Modems.Select(modem => modem.CreateReceiver(side))];
    private IModemSender? _speaking;

    /// <summary>Whether all has been said.</summary>
    public bool IsIdle => _speaking is null or { IsIdle: true };

    /// <param name="attempt">From 0: the first goes by the quick modem.</param>
    public void Say(MeasureMessage message, int attempt)
    {
        _speaking = _senders[Math.Min(attempt, _senders.Length - 1)];
        _speaking.Send(Bytes.Of(message));
    }

    public void Read(Span<short> said)
    {
        if (_speaking is null) said.Clear();
        else _speaking.Read(said);
    }

    /// <summary>The messages that end in this packet; what anybody else may say is none.</summary>
    public IEnumerable<MeasureMessage> Hear(ReadOnlySpan<short> heard, bool concealed)
    {
        var messages = new List<MeasureMessage>();
        foreach (var receiver in _receivers)
        {
            receiver.Write(heard, concealed);
            while (receiver.TryRead(out var frame))
            {
                if (TryRead(frame.Payload) is { } message) messages.Add(message);
            }
        }

        return messages;
    }

    private static MeasureMessage? TryRead(Bytes frame)
    {
        try
        {
            return frame.Read<MeasureMessage>();
        }
        catch (WireFormatException)
        {
            // A frame of the probe, or of a link: not said to this end.
            return null;
        }
    }
}

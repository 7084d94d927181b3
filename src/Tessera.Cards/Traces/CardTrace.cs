using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>
/// Follows what is said to a card and tells every exchange in words: it knows what is selected on each channel, puts
/// chains and long answers together, and hides what is secret.
/// </summary>
/// <remarks>One exchange at a time, as with every card.</remarks>
/// <param name="told">Gets each entry when it is whole; called one at a time.</param>
/// <param name="time">Whose clock the entries carry.</param>
public sealed class CardTrace(Action<TraceEntry> told, TimeProvider time)
{
    /// <summary>Logical channels, 0 to 19, and class A0 of a SIM, which selects apart from them.</summary>
    private const int OfSim = 20;

    private readonly HashSet<ushort> _internalFiles = [];
    private readonly TracedChannel?[] _channels = new TracedChannel?[OfSim + 1];
    private long _number;

    /// <summary>The clock at the beginning of an exchange, for its end.</summary>
    public (DateTimeOffset At, long Stamp) Begin() => (time.GetUtcNow(), time.GetTimestamp());

    /// <summary>The card was powered or reset.</summary>
    public void Reset(Bytes atr)
    {
        Array.Clear(_channels);
        told(new TracedReset(++_number, time.GetUtcNow(), atr));
    }

    /// <summary>The end of an exchange.</summary>
    /// <param name="answer">Null where the card gave none.</param>
    public void End((DateTimeOffset At, long Stamp) begun, CommandApdu command, ResponseApdu? answer)
    {
        var took = time.GetElapsedTime(begun.Stamp);
        var number = command.Cla == ApduWords.SimClass ? OfSim : ApduWords.ChannelOf(command.Cla);
        var channel = _channels[number] ??= new TracedChannel(_internalFiles);
        var asked = channel.Ask(command);
        var answered = answer is null ? null : channel.Answer(command, answer);
        told(new TracedExchange(++_number, begun.At, took, asked, answered));
    }
}

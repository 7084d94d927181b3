using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>The eight timers of TIMER MANAGEMENT (ETSI TS 102 223 §6.4.21).</summary>
/// <param name="expired">Called with the timer and how long it ran.</param>
internal sealed class ToolkitTimers(Alarms alarms, Func<byte, TimeSpan, Task> expired)
{
    public const byte Start = 0x00;
    public const byte Count = 8;

    private const byte Deactivate = 0x01;
    private const byte Read = 0x02;

    private readonly Alarm?[] _running = new Alarm?[Count + 1];

    /// <exception cref="WireFormatException">No such timer, or a value that is no time.</exception>
    public TerminalResponse Manage(ProactiveCommand command)
    {
        var identifier = command.Find(ObjectTag.TimerIdentifier);
        if (identifier is not { Length: 1 } value || value.Span[0] is 0 or > Count)
            throw new WireFormatException("timer identifier", 0, $"{identifier}");

        var timer = value.Span[0];
        switch (command.Qualifier)
        {
            case Start:
                Set(timer, SwappedBcd.ReadTime(command.Find(ObjectTag.TimerValue)!.Value.Span));
                return Response(command, timer, left: null);
            case Deactivate or Read when _running[timer] is { } running:
                var left = alarms.Left(running);
                if (command.Qualifier == Deactivate) Stop(timer);
                return Response(command, timer, left);
            case Deactivate or Read:
                return TerminalResponse.To(command, GeneralResult.TimerContradiction);
            default:
                return TerminalResponse.To(command, GeneralResult.DataNotUnderstood);
        }
    }

    public void StopAll()
    {
        for (byte timer = 1; timer <= Count; timer++) Stop(timer);
    }

    private void Set(byte timer, TimeSpan time)
    {
        Stop(timer);
        _running[timer] = alarms.Set(time, () =>
        {
            _running[timer] = null;
            return expired(timer, time);
        });
    }

    private void Stop(byte timer)
    {
        alarms.Cancel(_running[timer]);
        _running[timer] = null;
    }

    private static TerminalResponse Response(ProactiveCommand command, byte timer, TimeSpan? left)
    {
        var identifier = ComprehensionTlv.Of(ObjectTag.TimerIdentifier, timer);
        return left is { } time
            ? TerminalResponse.To(
                command, CommandRules.SuccessOf(command), identifier,
                ComprehensionTlv.Of(ObjectTag.TimerValue, SwappedBcd.Time(time).Span))
            : TerminalResponse.To(command, CommandRules.SuccessOf(command), identifier);
    }
}

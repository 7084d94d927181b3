using Tessera.Smpp.Centre;

namespace Tessera.Lab.Phones.Air;

/// <summary>Decides what becomes of each frame; any thread may set its switches.</summary>
/// <param name="changed">Called when a switch moved.</param>
internal sealed class AirGate(Action changed)
{
    /// <summary>Frames that wait at most: more is no fault of the air but a flood.</summary>
    public const int MostHeld = 64;

    private const byte TypeMask = 0b111;

    private readonly Lock _gate = new();
    private readonly Queue<AirFrame>[] _held = [new(), new()];

    public AirFaults Faults
    {
        get
        {
            lock (_gate) return field;
        }

        private set;
    }
        = AirFaults.None;

    public void Set(Func<AirFaults, AirFaults> change)
    {
        lock (_gate) Faults = change(Faults);
        changed();
    }

    /// <summary>What goes on instead of a frame: nothing, it, it twice, or it and what waited for it.</summary>
    /// <param name="fate">What was done to it; empty where it just passes.</param>
    public IReadOnlyList<AirFrame> Pass(AirDirection direction, AirFrame frame, out string fate)
    {
        fate = "";
        if (frame.Type != AirFrameType.Rp) return [frame];

        IReadOnlyList<AirFrame> passed;
        lock (_gate)
        {
            var isMessage = (frame.Body.Span[0] & TypeMask) is 0 or 1;
            passed = isMessage ? PassMessage(direction, frame, ref fate) : PassAnswer(direction, frame, ref fate);
        }

        if (fate.Length > 0) changed();
        return passed;
    }

    /// <summary>What waited goes now.</summary>
    public IReadOnlyList<AirFrame> Release(AirDirection direction)
    {
        IReadOnlyList<AirFrame> released;
        lock (_gate)
        {
            released = [.. _held[(int)direction]];
            _held[(int)direction].Clear();
            Faults = Faults.With(direction, Faults.Of(direction) with { Hold = false, Reorder = false, Held = 0 });
        }

        changed();
        return released;
    }

    private List<AirFrame> PassMessage(AirDirection direction, AirFrame frame, ref string fate)
    {
        var faults = Faults.Of(direction);
        var held = _held[(int)direction];
        if (faults.Lose > 0)
        {
            fate = "lost";
            Faults = Faults.With(direction, faults with { Lose = faults.Lose - 1 });
            return [];
        }

        if (faults.Hold || (faults.Reorder && held.Count == 0))
        {
            fate = "held back";
            if (held.Count == MostHeld) held.Dequeue();
            held.Enqueue(frame);
            Faults = Faults.With(direction, faults with { Held = held.Count });
            return [];
        }

        if (faults.Reorder)
        {
            fate = "overtook the one before";
            var passed = new List<AirFrame> { frame };
            passed.AddRange(held);
            held.Clear();
            Faults = Faults.With(direction, faults with { Reorder = false, Held = 0 });
            return passed;
        }

        if (faults.Double == 0) return [frame];
        fate = "doubled";
        Faults = Faults.With(direction, faults with { Double = faults.Double - 1 });
        return [frame, frame];
    }

    /// <summary>An answer belongs to the messages of the other direction.</summary>
    private AirFrame[] PassAnswer(AirDirection direction, AirFrame frame, ref string fate)
    {
        var messages = direction == AirDirection.Down ? AirDirection.Up : AirDirection.Down;
        var faults = Faults.Of(messages);
        if (faults.LoseAnswers == 0) return [frame];
        fate = "answer lost";
        Faults = Faults.With(messages, faults with { LoseAnswers = faults.LoseAnswers - 1 });
        return [];
    }
}

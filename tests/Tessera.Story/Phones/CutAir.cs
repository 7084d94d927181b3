using System.Buffers.Binary;

namespace Tessera.Story.Phones;

/// <summary>The air of a story: every RP message is a place where it may be lost, doubled, overtaken or late.</summary>
/// <remarks>A message that is late waits until the story tells that its time is over.</remarks>
internal sealed class CutAir(Scissors scissors)
{
    private const int LengthOctets = 2;
    private const byte Rp = 0x04;

    private static readonly CutKind[] Kinds =
        [CutKind.MessageLost, CutKind.MessageDoubled, CutKind.MessageOvertaken, CutKind.MessageLate];

    private readonly Lock _gate = new();
    private readonly List<(bool IsUp, byte[] Frame)> _late = [];
    private bool _released;

    /// <summary>One for each direction of a connection.</summary>
    public TapReader NewReader()
    {
        List<byte> rest = [];
        List<byte[]> waiting = [];
        return (isUp, octets) =>
        {
            rest.AddRange(octets);
            List<byte[]> passed = [];
            while (Next(rest) is { } frame) passed.AddRange(Pass(isUp, frame, waiting));
            return passed;
        };
    }

    /// <summary>What is late comes with the next frame that way.</summary>
    public void Release()
    {
        lock (_gate) _released = true;
    }

    private static byte[]? Next(List<byte> rest)
    {
        if (rest.Count < LengthOctets) return null;
        var length = LengthOctets + BinaryPrimitives.ReadUInt16BigEndian([rest[0], rest[1]]);
        if (rest.Count < length) return null;
        byte[] frame = [.. rest.Take(length)];
        rest.RemoveRange(0, length);
        return frame;
    }

    private List<byte[]> Pass(bool isUp, byte[] frame, List<byte[]> waiting)
    {
        var cut = frame[LengthOctets] == Rp ? FateOf(isUp, frame) : null;
        if (cut is CutKind.MessageLost) return [];
        if (cut is CutKind.MessageOvertaken)
        {
            waiting.Add(frame);
            return [];
        }

        if (cut is CutKind.MessageLate)
        {
            lock (_gate) _late.Add((isUp, frame));
            return [];
        }

        List<byte[]> passed = [frame, .. waiting, .. Late(isUp)];
        waiting.Clear();
        if (cut is CutKind.MessageDoubled) passed.Insert(1, frame);
        return passed;
    }

    private CutKind? FateOf(bool isUp, byte[] frame)
    {
        CutKind? fate = null;
        var (what, way) = ($"{frame.Length} octets", isUp ? "to the SMSC" : "to the phone");
        foreach (var kind in Kinds)
        {
            if (scissors.Next(kind, what, way) is not null) fate = kind;
        }

        return fate;
    }

    private List<byte[]> Late(bool isUp)
    {
        lock (_gate)
        {
            if (!_released) return [];
            List<byte[]> late = [.. _late.Where(one => one.IsUp == isUp).Select(one => one.Frame)];
            _late.RemoveAll(one => one.IsUp == isUp);
            return late;
        }
    }
}

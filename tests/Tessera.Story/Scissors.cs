namespace Tessera.Story;

/// <summary>How often a story did what can be cut.</summary>
/// <param name="Messages">RP messages, both ways.</param>
/// <param name="Screens">Of the phone.</param>
/// <param name="Deliveries">Messages of the phone that the SMSC hands to the gateway.</param>
/// <param name="Packets">Of a line in data, 20 ms each.</param>
public sealed record StoryLength(
    int Writes, int FramesUp, int FramesDown, int Steps, int Records, int Messages = 0, int Screens = 0,
    int Deliveries = 0, int Packets = 0);

/// <summary>A cut that was made.</summary>
/// <param name="What">Names the place.</param>
/// <param name="Way">Of a short message.</param>
public sealed record MadeCut(Cut Cut, string What, string? Way = null)
{
    /// <summary>What cuts of its kind are called in a table.</summary>
    public string Name => Way is null ? Cut.Name : $"{Cut.Name}, {Way}";

    public override string ToString() => $"{Cut}: {What}";
}

/// <summary>Counts what can be cut in a story, and says where it is to be cut.</summary>
/// <param name="cuts">At different places.</param>
internal sealed class Scissors(Recorder recorder, IReadOnlyList<Cut> cuts)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CutKind, int> _places = [];
    private readonly List<MadeCut> _done = [];

    /// <summary>How far the story is.</summary>
    public StoryLength Length
    {
        get
        {
            lock (_gate)
            {
                return new StoryLength(
                    At(CutKind.CardPower), At(CutKind.FrameUp), At(CutKind.FrameDown), At(CutKind.Server),
                    At(CutKind.Terminal), At(CutKind.MessageLost), At(CutKind.Phone),
                    At(CutKind.Road), At(CutKind.Loss));
            }
        }
    }

    /// <summary>The cuts that were made, each with the place where it was made.</summary>
    public IReadOnlyList<MadeCut> Done
    {
        get
        {
            lock (_gate) return [.. _done];
        }
    }

    /// <summary>One more of its kind: the cut to be made at it, or null.</summary>
    /// <param name="what">Names the place.</param>
    /// <param name="way">Of a short message.</param>
    internal Cut? Next(CutKind kind, string what, string? way = null)
    {
        lock (_gate)
        {
            var place = At(kind);
            _places[kind] = place + 1;
            var cut = cuts.FirstOrDefault(one => one.Kind == kind && one.Place == place);
            var where = way is null ? what : $"{way}, {what}";
            recorder.Note($"{kind}:{place} {where}{(cut is null ? "" : $" CUT {cut}")}");
            if (cut is not null) _done.Add(new MadeCut(cut, where, way));
            return cut;
        }
    }

    /// <summary>One more packet of data on the line: the cut to be made at it, or null.</summary>
    /// <param name="what">Names the place.</param>
    internal Cut? NextPacket(string what)
    {
        lock (_gate)
        {
            var place = At(CutKind.Loss);
            _places[CutKind.Loss] = place + 1;
            var cut = cuts.FirstOrDefault(one => IsOfLine(one) && one.Place == place);
            if (cut is null) return null;
            recorder.Note($"CUT {cut} {what}");
            _done.Add(new MadeCut(cut, what));
            return cut;
        }
    }

    private static bool IsOfLine(Cut cut) => cut.Kind is CutKind.Loss or CutKind.Call or CutKind.Device;

    private int At(CutKind kind) => _places.GetValueOrDefault(kind);
}

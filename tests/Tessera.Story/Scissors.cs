namespace Tessera.Story;

/// <summary>How often a story did what can be cut.</summary>
/// <param name="Messages">RP messages, both ways.</param>
/// <param name="Screens">Of the phone.</param>
public sealed record StoryLength(
    int Writes, int FramesUp, int FramesDown, int Steps, int Records, int Messages = 0, int Screens = 0);

/// <summary>Counts what can be cut in a story, and says where it is to be cut.</summary>
/// <param name="cuts">At different places.</param>
internal sealed class Scissors(Recorder recorder, IReadOnlyList<Cut> cuts)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CutKind, int> _places = [];
    private readonly List<string> _done = [];

    /// <summary>How far the story is.</summary>
    public StoryLength Length
    {
        get
        {
            lock (_gate)
            {
                return new StoryLength(
                    At(CutKind.CardPower), At(CutKind.FrameUp), At(CutKind.FrameDown), At(CutKind.Server),
                    At(CutKind.Terminal), At(CutKind.MessageLost), At(CutKind.Phone));
            }
        }
    }

    /// <summary>The cuts that were made, each with the place where it was made.</summary>
    public IReadOnlyList<string> Done
    {
        get
        {
            lock (_gate) return [.. _done];
        }
    }

    /// <summary>One more of its kind: the cut to be made at it, or null.</summary>
    /// <param name="what">Names the place.</param>
    internal Cut? Next(CutKind kind, string what)
    {
        lock (_gate)
        {
            var place = At(kind);
            _places[kind] = place + 1;
            var cut = cuts.FirstOrDefault(one => one.Kind == kind && one.Place == place);
            recorder.Note($"{kind}:{place} {what}{(cut is null ? "" : $" CUT {cut}")}");
            if (cut is not null) _done.Add($"{cut}: {what}");
            return cut;
        }
    }

    private int At(CutKind kind) => _places.GetValueOrDefault(kind);
}

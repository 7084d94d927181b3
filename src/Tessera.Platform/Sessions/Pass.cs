using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;

namespace Tessera.Platform.Sessions;

/// <summary>One script under way: what it is to do of a dialogue, and how far that has come.</summary>
internal sealed class Pass(ScriptPlan plan, Intent? intent, IReadOnlyDictionary<FieldOrder, IssuedOrder> orders)
{
    private static readonly object Untold = new();

    private readonly List<object?> _inputs = [];

    public ScriptPlan Plan => plan;

    public Intent? Intent => intent;

    /// <summary>What the script carries for fields.</summary>
    public IReadOnlyDictionary<FieldOrder, IssuedOrder> Orders => orders;

    /// <summary>Steps of the script that stand before those of the plan.</summary>
    public int Before { get; init; }

    /// <summary>The ordinal of the step that decides a leaf.</summary>
    public byte OrdinalOf(Planned leaf) => checked((byte)(Before + plan.OrdinalOf(leaf)));

    /// <summary>What came of it; null when nobody will ever know.</summary>
    public ScriptReading? Reading { get; set; }

    /// <summary>What remains of the dialogue.</summary>
    public Node Node { get; private set; } = plan.Node;

    /// <summary>The results of leaves so far; of a choice, the place.</summary>
    public IReadOnlyList<object?> Inputs => _inputs;

    /// <summary>The receipt of the card is booked.</summary>
    public bool Settled { get; set; }

    /// <summary>All that was to be done on the way the holder took is done, be it without a movement.</summary>
    public bool IsThrough { get; set; }

    public void Feed(object? input)
    {
        _inputs.Add(input);
        Node = Node.Feed(input);
    }

    /// <summary>Takes what remains after something typed.</summary>
    public void Take(Node rest)
    {
        _inputs.Add(Untold);
        Node = rest;
    }

    /// <summary>
    /// Feeds all results before a movement that is known to be done, if it is clear what they were: the card does not
    /// say which of two equal payments it made.
    /// </summary>
    /// <returns>False, with nothing fed, where it is not clear.</returns>
    public bool TryFeedUpTo(Alternative done)
    {
        List<IReadOnlyList<object?>> ways =
            [.. WaysTo(done, plan.Piece.Leaves).Where(way => way.Take(_inputs.Count).Zip(_inputs).All(Agree))];
        if (ways is not [var only] || only.Skip(_inputs.Count).Contains(Untold)) return false;

        foreach (var input in only.Skip(_inputs.Count).ToList()) Feed(input);
        return true;

        static bool Agree((object? Planned, object? Fed) pair) =>
            pair.Planned is not int || pair.Fed is not int || Equals(pair.Planned, pair.Fed);
    }

    /// <summary>The results that lead to such a movement.</summary>
    private static IEnumerable<IReadOnlyList<object?>> WaysTo(Alternative done, IReadOnlyList<Planned> leaves)
    {
        var before = new List<object?>();
        foreach (var leaf in leaves)
        {
            if (leaf.Alternatives?.Any(one => IsSame(one, done)) == true)
            {
                yield return [.. before];
                yield break;
            }

            for (var place = 0; place < leaf.Branches?.Count; place++)
            {
                foreach (var way in WaysTo(done, leaf.Branches[place])) yield return [.. before, place, .. way];
            }

            before.Add(leaf.IsTelling ? Untold : null);
        }
    }

    private static bool IsSame(Alternative one, Alternative other) =>
        (one.Kind, one.Terms, one.Amount, one.Goods) == (other.Kind, other.Terms, other.Amount, other.Goods);
}

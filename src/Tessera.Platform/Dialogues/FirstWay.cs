namespace Tessera.Platform.Dialogues;

/// <summary>
/// What the holder most likely came for: the first way through a dialogue that moves money, as one script has it.
/// </summary>
internal static class FirstWay
{
    /// <summary>The script goes that way to the end of the dialogue.</summary>
    public static bool IsWhole(ScriptPlan plan)
    {
        List<Node> way = [.. Of(plan.Node)];
        return Planned(plan.Piece.Leaves, new Queue<int>(way.OfType<Choice>().Select(Place))).Count() == way.Count;
    }

    /// <summary>The script goes that way at least to its movement.</summary>
    public static bool Moves(ScriptPlan plan)
    {
        var places = new Queue<int>(Of(plan.Node).OfType<Choice>().Select(Place));
        return Planned(plan.Piece.Leaves, places).Any(leaf => leaf.Alternatives is not null);
    }

    /// <summary>The steps of that way.</summary>
    private static IEnumerable<Node> Of(Node node) => node switch
    {
        Map map => Of(map.Inner),
        Both both => Of(both.First).Concat(Of(both.Second)),
        Choice choice => Of(choice.Options[Place(choice)].Then).Prepend(choice),
        Leaf => [node],
        _ => [],
    };

    /// <summary>Those of them that the script has.</summary>
    private static IEnumerable<Planned> Planned(IReadOnlyList<Planned> leaves, Queue<int> places)
    {
        foreach (var leaf in leaves)
        {
            yield return leaf;
            if (!leaf.IsTelling || leaf.Branches is not { } ways) continue;
            foreach (var next in Planned(ways[places.Dequeue()], places)) yield return next;
        }
    }

    private static int Place(Choice choice) =>
        Math.Max(choice.Options.ToList().FindIndex(option => option.Then.MayMove), 0);
}

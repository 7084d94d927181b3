using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// A place in a script: a list of steps, the next of them, its ordinal, and where to go on after the list.
/// </summary>
internal sealed record ScriptCursor(Sequence<ScriptStep> List, int Index, int Ordinal, ScriptCursor? Outer)
{
    public static ScriptCursor Start(CommandScript script) => new(script.Steps, 0, 1, null);

    /// <summary>The step that comes next; null at the end of the list.</summary>
    public ScriptStep? Step => Index < List.Count ? List[Index] : null;

    /// <summary>Past the step that comes next.</summary>
    public ScriptCursor Skip() => this with { Index = Index + 1, Ordinal = Ordinal + Count(List[Index]) };

    /// <summary>Into the branch that the choice names, or past the step where there is none.</summary>
    /// <param name="choice">Position of the chosen item, from 1.</param>
    public ScriptCursor Enter(BranchStep step, int choice)
    {
        if (choice > step.Branches.Count) return Skip();
        var first = Ordinal + 1 + step.Branches.Take(choice - 1).Sum(Count);
        return new ScriptCursor(step.Branches[choice - 1], 0, first, Skip());
    }

    /// <summary>
    /// The modifiers that come next and the command they act on; the format sees to it that there is one.
    /// </summary>
    public CardUnit TakeUnit(out ScriptCursor after)
    {
        var modifiers = new List<NumberedModifier>();
        after = this;
        for (; after.Step is not CardStep; after = after.Skip())
            modifiers.Add(new NumberedModifier((byte)after.Ordinal, after.Step!));

        var unit = new CardUnit((byte)after.Ordinal, (CardStep)after.Step, modifiers);
        after = after.Skip();
        return unit;
    }

    /// <summary>
    /// What comes next in execution: out of ended lists and into chosen branches. Null at the end of the script.
    /// </summary>
    public ScriptCursor? Settle(int? choice)
    {
        var cursor = this;
        while (true)
        {
            if (cursor.Step is null)
            {
                if (cursor.Outer is null) return null;
                cursor = cursor.Outer;
            }
            else if (cursor.Step is BranchStep branch && choice is { } chosen)
            {
                cursor = cursor.Enter(branch, chosen);
            }
            else
            {
                return cursor;
            }
        }
    }

    private static int Count(ScriptStep step) => step is BranchStep branch ? 1 + branch.Branches.Sum(Count) : 1;

    private static int Count(Sequence<ScriptStep> steps) => steps.Sum(Count);
}

/// <summary>A command for the card with the modifiers that act on it.</summary>
internal sealed record CardUnit(byte Ordinal, CardStep Step, IReadOnlyList<NumberedModifier> Modifiers)
{
    /// <summary>Octets of data when all modifiers have added theirs.</summary>
    public int Length => Step.Command.Data.Length + Modifiers.Sum(modifier => modifier.Step.InsertedLength);

    public IEnumerable<ScriptStep> Inserting => Modifiers.Select(modifier => modifier.Step).Where(step => step.Inserts);
}

/// <summary>A modifier and its ordinal.</summary>
internal sealed record NumberedModifier(byte Ordinal, ScriptStep Step);

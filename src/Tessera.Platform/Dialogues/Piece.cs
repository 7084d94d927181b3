using Tessera.Platform.Money;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// Steps of a script and the leaves of the dialogue they carry out, in the order in which these want results.
/// </summary>
/// <param name="Complete">False when the script must not go on behind them.</param>
/// <param name="Moved">A movement is among them.</param>
/// <param name="Paid">A payment is among them.</param>
/// <param name="Selected">What they leave selected on the card; null where they select nothing.</param>
internal sealed record Piece(
    Sequence<ScriptStep> Steps, IReadOnlyList<Planned> Leaves, bool Complete, bool Moved, bool Paid = false,
    Applet? Selected = null)
{
    private static readonly int Empty = Bytes.Of(new CommandScript(0, 1, [])).Length;

    public static readonly Piece Nothing = new([], [], Complete: true, Moved: false);

    public static readonly Piece Stop = Nothing with { Complete = false };

    /// <summary>What the steps add to a script.</summary>
    public int Octets => Bytes.Of(new CommandScript(0, 1, Steps)).Length - Empty;

    /// <summary>All steps, those in branches included.</summary>
    public int Count => new CommandScript(0, 1, Steps).Numbered().Count();

    public bool UsesCard => new CommandScript(0, 1, Steps).Numbered().Any(numbered => numbered.Step is CardStep or SealedStep);

    /// <summary>The holder is asked for a PIN or a finger, or the card for a signature.</summary>
    public bool Verifies => new CommandScript(0, 1, Steps).Numbered().Any(numbered => numbered.Step
        is SignStep or SealedStep or InputStep { Source: InputSource.Pin or InputSource.Finger });

    public static Piece Of(params ScriptStep[] steps) => Nothing with { Steps = Sequence.Of<ScriptStep>(steps) };

    /// <summary>A leaf that the last of its steps decides.</summary>
    public static Piece OfLeaf(params ScriptStep[] steps) => Of(steps) with { Leaves = [new Planned(steps[^1])] };

    public Piece With(Piece next) => new(
        [.. Steps, .. next.Steps], [.. Leaves, .. next.Leaves], Complete && next.Complete, Moved || next.Moved,
        Paid || next.Paid, next.Selected ?? Selected);
}

/// <summary>What is selected on the card.</summary>
internal enum Applet
{
    Purse,
    Store,
    Piv,

    /// <summary>One or the other, depending on the way taken.</summary>
    Either,
}

/// <summary>A leaf or choice of a dialogue in a script.</summary>
/// <param name="Decisive">The step whose success is the success of the leaf.</param>
/// <param name="Alternatives">What it may move; more than one where one MOVE serves all ways of a choice.</param>
/// <param name="Branches">Of a choice: for each item, the leaves it leads to in this script.</param>
/// <param name="Order">The field it writes or reads, where it does.</param>
/// <param name="IsTelling">Only the answer tells its result: a choice, something typed.</param>
internal sealed record Planned(
    ScriptStep Decisive,
    bool IsTelling = false,
    IReadOnlyList<Alternative>? Alternatives = null,
    IReadOnlyList<IReadOnlyList<Planned>>? Branches = null,
    FieldOrder? Order = null)
{
    /// <summary>Leaves with those that they lead to.</summary>
    public static IEnumerable<Planned> All(IEnumerable<Planned> leaves) =>
        leaves.SelectMany(leaf => All(leaf.Branches?.SelectMany(branch => branch) ?? []).Prepend(leaf));
}

using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>One script for the beginning of a dialogue, complete but for what the treasury has to allow.</summary>
internal sealed class ScriptPlan
{
    private static readonly Bytes Unknown = new(new byte[PurseMac.Length]);

    private readonly Node _node;
    private readonly LoweringOptions _options;
    private readonly Dictionary<ScriptStep, byte> _ordinals;

    private ScriptPlan(Node node, LoweringOptions options, Piece piece)
    {
        (_node, _options, Piece) = (node, options, piece);
        _ordinals = new Dictionary<ScriptStep, byte>(ReferenceEqualityComparer.Instance);
        foreach (var numbered in new CommandScript(0, 1, piece.Steps).Numbered()) _ordinals[numbered.Step] = numbered.Ordinal;
        Alternatives = [.. All(piece.Leaves).SelectMany(leaf => leaf.Alternatives ?? []).Distinct()];
    }

    /// <summary>What the script may move, each thing once.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; }

    public Piece Piece { get; }

    public bool IsEmpty => Piece.Leaves.Count == 0;

    /// <summary>There is room for an INITIALIZE behind the steps.</summary>
    public bool HasRoomToInitialize =>
        Encode(0, 1, [.. Alternatives.Select(Unauthorised)], Unknown).Length <= _options.MaxScript;

    /// <summary>
    /// Names what is asked: equal for equal dialogues, terminals and links, whatever the treasury allows.
    /// </summary>
    public Bytes Asked => Encode(0, 1, [.. Alternatives.Select(Unauthorised)]);

    /// <summary>Plans a script for as much of the beginning of <paramref name="node"/> as one can hold.</summary>
    public static ScriptPlan For(Node node, LoweringOptions options)
    {
        var plan = new ScriptPlan(node, options, new Lowering(options, Unauthorised).Lower(node));
        return plan.Alternatives.Count > Treasury.MaxAlternatives || plan.IsAmbiguous
            ? For(node, options with { Moves = false })
            : plan;
    }

    /// <summary>The octets to send.</summary>
    /// <param name="moves">What the treasury allowed, in the order of <see cref="Alternatives"/>.</param>
    /// <param name="nonce">Appends INITIALIZE, so that the next script can move value.</param>
    public Bytes Encode(ushort session, byte number, IReadOnlyList<AuthorisedMove> moves, Bytes? nonce = null)
    {
        var allowed = Alternatives.Zip(moves).ToDictionary(pair => pair.First, pair => pair.Second);
        var steps = Alternatives.Count == 0
            ? Piece.Steps
            : new Lowering(_options, alternative => allowed[alternative]).Lower(_node).Steps;
        return Bytes.Of(new CommandScript(session, number, nonce is { } fresh ? [.. steps, .. Initialize(fresh)] : steps));
    }

    public int IndexOf(Alternative alternative) => Alternatives.ToList().IndexOf(alternative);

    /// <summary>The ordinal of the step that decides a leaf.</summary>
    public byte OrdinalOf(Planned leaf) => _ordinals[leaf.Decisive];

    private IEnumerable<ScriptStep> Initialize(Bytes nonce) =>
        _options.SelectsPurse && !Piece.UsesCard
            ? [CardSteps.SelectPurse, CardSteps.Initialize(nonce)]
            : [CardSteps.Initialize(nonce)];

    /// <summary>
    /// An S2 does not say who is paid: equal amounts for different merchants cannot be in one script.
    /// </summary>
    private bool IsAmbiguous => Alternatives.GroupBy(one => (one.Kind, one.Terms, one.Amount))
        .Any(same => same.DistinctBy(one => one.Merchant, StringComparer.Ordinal).Skip(1).Any());

    private static AuthorisedMove Unauthorised(Alternative alternative) => new(alternative, Adjust: 0, Unknown);

    private static IEnumerable<Planned> All(IEnumerable<Planned> leaves) =>
        leaves.SelectMany(leaf => All(leaf.Branches?.SelectMany(branch => branch) ?? []).Prepend(leaf));
}

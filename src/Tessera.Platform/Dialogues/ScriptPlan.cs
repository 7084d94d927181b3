using System.Security.Cryptography;
using Tessera.Cards.Purse;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>One script for the beginning of a dialogue, complete but for what the treasury has to allow.</summary>
internal sealed class ScriptPlan
{
    /// <summary>Items of a list of payments, tried until all that belongs to the first payment fits.</summary>
    private static readonly int[] Pages = [TextForm.MaxItems, 16, 8, 6, 5, 4, 3, 2, 1];

    private static readonly Bytes Unknown = new(new byte[PurseMac.Length]);

    private readonly LoweringOptions _options;
    private readonly Dictionary<ScriptStep, byte> _ordinals;

    private ScriptPlan(Node node, LoweringOptions options, Piece piece)
    {
        (Node, _options, Piece) = (node, options, piece);
        _ordinals = new Dictionary<ScriptStep, byte>(ReferenceEqualityComparer.Instance);
        foreach (var numbered in new CommandScript(0, 1, piece.Steps).Numbered()) _ordinals[numbered.Step] = numbered.Ordinal;
        Alternatives = [.. Planned.All(piece.Leaves).SelectMany(leaf => leaf.Alternatives ?? []).Distinct()];
        Places = Alternatives.Any(one => one.Goods.Length > 0)
            ? [.. GoodsPlacing.Leaves(node).OfType<PayLeaf>().SelectMany(pay => pay.Articles).Select(one => one.Place).Distinct()]
            : [];
        Orders = [.. Planned.All(piece.Leaves).Select(leaf => leaf.Order).OfType<FieldOrder>().Distinct()];
    }

    /// <summary>By what the holder confirms a payment of the script.</summary>
    public PaymentMethod MethodOf(Payment payment) =>
        _options.IsFree(payment) ? PaymentMethod.Key : _options.Verifies ?? PaymentMethod.Pin;

    /// <summary>The dialogue that the leaves feed: a costly script may show its lists page by page.</summary>
    public Node Node { get; }

    /// <summary>What the script may move, each thing once.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; }

    /// <summary>Where goods of the dialogue may come to with what the script moves.</summary>
    public IReadOnlyList<CardField> Places { get; }

    /// <summary>Fields that the script may write or read, each content once.</summary>
    public IReadOnlyList<FieldOrder> Orders { get; }

    public Piece Piece { get; }

    public bool IsEmpty => Piece.Leaves.Count == 0;

    /// <summary>There is room for an INITIALIZE behind the steps.</summary>
    public bool HasRoomToInitialize =>
        Encode(0, 1, [.. Alternatives.Select(Unauthorised)], null, Unknown).Length <= _options.MaxScript;

    /// <summary>
    /// Names what is asked: equal for equal dialogues, terminals and links, whatever the treasury allows and
    /// the card keeps of lists.
    /// </summary>
    public Bytes Asked => Octets(0, 1, Steps([.. Alternatives.Select(Unauthorised)], null));

    /// <summary>Plans a script for as much of the beginning of <paramref name="node"/> as one can hold.</summary>
    public static ScriptPlan For(Node node, LoweringOptions options)
    {
        if (!options.Costly || !node.MayMove) return Of(node, options);

        var plans = Pages.Select(items => Of(Paged(node, items), options)).ToList();
        return plans.Find(plan => FirstWay.IsWhole(plan)) ?? plans.Find(plan => FirstWay.Moves(plan)) ?? Of(node, options);
    }

    private static ScriptPlan Of(Node node, LoweringOptions options)
    {
        var plan = new ScriptPlan(node, options, new Lowering(options, Unauthorised, IssuedOrder.Planned).Lower(node));
        return plan.Alternatives.Count > Treasury.MaxAlternatives || plan.IsAmbiguous
            ? Of(node, options with { Moves = false })
            : plan;
    }

    /// <summary>The octets to send.</summary>
    /// <param name="moves">What the treasury allowed, in the order of <see cref="Alternatives"/>.</param>
    /// <param name="orders">What carries out <see cref="Orders"/>.</param>
    /// <param name="nonce">Appends INITIALIZE, so that the next script can move value.</param>
    public Bytes Encode(
        ushort session, byte number, IReadOnlyList<AuthorisedMove> moves,
        IReadOnlyDictionary<FieldOrder, IssuedOrder>? orders = null, Bytes? nonce = null)
    {
        var steps = SignatureSteps.With(
            Steps(moves, orders), new Bytes(RandomNumberGenerator.GetBytes(SignStep.NonceLength)));
        if (nonce is { } fresh) steps = [.. steps, .. Initialize(fresh)];
        var keeping = Octets(session, number, _options.Lists.In(steps));
        return keeping.Length <= _options.MaxScript
            ? keeping
            : Octets(session, number, _options.Lists.In(steps, keeps: false));
    }

    /// <summary>The steps as they go, of a plan that moves nothing and writes nothing, with a nonce in what is signed.</summary>
    public Sequence<ScriptStep> Fresh() =>
        SignatureSteps.With(Piece.Steps, new Bytes(RandomNumberGenerator.GetBytes(SignStep.NonceLength)));

    /// <summary>The lists that the script names and does not tell, as the card keeps them.</summary>
    public IReadOnlyList<ProactiveCommand> NamedLists =>
    [
        .. Steps(_options.Lists.In(Piece.Steps, keeps: false)).Zip(Steps(Piece.Steps))
            .Where(pair => pair.First is CachedListStep).Select(pair => ((ToolkitStep)pair.Second).Command),
    ];

    private static IEnumerable<ScriptStep> Steps(Sequence<ScriptStep> steps) =>
        new CommandScript(0, 1, steps).Numbered().Select(numbered => numbered.Step);

    private Sequence<ScriptStep> Steps(
        IReadOnlyList<AuthorisedMove> moves, IReadOnlyDictionary<FieldOrder, IssuedOrder>? orders)
    {
        if (Alternatives.Count == 0 && Orders.Count == 0) return Piece.Steps;

        var allowed = Alternatives.Zip(moves).ToDictionary(pair => pair.First, pair => pair.Second);
        return new Lowering(_options, Allowed, order => orders?.GetValueOrDefault(order) ?? IssuedOrder.Planned(order))
            .Lower(Node).Steps;

        // What was tried and did not fit is tried again, and does not fit again.
        AuthorisedMove Allowed(Alternative one) =>
            allowed.GetValueOrDefault(one) ?? Unauthorised(one) with { Adjust = moves.Count > 0 ? moves[0].Adjust : 0 };
    }

    private static Bytes Octets(ushort session, byte number, Sequence<ScriptStep> steps) =>
        Bytes.Of(new CommandScript(session, number, steps));

    public int IndexOf(Alternative alternative) => Alternatives.ToList().IndexOf(alternative);

    /// <summary>The ordinal of the step that decides a leaf.</summary>
    public byte OrdinalOf(Planned leaf) => _ordinals[leaf.Decisive];

    /// <summary>Lists of things to pay, that many at first: each costs octets twice, as a label and as an operand.</summary>
    private static Node Paged(Node node, int items) => node switch
    {
        Map map => Node.MapTo(Paged(map.Inner, items), map.Apply),
        Both both => Node.Then(Paged(both.First, items), Paged(both.Second, items)),
        Choice { Options: [{ Then.Head: PayLeaf }, ..] } choice =>
            new ListPages((_, labels, first) => first > 0 || labels.Count <= items + 1).Of(choice),
        Choice choice => choice with
        {
            Options = [.. choice.Options.Select(option => option with { Then = Paged(option.Then, items) })],
        },
        _ => node,
    };

    private IEnumerable<ScriptStep> Initialize(Bytes nonce) =>
        (_options.SelectsPurse && !Piece.UsesCard) || Piece.Selected is not (null or Applet.Purse)
            ? [CardSteps.SelectPurse, CardSteps.Initialize(nonce)]
            : [CardSteps.Initialize(nonce)];

    /// <summary>
    /// An S2 does not say who is paid: equal amounts for different merchants cannot be in one script.
    /// </summary>
    private bool IsAmbiguous => Alternatives.GroupBy(one => (one.Kind, one.Terms, one.Amount))
        .Any(same => same.DistinctBy(one => one.Merchant, StringComparer.Ordinal).Skip(1).Any());

    private static AuthorisedMove Unauthorised(Alternative alternative) => new(alternative, Adjust: 0, Unknown);
}

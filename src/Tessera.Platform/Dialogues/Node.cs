using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Fields;
using Tessera.Platform.Objects;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// A dialogue without its types: steps, choices between dialogues, and what is made of their results.
/// </summary>
internal abstract record Node
{
    /// <summary>Steps in the whole tree, on all branches.</summary>
    public abstract int Size { get; }

    /// <summary>The first step without a result, or null where there is none left.</summary>
    public abstract Node? Head { get; }

    /// <summary>A movement may come of it.</summary>
    public abstract bool MayMove { get; }

    /// <summary>What stands behind the first step, its results unmapped: for looking at, not for running.</summary>
    public abstract Node Rest { get; }

    /// <summary>The dialogue that remains when its head has this result; for a choice, the place of the item.</summary>
    public abstract Node Feed(object? result);

    public static Node Then(Node first, Node second) => first switch
    {
        Finished done => MapTo(second, value => (done.Result, value)),
        _ when second is Finished done => MapTo(first, value => (value, done.Result)),
        _ => new Both(first, second),
    };

    /// <summary>Another dialogue first; its result is forgotten.</summary>
    public static Node Before(Node first, Node rest) =>
        MapTo(Then(first, rest), value => (((object?, object?))value!).Item2);

    public static Node MapTo(Node inner, Func<object?, object?> map) =>
        inner is Finished done ? new Finished(map(done.Result)) : new Map(inner, map);
}

/// <summary>Nothing left to do.</summary>
internal sealed record Finished(object? Result) : Node
{
    public override int Size => 0;

    public override Node? Head => null;

    public override bool MayMove => false;

    public override Node Rest => this;

    public override Node Feed(object? result) => throw new InvalidOperationException("The dialogue is over.");
}

/// <summary>One step; its result is the result of the node.</summary>
internal abstract record Leaf : Node
{
    public sealed override int Size => 1;

    public sealed override Node? Head => this;

    public sealed override bool MayMove => this is PayLeaf or DeliverLeaf or IdentifyLeaf;

    public sealed override Node Rest => new Finished(null);

    public sealed override Node Feed(object? result) => new Finished(result);
}

/// <summary>One of several ways; the result is the place chosen and the result of that way.</summary>
internal sealed record Choice(View View, IReadOnlyList<Option> Options) : Node
{
    public override int Size { get; } = 1 + Options.Sum(option => option.Then.Size);

    public override Node? Head => this;

    public override bool MayMove => Options.Any(option => option.Then.MayMove);

    public override Node Rest => throw new InvalidOperationException("What follows a choice depends on it.");

    public override Node Feed(object? result)
    {
        var place = (int)result!;
        return MapTo(Options[place].Then, value => (place, value));
    }
}

/// <summary>An item of a choice and what follows when it is taken.</summary>
internal sealed record Option(string Label, Node Then);

/// <summary>Two dialogues one after the other; the result is both results.</summary>
internal sealed record Both(Node First, Node Second) : Node
{
    public override int Size { get; } = First.Size + Second.Size;

    public override Node? Head => First.Head;

    public override bool MayMove => First.MayMove || Second.MayMove;

    public override Node Rest => First.Rest is Finished ? Second : new Both(First.Rest, Second);

    public override Node Feed(object? result) => Then(First.Feed(result), Second);
}

/// <summary>A dialogue whose result is changed by a pure function.</summary>
internal sealed record Map(Node Inner, Func<object?, object?> Apply) : Node
{
    public override int Size => Inner.Size;

    public override Node? Head => Inner.Head;

    public override bool MayMove => Inner.MayMove;

    public override Node Rest => Inner.Rest;

    public override Node Feed(object? result) => MapTo(Inner.Feed(result), Apply);
}

/// <summary>Shows a view; its result is null.</summary>
internal sealed record ShowLeaf(View View) : Leaf;

/// <summary>Shows one text that fits a text display; its result is null.</summary>
internal sealed record ScreenLeaf(string Text) : Leaf;

/// <summary>Asks for text; its result is a string.</summary>
internal sealed record TextLeaf(View View, int Least, int Most) : Leaf;

/// <summary>Asks for an amount; its result is an <see cref="Amount"/>.</summary>
internal sealed record AmountLeaf(View View, Amount Least, Amount Most) : Leaf;

/// <summary>Pays from the card; its result is a receipt.</summary>
internal sealed record PayLeaf(Payment Payment) : Leaf
{
    /// <summary>The goods of the payment as the card will write them; none as long as they are not signed.</summary>
    public Sequence<Article> Articles { get; init; }
}

/// <summary>A signed object on its way to its place on a card.</summary>
/// <param name="Version">Of the field with it.</param>
internal sealed record Article(CardField Place, ushort Version, Bytes Content)
{
    public static Bytes Octets(IEnumerable<Article> articles) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        foreach (var one in articles)
            new GoodsField(one.Place.Id, one.Version, one.Place.Definition, one.Content).Write(writer);
    });
}

/// <summary>Brings goods to the card that nobody pays for; its result is null.</summary>
internal sealed record GiveLeaf(Goods Goods) : Leaf;

/// <summary>Redeems a coupon that lies in one of the places; its result is its value, or null.</summary>
internal sealed record RedeemLeaf(Sequence<CardField> Places) : Leaf;

/// <summary>Credits what a coupon was worth that the card gave up; its result is its value, or null.</summary>
internal sealed record CreditLeaf(Sequence<CardField> Places) : Leaf;

/// <summary>Another step in the place of the first one of a dialogue; the dialogue gets its result.</summary>
internal sealed record Instead(Leaf First, Node Dialogue) : Node
{
    public override int Size => Dialogue.Size;

    public override Node? Head => First;

    public override bool MayMove => Dialogue.MayMove;

    public override Node Rest => Dialogue.Rest;

    public override Node Feed(object? result) => Dialogue.Feed(result);
}

/// <summary>Prints a text; its result says whether that was done.</summary>
/// <param name="WithPayment">The payment before it is printed above.</param>
internal sealed record PrintLeaf(string Text, bool WithPayment) : Leaf;

/// <summary>Speaks to the second card of the terminal; its result is its answers, or null.</summary>
internal sealed record SecondCardLeaf(Sequence<CommandApdu> Commands) : Leaf;

/// <summary>Credits the account from the holder's bank and writes it to the card; its result is null.</summary>
internal sealed record LoadLeaf(Amount Amount) : Leaf;

/// <summary>Writes to the card what its account has and it has not; its result is null.</summary>
internal sealed record DeliverLeaf : Leaf;

/// <summary>Has the holder prove by the card's PIN or their finger that they are there; its result is null.</summary>
internal sealed record IdentifyLeaf(string Why) : Leaf;

/// <summary>Has the card sign a document; its result is a <see cref="Signing.SignedTransaction"/>.</summary>
internal sealed record SignLeaf(View Document) : Leaf;

/// <summary>Writes a field of the card, kept alike on all cards of the holder; its result is null.</summary>
internal sealed record KeepLeaf(FieldOrder Order) : Leaf;

/// <summary>Brings a field of the card into line, as far as it can be; its result is null.</summary>
internal sealed record SyncLeaf(FieldOrder Order) : Leaf;

/// <summary>Changes the PIN at the terminal; its result is null.</summary>
internal sealed record ChangePinLeaf : Leaf;

/// <summary>Sets a new PIN by PUK at the terminal; its result is null.</summary>
internal sealed record UnblockPinLeaf : Leaf;

/// <summary>Ends the dialogue without a result.</summary>
internal sealed record EndLeaf(DialogueEnd End) : Leaf;

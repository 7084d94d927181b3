using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Fields;
using Tessera.Platform.Objects;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// What a holder and a card are asked, and what comes of it: an immutable, bounded tree without effects.
/// </summary>
/// <remarks>
/// Run it with <c>CardSession.RunAsync</c>, as often as wanted; the session lowers it to scripts and pages.
/// </remarks>
public sealed class Dialogue<T> : Dialogue
{
    internal Dialogue(Node node)
        : base(node)
    {
    }

    /// <summary>The same dialogue with a result made of its result by a pure function.</summary>
    public Dialogue<TResult> Select<TResult>(Func<T, TResult> selector) =>
        new(Node.MapTo(Node, value => selector((T)value!)));

    /// <summary>This dialogue, then the other; both results.</summary>
    public Dialogue<(T First, TNext Second)> Then<TNext>(Dialogue<TNext> next) =>
        Then(next, (first, second) => (first, second));

    /// <summary>This dialogue, then the other, and one result made of both by a pure function.</summary>
    public Dialogue<TResult> Then<TNext, TResult>(Dialogue<TNext> next, Func<T, TNext, TResult> selector) =>
        new(Node.MapTo(Node.Then(Node, next.Node), value =>
        {
            var (first, second) = ((object?, object?))value!;
            return selector((T)first!, (TNext)second!);
        }));

    /// <summary>This dialogue, then a view; the result of this dialogue.</summary>
    public Dialogue<T> ThenShow(View view) => Then(Dialogue.Show(view), (result, _) => result);

    /// <summary>This dialogue, then a text; the result of this dialogue.</summary>
    public Dialogue<T> ThenShow(string text) => ThenShow(View.Of(text));

    /// <summary>
    /// This dialogue, then a view on paper, where the terminal has a printer that can; the result of this dialogue.
    /// </summary>
    public Dialogue<T> ThenPrint(View view) => Then(Dialogue.Print(view), (result, _) => result);

    /// <summary>This dialogue, then a text on paper; the result of this dialogue.</summary>
    public Dialogue<T> ThenPrint(string text) => ThenPrint(View.Of(text));
}

/// <summary>The result of a step that gives nothing but its having been done.</summary>
public readonly record struct Done;

/// <summary>A dialogue, whatever its result is, and the steps that dialogues are made of.</summary>
public abstract class Dialogue
{
    /// <summary>Steps on all branches together.</summary>
    public const int MaxSize = 1024;

    /// <summary>Items of one choice; more than the terminal takes at once are shown page by page.</summary>
    public const int MaxItems = 200;

    public const int MaxLabel = 60;

    /// <summary>Commands for a second card in one step.</summary>
    public const int MaxCommands = 8;

    public const int MaxAnswer = 160;

    private protected Dialogue(Node node)
    {
        if (node.Size > MaxSize) throw new ArgumentException($"A dialogue has at most {MaxSize} steps.", nameof(node));
        Node = node;
    }

    internal Node Node { get; }

    /// <summary>No step at all: a way that ends where it begins.</summary>
    public static Dialogue<T> Nothing<T>(T result) => new(new Finished(result));

    /// <summary>Shows a view.</summary>
    public static Dialogue<Done> Show(View view) => Plain(new ShowLeaf(view));

    /// <summary>Shows a text.</summary>
    public static Dialogue<Done> Show(string text) => Show(View.Of(text));

    /// <summary>Prints a view.</summary>
    /// <returns>False where the terminal has no printer, or one that cannot now.</returns>
    /// <exception cref="ArgumentException">
    /// The view is empty, or has more than 512 characters or 32 lines of <see cref="Paper.Columns"/> characters.
    /// </exception>
    public static Dialogue<bool> Print(View view) => Print(new PrintLeaf(Paper.Text(view), WithPayment: false));

    internal static Dialogue<bool> Print(PrintLeaf leaf) => new(Node.MapTo(leaf, printed => printed is true));

    /// <summary>Lets the holder choose an item.</summary>
    public static Dialogue<TItem> Choose<TItem>(View view, IReadOnlyList<TItem> items, Func<TItem, string> label) =>
        Choose(view, items, label, _ => Plain(new Finished(null))).Select(chosen => chosen.Item);

    /// <summary>Lets the holder choose an item and goes on as that item wants; both results.</summary>
    /// <param name="view">What is chosen: its title is the question on a small display.</param>
    /// <param name="items">1 to <see cref="MaxItems"/>.</param>
    /// <param name="label">One line for an item, at most <see cref="MaxLabel"/> characters.</param>
    /// <param name="next">What follows; called at once for every item.</param>
    public static Dialogue<(TItem Item, TResult Result)> Choose<TItem, TResult>(
        View view, IReadOnlyList<TItem> items, Func<TItem, string> label, Func<TItem, Dialogue<TResult>> next)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count, nameof(items));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, MaxItems, nameof(items));
        TItem[] taken = [.. items];
        Option[] options = [.. taken.Select(item => new Option(Line(label(item), MaxLabel), next(item).Node))];
        return new(Node.MapTo(new Choice(view, options), value =>
        {
            var (place, result) = ((int, object?))value!;
            return (taken[place], (TResult)result!);
        }));
    }

    /// <summary>
    /// Asks for a line of text of <paramref name="least"/> to <paramref name="most"/> characters; never for a PIN.
    /// </summary>
    public static Dialogue<string> Ask(View view, int least = 1, int most = MaxAnswer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, Math.Max(least, 1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaxAnswer);
        return new(new TextLeaf(view, least, most));
    }

    /// <summary>Asks for an amount within bounds; one outside is asked again.</summary>
    public static Dialogue<Amount> AskAmount(View view, Amount least, Amount most)
    {
        if (least > most) throw new ArgumentOutOfRangeException(nameof(least), least, "More than the most.");
        return new(new AmountLeaf(view, least, most));
    }

    /// <summary>
    /// Pays from the card after the terminal has shown item and amount and the holder confirmed by PIN, or by finger where
    /// that is asked for.
    /// </summary>
    /// <param name="goods">
    /// Tickets, coupons or receipts that come to the card with the payment: in the same step of the card, or, on a card that
    /// cannot, behind it.
    /// </param>
    public static Dialogue<Receipt> Pay(
        Amount amount, string item, string? merchant = null, bool withoutPin = false, params IReadOnlyList<Goods> goods) =>
        Pay(new Payment(amount, item, merchant, Typed: false, withoutPin) { Goods = goods.ToSequence() });

    /// <summary>Pays an amount that the holder types at the terminal, up to a ceiling.</summary>
    /// <param name="goods">As with <see cref="Pay(Amount, string, string?, bool, IReadOnlyList{Goods})"/>.</param>
    public static Dialogue<Receipt> PayUpTo(
        Amount ceiling, string item, string? merchant = null, bool withoutPin = false, params IReadOnlyList<Goods> goods) =>
        Pay(new Payment(ceiling, item, merchant, Typed: true, withoutPin) { Goods = goods.ToSequence() });

    /// <summary>Brings a ticket, coupon or receipt to the card that nobody pays for.</summary>
    public static Dialogue<Done> Give(Goods goods) => Plain(new GiveLeaf(goods));

    /// <summary>
    /// Takes a coupon off the card and credits its value to the account of the holder, once, whatever is cut on the way;
    /// what it is worth is then written to the card.
    /// </summary>
    /// <param name="places">Where coupons lie.</param>
    /// <returns>The value; null where there is no coupon that is good.</returns>
    public static Dialogue<Amount?> Redeem(IReadOnlyList<CardField> places) =>
        new(Node.MapTo(new RedeemLeaf(places.ToSequence()), value => (Amount?)value));

    /// <summary>
    /// Has the holder prove with their PIN or finger that it is they who are there: the terminal asks it in its own words below
    /// the reason, and it is done when the card's receipt for it is booked.
    /// </summary>
    /// <param name="why">What it is for, in one line of at most <see cref="Payment.MaxItem"/> characters.</param>
    public static Dialogue<Done> Identify(string why) => Plain(new IdentifyLeaf(Line(why, Payment.MaxItem)));

    /// <summary>
    /// Shows a document on the terminal itself, screen by screen, and has the card sign what was shown and that its holder
    /// agreed, by PIN or finger; the signature is verified and filed as evidence before this is done.
    /// </summary>
    /// <remarks>All of it is one script: a document that is too long for one ends the dialogue.</remarks>
    /// <exception cref="ArgumentException">
    /// The document has no title: evidence is found by it; or it has a character that may show something else than it says
    /// (docs/protocols/script.md §6, rule 11).
    /// </exception>
    public static Dialogue<SignedTransaction> Sign(View document)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(document.Title, nameof(document));
        if (SignatureSteps.FaultOf(document) is { } fault) throw new ArgumentException(fault, nameof(document));
        return new(new SignLeaf(document));
    }

    /// <summary>
    /// Speaks to the second card of the terminal, such as a security module of the shop, under the allow-list of the terminal
    /// (docs/protocols/script.md §6, rule 10): power, then the commands. What it answers before a payment of the same script
    /// is in the digest that the payment's receipt covers.
    /// </summary>
    /// <param name="commands">1 to <see cref="MaxCommands"/>, a SELECT first.</param>
    /// <returns>Its answers, whatever their statuses; null where no second card answered all of them.</returns>
    public static Dialogue<IReadOnlyList<ResponseApdu>?> AskSecondCard(params IReadOnlyList<CommandApdu> commands)
    {
        ArgumentOutOfRangeException.ThrowIfZero(commands.Count, nameof(commands));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commands.Count, MaxCommands, nameof(commands));
        return new(Node.MapTo(
            new SecondCardLeaf(commands.ToSequence()), answers => (IReadOnlyList<ResponseApdu>?)answers));
    }

    /// <summary>Credits the account from the holder's bank and writes it to the card.</summary>
    public static Dialogue<Done> Load(Amount amount) => Plain(new LoadLeaf(Positive(amount)));

    /// <summary>Writes to the card what its account has and the card has not.</summary>
    public static Dialogue<Done> Deliver() => Plain(new DeliverLeaf());

    /// <summary>
    /// Writes a field of the application to the card; it is kept alike on all cards of the holder.
    /// </summary>
    /// <exception cref="ArgumentException">More than a field holds.</exception>
    /// <remarks>
    /// Behind a payment or a signature of the same dialogue it stands in nobody's way: what the card does not keep is told
    /// the holder, and payment and signature have their results.
    /// </remarks>
    public static Dialogue<Done> Keep(CardField field, string value) =>
        Plain(new KeepLeaf(new FieldOrder(field, CardField.Content(value), Delivery: null)));

    /// <summary>The holder enters the PIN and a new one, twice, at the terminal.</summary>
    public static Dialogue<Done> ChangePin() => Plain(new ChangePinLeaf());

    /// <summary>The holder enters the PUK and a new PIN, twice, at the terminal.</summary>
    public static Dialogue<Done> UnblockPin() => Plain(new UnblockPinLeaf());

    private static Dialogue<Receipt> Pay(Payment payment)
    {
        Positive(payment.Amount);
        ArgumentException.ThrowIfNullOrWhiteSpace(payment.Item, nameof(payment));
        Line(payment.Item, Payment.MaxItem);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payment.Goods.Count, GoodsField.MaxFields, nameof(payment));
        return new(new PayLeaf(payment));
    }

    private static Dialogue<Done> Plain(Node node) => new(Node.MapTo(node, _ => default(Done)));

    private static Amount Positive(Amount amount)
    {
        ArgumentOutOfRangeException.ThrowIfZero(amount.MinorUnits, nameof(amount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount.MinorUnits, (uint)int.MaxValue, nameof(amount));
        return amount;
    }

    private static string Line(string text, int max)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, max, nameof(text));
        if (text.Contains('\n', StringComparison.Ordinal)) throw new ArgumentException("One line only.", nameof(text));
        return text;
    }
}

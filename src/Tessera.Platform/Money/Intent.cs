using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>Names one intent for ever.</summary>
public readonly record struct IntentId(Guid Value)
{
    public static IntentId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>From 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static IntentId Parse(string digits) => new(Guid.ParseExact(digits, "N"));

    public override string ToString() => Value.ToString("N");
}

/// <summary>What is known of an intent (docs/protocols/purse.md §6).</summary>
public enum IntentState
{
    Authorised = 1,
    Done = 2,
    NotDone = 3,

    /// <summary>A script was sent and no authenticated answer came.</summary>
    Unknown = 4,
}

/// <summary>
/// One thing a card may be asked for: the holder, or what happens at the terminal, picks one of several.
/// </summary>
/// <param name="Amount">Minor units: exact, or the ceiling of what the holder may type.</param>
/// <param name="Merchant">Who is paid by a debit; not used by the other kinds.</param>
/// <param name="What">What it is for, as the holder reads it.</param>
public sealed record Alternative(MoveKind Kind, MoveTerms Terms, uint Amount, string Merchant, string What)
{
    public const int MaxWhat = 200;

    /// <summary>
    /// Fields that the card writes with the debit, as <see cref="GoodsField"/> in their order; empty where it brings none.
    /// </summary>
    public Bytes Goods { get; init; }

    public static Alternative Debit(
        uint amount, string merchant, string what, MoveTerms terms = MoveTerms.PinRequired) =>
        new(MoveKind.Debit, terms, amount, merchant, what);

    /// <summary>The pending adds of the card with one of them shown as a load in its log.</summary>
    public static Alternative Load(uint amount, string what) =>
        new(MoveKind.Load, MoveTerms.WithoutPin, amount, "", what);

    /// <summary>Wanted by the issuer of the purse itself; it moves nothing.</summary>
    /// <param name="kind">An order.</param>
    /// <param name="amount">What it allows or limits to; 0 for the others.</param>
    public static Alternative Order(MoveKind kind, uint amount = 0) =>
        new(kind, MoveTerms.WithoutPin, amount, "", $"{kind} the purse");

    /// <summary>It moves nothing, not even pending adds.</summary>
    public bool IsOrder => Kind.IsOrder();

    /// <summary>The pending adds of the card and nothing else.</summary>
    public static Alternative Adjust(string what) => new(MoveKind.Adjust, MoveTerms.WithoutPin, 0, "", what);
}

/// <summary>An alternative with the adjustment that travels with it and the S2 that allows both.</summary>
public sealed record AuthorisedMove(Alternative Alternative, int Adjust, Bytes S2)
{
    public MoveKind Kind => Alternative.Kind;

    public MoveTerms Terms => Alternative.Terms;

    public uint Amount => Alternative.Amount;

    /// <summary>The account's risk: what a debit may take at most, now or offline.</summary>
    public uint Hold => Kind is MoveKind.Debit or MoveKind.Allow ? Amount : 0;

    /// <summary>Where it stands if nobody learned of it: what brought goods with it owes nothing more.</summary>
    internal LateState Owes => Alternative.Goods.Length > 0 ? LateState.Fulfilled : LateState.Owed;

    /// <summary>The movement this becomes when the card commits it with <paramref name="amount"/>.</summary>
    public Movement With(uint amount) => new(Kind, Terms, Adjust, amount, S2);

    /// <summary>Whether <paramref name="movement"/> is this one, committed.</summary>
    public bool Allows(Movement movement) =>
        movement == With(movement.Amount) &&
        (Terms.HasFlag(MoveTerms.Ceiling) ? movement.Amount <= Amount : movement.Amount == Amount);
}

/// <summary>What a card may be asked to move under one transaction number, recorded before it is asked.</summary>
/// <param name="Number">The transaction number it would take.</param>
/// <param name="Nonce">The nonce of <paramref name="S1"/>; zero where the card opened the session.</param>
/// <param name="S1">The state of the card that every S2 is bound to.</param>
/// <param name="Hold">The largest risk among the alternatives: what the account keeps aside.</param>
/// <param name="Script">The exact octets to send.</param>
/// <param name="Suspended">Its card was revoked: its hold was moved to suspense.</param>
public sealed record Intent(
    IntentId Id,
    HolderId Holder,
    CardId Card,
    uint Number,
    Bytes Nonce,
    PurseState S1,
    IReadOnlyList<AuthorisedMove> Moves,
    long Hold,
    Bytes Script,
    SessionReference Session,
    IntentState State,
    bool Suspended,
    DateTimeOffset Opened,
    DateTimeOffset? Closed)
{
    /// <summary>It takes what is pending for the card in flight: all but orders do.</summary>
    public bool CarriesAdds => !Moves[0].Alternative.IsOrder;

    /// <summary>Something could be paid by it: the holder is told what became of it.</summary>
    public bool IsPayment => Moves.Any(move => move.Kind == MoveKind.Debit);

    /// <summary>The order of an allowance: it is held until it is known which of two the card has.</summary>
    public bool IsAllowance => Moves[0].Kind == MoveKind.Allow;

    public bool IsOpen => State is IntentState.Authorised or IntentState.Unknown;

    /// <summary>What a receipt says was moved: the amount of the alternative, or what the holder typed.</summary>
    public uint AmountOf(AuthorisedMove move, PurseReceipt receipt) => move.Terms.HasFlag(MoveTerms.Ceiling)
        ? (uint)(S1.Balance + (long)move.Adjust - receipt.Balance)
        : move.Amount;
}

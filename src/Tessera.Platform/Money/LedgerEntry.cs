namespace Tessera.Platform.Money;

/// <summary>Names one entry of the ledger for ever.</summary>
public readonly record struct EntryId(Guid Value)
{
    public static EntryId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>From 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static EntryId Parse(string digits) => new(Guid.ParseExact(digits, "N"));

    public override string ToString() => Value.ToString("N");
}

/// <summary>Why value moved between accounts.</summary>
public enum EntryKind
{
    Load = 1,
    Debit = 2,
    Refund = 3,

    /// <summary>The hold of a revoked card, moved aside.</summary>
    Suspend = 4,

    /// <summary>What a revoked card proved late: paid, and the rest given back.</summary>
    Release = 5,

    /// <summary>A movement a card proved that no open intent had asked for.</summary>
    Unexplained = 6,

    /// <summary>An offline debit of a revoked card, cleared when its allowance had been given back.</summary>
    Late = 7,
}

/// <summary>One line of an entry: minor units put into an account, or taken out of it.</summary>
public readonly record struct Posting(AccountId Account, long Amount);

/// <summary>Value moving between accounts of one currency: what leaves some enters others, to the last unit.</summary>
public sealed record LedgerEntry
{
    /// <param name="intent">The intent whose outcome it books, if it is one.</param>
    /// <param name="key">Two entries with one key are the same entry, booked once.</param>
    /// <exception cref="ArgumentException">The postings do not sum to zero, or mix currencies.</exception>
    public LedgerEntry(
        EntryId id, EntryKind kind, string what, DateTimeOffset time, IReadOnlyList<Posting> postings,
        IntentId? intent = null, string? key = null)
    {
        if (postings.Count < 2) throw new ArgumentException("An entry has two sides.", nameof(postings));
        if (postings.Any(posting => posting.Amount == 0))
            throw new ArgumentException("A posting moves something.", nameof(postings));
        if (postings.Sum(posting => posting.Amount) is not 0 and var sum)
            throw new ArgumentException($"The postings sum to {sum}, not to zero.", nameof(postings));
        if (postings.DistinctBy(posting => posting.Account.Currency).Skip(1).Any())
            throw new ArgumentException("The postings mix currencies.", nameof(postings));
        (Id, Kind, What, Time, Postings, Intent, Key) = (id, kind, what, time, postings, intent, key);
    }

    public EntryId Id { get; }

    public EntryKind Kind { get; }

    /// <summary>For the holder to read.</summary>
    public string What { get; }

    public DateTimeOffset Time { get; }

    public IReadOnlyList<Posting> Postings { get; }

    public IntentId? Intent { get; }

    public string? Key { get; }

    /// <summary>What the entry puts into <paramref name="account"/>, signed.</summary>
    public long To(AccountId account) =>
        Postings.Where(posting => posting.Account == account).Sum(posting => posting.Amount);
}

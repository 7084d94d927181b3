using System.Globalization;
using Tessera.Cards;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Money;

/// <summary>What an account of the ledger is for.</summary>
public enum AccountKind
{
    /// <summary>Value a holder owns; the truth of which cards hold copies.</summary>
    Purse = 1,

    /// <summary>Value earned by whoever sells.</summary>
    Merchant = 2,

    /// <summary>Where loads come from; negative by what it has paid in.</summary>
    Funding = 3,

    /// <summary>The hold of a card revoked with an open intent, until its outcome is proven.</summary>
    Suspense = 4,

    /// <summary>
    /// What the issuer bears: movements a card proved beyond what its holder's account could pay, and offline debits that
    /// came too late.
    /// </summary>
    Loss = 5,
}

/// <summary>Names one account of the ledger, in one currency.</summary>
/// <param name="Currency">ISO 4217 digits, e.g. 0978.</param>
public readonly record struct AccountId(AccountKind Kind, string Owner, ushort Currency)
{
    public const int MaxOwner = 64;

    public static AccountId Purse(HolderId holder, ushort currency) =>
        new(AccountKind.Purse, holder.ToString(), currency);

    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="MaxOwner"/>.</exception>
    public static AccountId Merchant(string name, ushort currency) => Named(AccountKind.Merchant, name, currency);

    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="MaxOwner"/>.</exception>
    public static AccountId Funding(string source, ushort currency) => Named(AccountKind.Funding, source, currency);

    public static AccountId Suspense(CardId card, ushort currency) =>
        new(AccountKind.Suspense, card.ToString(), currency);

    /// <summary>Of whoever the issuer gave that id to take offline debits.</summary>
    public static AccountId Acceptor(uint id, ushort currency) =>
        Named(AccountKind.Merchant, string.Create(CultureInfo.InvariantCulture, $"acceptor {id}"), currency);

    public static AccountId Loss(ushort currency) => new(AccountKind.Loss, "issuer", currency);

    /// <summary>
    /// What the issuer bears because an offline debit was cleared when its allowance had been given back.
    /// </summary>
    public static AccountId LateOffline(ushort currency) => new(AccountKind.Loss, "late offline", currency);

    /// <summary>From <c>kind:owner:currency</c>, as <see cref="ToString"/> writes it.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static AccountId Parse(string text)
    {
        var (first, last) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (first < 0 || last <= first + 1 || !Enum.TryParse<AccountKind>(text[..first], true, out var kind))
            throw new FormatException($"'{text}' names no account.");
        var currency = ushort.Parse(text[(last + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new AccountId(kind, text[(first + 1)..last], currency);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}:{Owner}:{Currency:X4}");

    private static AccountId Named(AccountKind kind, string name, ushort currency)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxOwner) throw new ArgumentException($"Longer than {MaxOwner} characters.", nameof(name));
        return new AccountId(kind, name, currency);
    }
}

using Tessera.Platform.Money;
using Tessera.Platform.Views;

namespace Tessera.Server.Books;

/// <summary>The whole book as people and machines read it, with the proof that it holds.</summary>
/// <param name="Holds">No rule is broken.</param>
public sealed record BookState(
    bool Holds,
    IReadOnlyList<RuleState> Rules,
    IReadOnlyList<AccountState> Accounts,
    IReadOnlyList<CopyState> Copies,
    IReadOnlyList<IntentLine> Open);

/// <summary>One rule and every place that breaks it.</summary>
public sealed record RuleState(LedgerRule Rule, string Text, IReadOnlyList<LedgerFault> Faults);

/// <summary>An account and its balance in minor units.</summary>
public sealed record AccountState(string Account, long Balance);

/// <summary>What one card is known to hold beside its holder's account, minor units.</summary>
public sealed record CopyState(
    string Card, string State, long Proven, uint Number, long Pending, long InFlight, long Account);

/// <summary>An intent whose outcome is not settled, with what it holds, minor units.</summary>
public sealed record IntentLine(string Intent, string Card, uint Number, string What, long Hold, string State);

/// <summary>Reads the book and checks it.</summary>
public sealed class BookReader(IMoneyStore store, PurseKeyring keys)
{
    private static readonly IReadOnlyList<(LedgerRule Rule, string Text)> Rules =
    [
        (LedgerRule.EntriesSumToZero, "The postings of every entry sum to zero"),
        (LedgerRule.TotalIsZero, "All accounts together are zero"),
        (LedgerRule.BalanceIsSumOfPostings, "Every account is the sum of its postings"),
        (LedgerRule.CopiesFollowAccount, "Proven balance, pending and in-flight adds of every card make its account"),
        (LedgerRule.InFlightHasIntent, "Adds are in flight under an open intent only"),
        (LedgerRule.OneOpenIntent, "No card has more than one open intent"),
        (LedgerRule.HoldIsLargestDebit, "Every intent holds its largest debit"),
        (LedgerRule.NumbersAreGapless, "The movements of every card are numbered without a gap, each once"),
        (LedgerRule.DebitsAreBooked, "Every debit is booked with the amount its card proved"),
        (LedgerRule.EvidenceVerifies, "Every receipt, proof and state verifies against its card's key"),
        (LedgerRule.NoNegativeAccount, "No purse, merchant or suspense account is below zero"),
        (LedgerRule.NoNegativeSpendable, "No holder has less than open intents hold"),
    ];

    public async Task<BookState> ReadAsync(CancellationToken cancel)
    {
        var faults = (await new LedgerCheck(store, keys).RunAsync(cancel)).ToLookup(fault => fault.Rule);
        await using var view = await store.ViewAsync(cancel);
        List<AccountState> accounts = [];
        await foreach (var (account, balance) in view.AccountsAsync(cancel))
            accounts.Add(new AccountState(account.ToString(), balance));

        List<CopyState> copies = [];
        List<IntentLine> open = [];
        await foreach (var purse in view.PursesAsync(cancel))
        {
            copies.AddRange(purse.Copies.Select(copy => new CopyState(
                copy.Card.ToString(), copy.Registration.State.ToString(), copy.Balance, copy.Number, copy.Pending,
                copy.InFlight, purse.Account)));
            open.AddRange(purse.Open.Select(intent => new IntentLine(
                intent.Id.ToString(), intent.Card.ToString(), intent.Number, What(intent), intent.Hold,
                intent.State.ToString())));
        }

        return new BookState(
            faults.Count == 0,
            [.. Rules.Select(rule => new RuleState(rule.Rule, rule.Text, [.. faults[rule.Rule]]))],
            accounts, copies, open);
    }

    /// <summary>Minor units as people read them.</summary>
    public static string Text(long minorUnits) => Amount.Text(minorUnits);

    private static string What(Intent intent) =>
        string.Join(" / ", intent.Moves.Select(move => move.Alternative.What).Distinct(StringComparer.Ordinal));
}

using Tessera.Cards;
using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

/// <summary>The rules of money that hold at every moment (docs/protocols/purse.md §6).</summary>
public enum LedgerRule
{
    EntriesSumToZero = 1,
    TotalIsZero = 2,
    BalanceIsSumOfPostings = 3,

    /// <summary>
    /// Last proven balance + pending and in-flight adds - offline debits ahead of it = account, for every card kept.
    /// </summary>
    CopiesFollowAccount = 4,

    /// <summary>Adds are in flight under an open intent only.</summary>
    InFlightHasIntent = 5,

    OneOpenIntent = 6,
    HoldIsLargestDebit = 7,

    /// <summary>
    /// Movements of a card are numbered from 1 to its copy's number, each once, each balance following the last; beyond it
    /// there are offline debits only, after a gap and within what a log holds.
    /// </summary>
    NumbersAreGapless = 8,

    /// <summary>Every debit is in the book with the amount that was proven.</summary>
    DebitsAreBooked = 9,

    /// <summary>Every receipt, proof or state that a movement rests on verifies against the card's key.</summary>
    EvidenceVerifies = 10,

    /// <summary>Nobody but who funds and who bears the loss owes anything.</summary>
    NoNegativeAccount = 11,

    NoNegativeSpendable = 12,

    /// <summary>
    /// What a card may spend offline is what it was last allowed less what it has spent since, or was given back.
    /// </summary>
    AllowancesFollowMovements = 13,

    /// <summary>
    /// In suspense is what open intents and allowances of revoked cards hold and what nobody had asked for.
    /// </summary>
    SuspenseIsHeld = 14,

    /// <summary>What the issuer lost to late offline debits is what was proven of allowances that it gave back.</summary>
    LateDebitsAreBorne = 15,
}

/// <summary>One place where the book breaks a rule.</summary>
/// <param name="Where">The entry, account, card or intent.</param>
public sealed record LedgerFault(LedgerRule Rule, string Where, string What);

/// <summary>Reads the whole book as of one moment and tells every rule it breaks.</summary>
/// <param name="keys">Without them evidence is not verified again.</param>
public sealed partial class LedgerCheck(IMoneyStore store, PurseKeyring? keys = null)
{
    public async Task<IReadOnlyList<LedgerFault>> RunAsync(CancellationToken cancel)
    {
        List<LedgerFault> faults = [];
        await using var view = await store.ViewAsync(cancel);
        await CheckAccountsAsync(view, faults, await CheckEntriesAsync(view, faults, cancel), cancel);
        var copies = await CheckPursesAsync(view, faults, cancel);
        await CheckMovementsAsync(view, faults, copies, cancel);
        await CheckSuspenseAsync(view, faults, copies, cancel);
        await CheckBorneAsync(view, faults, copies, cancel);
        await foreach (var intent in view.IntentsAsync(cancel))
        {
            var largest = intent.Moves.Max(move => (long)move.Hold);
            if (intent.Hold != largest)
                faults.Add(new LedgerFault(
                    LedgerRule.HoldIsLargestDebit, $"intent {intent.Id}", $"holds {intent.Hold}, not {largest}"));
        }

        return faults;
    }

    /// <returns>What the postings to each account sum to.</returns>
    private static async Task<Dictionary<AccountId, long>> CheckEntriesAsync(
        ILedgerView view, List<LedgerFault> faults, CancellationToken cancel)
    {
        Dictionary<AccountId, long> sums = [];
        var (entry, sum) = (default(EntryId), 0L);
        await foreach (var (id, posting) in view.PostingsAsync(cancel))
        {
            if (id != entry) CloseEntry();
            (entry, sum) = (id, sum + posting.Amount);
            sums[posting.Account] = sums.GetValueOrDefault(posting.Account) + posting.Amount;
        }

        CloseEntry();
        return sums;

        void CloseEntry()
        {
            if (sum != 0) faults.Add(new LedgerFault(LedgerRule.EntriesSumToZero, $"entry {entry}", $"sums to {sum}"));
            sum = 0;
        }
    }

    private static async Task CheckAccountsAsync(
        ILedgerView view, List<LedgerFault> faults, Dictionary<AccountId, long> sums, CancellationToken cancel)
    {
        var total = 0L;
        await foreach (var (account, balance) in view.AccountsAsync(cancel))
        {
            total += balance;
            sums.Remove(account, out var sum);
            if (balance != sum)
                faults.Add(new LedgerFault(
                    LedgerRule.BalanceIsSumOfPostings, account.ToString(), $"is {balance}, its postings sum to {sum}"));
            if (balance < 0 && account.Kind is not (AccountKind.Funding or AccountKind.Loss))
                faults.Add(new LedgerFault(LedgerRule.NoNegativeAccount, account.ToString(), $"is {balance}"));
        }

        faults.AddRange(sums.Where(left => left.Value != 0).Select(left => new LedgerFault(
            LedgerRule.BalanceIsSumOfPostings, left.Key.ToString(),
            $"is not there, its postings sum to {left.Value}")));
        if (total != 0) faults.Add(new LedgerFault(LedgerRule.TotalIsZero, "all accounts", $"sum to {total}"));
    }

    /// <returns>The copy of each card.</returns>
    private static async Task<Dictionary<CardId, CardCopy>> CheckPursesAsync(
        ILedgerView view, List<LedgerFault> faults, CancellationToken cancel)
    {
        Dictionary<CardId, CardCopy> copies = [];
        await foreach (var purse in view.PursesAsync(cancel))
        {
            if (purse.Spendable < 0)
                faults.Add(new LedgerFault(
                    LedgerRule.NoNegativeSpendable, $"holder {purse.Holder}", $"{purse.Account} - {purse.Holds}"));
            faults.AddRange(purse.Open.GroupBy(intent => intent.Card).Where(open => open.Skip(1).Any()).Select(open =>
                new LedgerFault(LedgerRule.OneOpenIntent, $"card {open.Key}", $"has {open.Count()} open intents")));
            foreach (var copy in purse.Copies)
            {
                copies[copy.Card] = copy;
                if (copy.IsKept && copy.Balance + copy.Pending + copy.InFlight - copy.AheadAmount != purse.Account)
                    faults.Add(new LedgerFault(
                        LedgerRule.CopiesFollowAccount, $"card {copy.Card}",
                        $"{copy.Balance} + {copy.Pending} pending + {copy.InFlight} in flight - {copy.AheadAmount} ahead, " +
                        $"not {purse.Account}"));
                if (copy.InFlight != 0 && purse.OpenOf(copy.Card) is null)
                    faults.Add(new LedgerFault(
                        LedgerRule.InFlightHasIntent, $"card {copy.Card}",
                        $"{copy.InFlight} in flight, no open intent"));
            }
        }

        return copies;
    }

    private async Task CheckMovementsAsync(
        ILedgerView view, List<LedgerFault> faults, Dictionary<CardId, CardCopy> copies, CancellationToken cancel)
    {
        CardHistories histories = new(copies);
        await foreach (var proven in view.MovementsAsync(cancel))
        {
            var movement = proven.Movement;
            var where = $"card {movement.Card} number {movement.Number}";
            if (histories.Take(movement) is { } fault) faults.Add(fault);

            var debit = movement.Movement.Kind.IsDebit() ? movement.Movement.Amount : 0;
            if (proven.Paid != debit && (movement.Intent ?? (object?)movement.Entry) is not null)
                faults.Add(new LedgerFault(LedgerRule.DebitsAreBooked, where, $"booked {proven.Paid}, moved {debit}"));
            if (keys?.Verifies(proven) == false)
                faults.Add(new LedgerFault(
                    LedgerRule.EvidenceVerifies, where, $"{movement.Evidence.Kind} does not verify"));
        }

        faults.AddRange(histories.Ends());
    }
}

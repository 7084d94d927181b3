using Tessera.Cards;
using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

public sealed partial class LedgerCheck
{
    private static async Task CheckBorneAsync(
        ILedgerView view, List<LedgerFault> faults, Dictionary<CardId, CardCopy> copies, CancellationToken cancel)
    {
        var borne = copies.Values.Where(copy => copy.Limits is { Borne: not 0 })
            .GroupBy(copy => AccountId.LateOffline(copy.Registration.Currency))
            .ToDictionary(group => group.Key, group => group.Sum(copy => copy.Limits!.Borne));
        await foreach (var (_, posting) in view.PostingsAsync(cancel))
        {
            if (posting.Amount < 0 && posting.Account == AccountId.LateOffline(posting.Account.Currency))
                borne[posting.Account] = borne.GetValueOrDefault(posting.Account) + posting.Amount;
        }

        faults.AddRange(borne.Where(left => left.Value != 0).Select(left => new LedgerFault(
            LedgerRule.LateDebitsAreBorne, left.Key.ToString(), $"cards prove {left.Value} more than it paid")));
    }

    /// <summary>
    /// What is in suspense for a card is the hold of its open intent, what it may still have spent offline, what it moved
    /// without an intent, and the hold that such a movement of a revoked card took the place of; nothing else.
    /// </summary>
    private static async Task CheckSuspenseAsync(
        ILedgerView view, List<LedgerFault> faults, Dictionary<CardId, CardCopy> copies,
        CancellationToken cancel)
    {
        Dictionary<AccountId, long> expected = [];
        Dictionary<(CardId Card, uint Number), AccountId> unbooked = [];
        await foreach (var proven in view.MovementsAsync(cancel))
        {
            var (movement, account) = (proven.Movement, AccountId.Suspense(proven.Card.Card, proven.Card.Currency));
            if (movement.Intent is not null) continue;
            if (movement.Entry is null) unbooked[(movement.Card, movement.Number)] = account;
            else if (movement.Movement.Kind == MoveKind.Debit) Expect(account, movement.Movement.Amount);
        }

        foreach (var copy in copies.Values.Where(copy => !copy.IsKept && copy.Allowance > 0))
            Expect(AccountId.Suspense(copy.Card, copy.Registration.Currency), copy.Allowance);

        await foreach (var intent in view.IntentsAsync(cancel))
        {
            if (!intent.Suspended) continue;
            var displaced = unbooked.TryGetValue((intent.Card, intent.Number), out var account);
            if (intent.IsOpen)
                Expect(AccountId.Suspense(intent.Card, copies[intent.Card].Registration.Currency), intent.Hold);
            else if (displaced) Expect(account, intent.Hold);
        }

        await foreach (var (account, balance) in view.AccountsAsync(cancel))
        {
            if (account.Kind != AccountKind.Suspense) continue;
            expected.Remove(account, out var wanted);
            if (balance != wanted) Fault(account, balance, wanted);
        }

        foreach (var (account, wanted) in expected.Where(each => each.Value != 0)) Fault(account, 0, wanted);

        void Expect(AccountId account, long amount) => expected[account] = expected.GetValueOrDefault(account) + amount;

        void Fault(AccountId account, long balance, long wanted) => faults.Add(new LedgerFault(
            LedgerRule.SuspenseIsHeld, account.ToString(), $"is {balance}, what is open or unexplained is {wanted}"));
    }
}

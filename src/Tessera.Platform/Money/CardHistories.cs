using Tessera.Cards;
using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

/// <summary>The movements of each card, held against the copy that the book has of it.</summary>
internal sealed class CardHistories(IReadOnlyDictionary<CardId, CardCopy> copies)
{
    private readonly Dictionary<CardId, (uint Number, long Balance)> _last = [];
    private readonly Dictionary<CardId, long> _allowances = [];

    /// <summary>The next movement of a card, by number; what is wrong with it, or null.</summary>
    public LedgerFault? Take(BookedMovement movement)
    {
        Count(movement);
        var (number, balance) = _last.GetValueOrDefault(movement.Card);
        var follows = movement.Number == number + 1 && movement.Balance == balance + movement.Movement.Delta;
        if (copies.GetValueOrDefault(movement.Card) is { } copy && movement.Number > copy.Number)
        {
            var isAhead = movement.Movement.Kind == MoveKind.OfflineDebit && movement.Number > copy.Number + 1 &&
                movement.Number <= copy.Number + PurseCommands.LogRecords;
            return isAhead ? null : Gap(movement, $"{movement.Movement.Kind} beyond number {copy.Number}");
        }

        _last[movement.Card] = (movement.Number, movement.Balance);
        return follows
            ? null
            : Gap(movement, $"{movement.Movement.Delta} to {movement.Balance} after number {number}, {balance}");
    }

    /// <summary>Where copies are not at the end of their movements.</summary>
    public IEnumerable<LedgerFault> Ends()
    {
        foreach (var copy in copies.Values)
        {
            var last = _last.GetValueOrDefault(copy.Card);
            if (last != (copy.Number, (long)copy.Balance))
                yield return new LedgerFault(
                    LedgerRule.NumbersAreGapless, $"card {copy.Card}",
                    $"at {copy.Number}, {copy.Balance}; its movements end with {last}");
            var allowance = _allowances.GetValueOrDefault(copy.Card);
            if (!Leaves(copy, allowance))
                yield return new LedgerFault(
                    LedgerRule.AllowancesFollowMovements, $"card {copy.Card}",
                    $"{copy.Allowance} held, {copy.AtRisk} given back, its movements leave {allowance}");
        }
    }

    /// <summary>What was given back may hold another allowance, of which nobody knows whether the card took it.</summary>
    private static bool Leaves(CardCopy copy, long allowance) => copy.Limits is { GivenBack: > 0 } limits
        ? copy is { Allowance: 0, AtRisk: >= 0 } && allowance + limits.Borne >= 0
            && allowance + limits.Borne <= limits.GivenBack
        : allowance == copy.Allowance && copy.AtRisk == 0;

    private void Count(BookedMovement movement)
    {
        if (movement.Movement.Kind == MoveKind.Allow) _allowances[movement.Card] = movement.Movement.Amount;
        if (movement.Movement.Kind == MoveKind.OfflineDebit)
            _allowances[movement.Card] = _allowances.GetValueOrDefault(movement.Card) - movement.Movement.Amount;
    }

    private static LedgerFault Gap(BookedMovement movement, string what) =>
        new(LedgerRule.NumbersAreGapless, $"card {movement.Card} number {movement.Number}", what);
}

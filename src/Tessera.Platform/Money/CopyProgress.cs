using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

/// <summary>How the copy of a card goes from number to number, past what was booked ahead of it.</summary>
internal static class CopyProgress
{
    /// <summary>From a proven movement on over all that follows it without a gap.</summary>
    public static CopyStep Follow(this CardCopy copy, CopyStep step)
    {
        foreach (var ahead in copy.Ahead.OrderBy(ahead => ahead.Number))
        {
            if (ahead.Number == step.Number + 1)
                step = step with { Balance = ahead.Balance, Number = ahead.Number, LastS2 = ahead.Movement.S2 };
        }

        return step;
    }

    /// <summary>Whether the copy, the next movement and what was booked ahead can be one card's history.</summary>
    public static bool Accords(this CardCopy copy, BookedMovement next)
    {
        var (number, balance) = (next.Number, next.Balance);
        if (number != copy.Number + 1 || balance != copy.Balance + next.Movement.Delta) return false;
        foreach (var ahead in copy.Ahead.OrderBy(ahead => ahead.Number))
        {
            if (ahead.Number != number + 1) break;
            if (ahead.Balance != balance + ahead.Movement.Delta) return false;
            (number, balance) = (ahead.Number, ahead.Balance);
        }

        return next.Movement.Kind != MoveKind.Allow || copy.AheadAmount <= next.Movement.Amount;
    }

    /// <summary>Numbers up to <paramref name="last"/> that are not in the book.</summary>
    public static IEnumerable<uint> Missing(this CardCopy copy, uint last)
    {
        for (var number = copy.Number + 1L; number <= last; number++)
        {
            if (copy.Ahead.All(ahead => ahead.Number != number)) yield return (uint)number;
        }
    }

    /// <summary>What an order of the issuer changed, once it is done; null for any other movement.</summary>
    public static LimitsStep? Ordered(this CardCopy copy, Movement movement) => movement.Kind switch
    {
        MoveKind.Allow => new LimitsStep(copy.Card, (uint)(movement.Amount - copy.AheadAmount), null),
        MoveKind.Limit => new LimitsStep(copy.Card, null, movement.Amount),
        _ => null,
    };
}

using Tessera.Cards.Purse;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    private const uint ManyUnseen = PurseCommands.LogRecords / 2;

    private readonly PursePolicy _policy = policy ?? new PursePolicy();

    /// <summary>The contact with what the policy wants of a card that agrees with the book.</summary>
    private Contact Limited(Contact contact, HolderPurse purse, CardCopy copy) =>
        contact.Refusal is null && LimitWanted(purse, copy, contact.S1) is var (kind, amount)
            ? contact with { Order = kind, OrderAmount = amount }
            : contact;

    /// <summary>What the policy wants of a card in use that knows limits; null for nothing.</summary>
    private (MoveKind Kind, uint Amount)? LimitWanted(HolderPurse purse, CardCopy copy, PurseState s1)
    {
        const PurseCondition Unfit = PurseCondition.Deactivated | PurseCondition.NumberExhausted;
        if (copy.Registration.State != CardState.Active || !s1.Flags.HasFlag(PurseCondition.Offline) ||
            (s1.Flags & Unfit) != PurseCondition.None)
            return null;
        var threshold = copy.Wish?.GreatestWithoutPin ?? _policy.GreatestWithoutPin;
        if (threshold is { } greatest && copy.Limits?.GreatestWithoutPin != greatest)
            return (MoveKind.Limit, greatest);
        return AllowanceWanted(purse, copy) is { } allowance ? (MoveKind.Allow, allowance) : null;
    }

    /// <summary>
    /// Another allowance when the one there is is more than wanted or half used up, or when the log is half full of what
    /// the card does not know to be booked: an order tells it.
    /// </summary>
    private uint? AllowanceWanted(HolderPurse purse, CardCopy copy)
    {
        var (wanted, left) = (copy.Wish?.OfflineAllowance ?? _policy.OfflineAllowance, copy.Allowance);
        var affordable = (uint)Math.Clamp(purse.Spendable / 2, 0, wanted);
        if (left > wanted) return affordable;
        if (left < wanted - left && affordable > left) return affordable;
        return copy.Limits is { Unseen: >= ManyUnseen } && left > 0 && left <= purse.Spendable ? left : null;
    }
}

/// <summary>
/// What an issuer wants its cards to do without it: ordered at the next contact of each card, where nothing else was said of
/// that card when it was issued.
/// </summary>
public sealed record PursePolicy
{
    /// <summary>
    /// What a card may spend without the server, minor units; 0, the default, is nothing. It is held on the account, and
    /// never more than half of what is spendable.
    /// </summary>
    public uint OfflineAllowance { get; init; }

    /// <summary>
    /// The greatest debit without PIN that a card takes, minor units; null, the default, leaves it as it was made.
    /// </summary>
    public uint? GreatestWithoutPin { get; init; }
}

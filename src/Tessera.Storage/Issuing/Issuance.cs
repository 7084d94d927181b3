using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>What is wanted of a card that is issued.</summary>
/// <param name="Applications">Identifiers of the applets it shall have, or of sections of the data store.</param>
public sealed record IssueOrder(CardKind Kind, IReadOnlyList<Bytes> Applications)
{
    /// <summary>Who gets it: one who has cards; null for somebody new.</summary>
    public HolderId? Holder { get; init; }

    /// <summary>The name of somebody new; null for one who has cards, or of the card that is replaced.</summary>
    public string? NewHolder { get; init; }

    /// <summary>The id it shall have; a new one where it is null.</summary>
    public CardId? Card { get; init; }

    /// <summary>Currency and greatest balance of its purse.</summary>
    public PurseTraits Purse { get; init; } = new(0x0978, 100_000);

    /// <summary>What its purse may do without PIN and without the server, where that is not as for all cards.</summary>
    public CardWish Wish { get; init; } = new(null, null);

    /// <summary>The number of a SIM, digits without +; null for a card that is none.</summary>
    public string? Msisdn { get; init; }

    /// <summary>What is wanted of its subscription; of a SIM only.</summary>
    public SimWish Sim { get; init; } = new();

    /// <summary>The lost card whose place it takes; its holder gets this one.</summary>
    public CardId? Replaces { get; init; }

    public bool HasPurse => Applications.Contains(PurseCommands.Aid);

    /// <summary>All of the data store, or sections of it.</summary>
    public bool HasStore => Applications.Any(aid => aid.Span.StartsWith(StoreCommands.Aid.Span));
}

/// <summary>A card on its way to its holder: begun before anything is written to it, finished when it is registered.</summary>
/// <param name="Chip">Key diversification data of its security domain.</param>
/// <param name="Checks">Check values of its keys.</param>
/// <param name="Finished">Null until then.</param>
public sealed record Issuance(
    CardId Card, Bytes Chip, HolderId Holder, IssueOrder Order, byte KeyVersion, IReadOnlyList<CardKeyCheck> Checks,
    string Operator, DateTimeOffset Begun, DateTimeOffset? Finished)
{
    /// <summary>
    /// Who it is as a SIM; null for a card that is none, and for SIMs that were issued with that of their maker.
    /// </summary>
    public SimIdentity? Sim { get; init; }

    public bool HasPurse => Order.HasPurse;

    public bool HasStore => Order.HasStore;

    /// <summary>As it stands in the register of cards from then on.</summary>
    public CardRegistration Registration(DateTimeOffset since) => new(
        Card, Holder, Order.Kind, Order.Applications, KeyVersion, HasPurse ? Order.Purse.Currency : (ushort)0,
        HasPurse ? Order.Purse.GreatestBalance : 0, CardState.Active, since);
}

/// <summary>A key of a card by its check value.</summary>
public sealed record CardKeyCheck(string Key, string Value);

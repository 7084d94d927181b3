using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Platform.Objects;

namespace Tessera.Platform.Fields;

/// <summary>The fields that the applications of a server keep on cards, with the log and the keys to do it.</summary>
public sealed class CardFields(ChangeLog log, StoreKeyring keys, params IEnumerable<ICardApplication> applications)
{
    /// <summary>All of them; an id is there once.</summary>
    public IReadOnlyList<CardField> All { get; } = [.. applications.SelectMany(application => application.Fields)];

    public ChangeLog Log { get; } = log;

    public StoreKeyring Keys { get; } = keys;

    /// <summary>Signs tickets, coupons and receipts for them; null where the server signs none.</summary>
    public ObjectIssuer? Issuer { get; init; }

    /// <summary>Those that concern a card.</summary>
    public IEnumerable<CardField> On(CardRegistration card) => All.Where(field => card.Carries(field.Application));

    /// <summary>The field of a change; null where no application knows it any more.</summary>
    public CardField? Of(Change change) => All.FirstOrDefault(field =>
        field.Application == change.Application && string.Equals(field.Name, change.Field, StringComparison.Ordinal));
}

using System.Buffers.Binary;
using Tessera.Platform.Changes;
using Tessera.Platform.Fields;
using Tessera.Platform.Views;

namespace Tessera.Server.Books;

/// <summary>One change of a holder's cards as people and machines read it.</summary>
/// <param name="Id">Read on behind it with <c>before</c>.</param>
/// <param name="Field">As its holder calls it; <c>Balance</c> for money.</param>
/// <param name="Card">Where it was made; null where the issuer made it.</param>
/// <param name="Prior">The value before; of money the account.</param>
/// <param name="New">The value after, likewise.</param>
/// <param name="Choice">What the holder said where two cards had changed the field.</param>
public sealed record ChangeState(
    string Id, DateTimeOffset Time, string Field, string? Card, string Prior, string New, string Kind, string Policy,
    HoldersChoice Choice, IReadOnlyList<DeliveryLine> Deliveries);

/// <summary>What became of a change in a conflict.</summary>
public enum HoldersChoice
{
    /// <summary>It is in no conflict.</summary>
    None,

    /// <summary>The holder has yet to choose.</summary>
    Open,

    /// <summary>The holder chose this one: it goes to every card, the one it was made on too.</summary>
    Chosen,
}

/// <summary>A change on its way to one card.</summary>
/// <param name="Amount">What is added, of money; null for other fields.</param>
public sealed record DeliveryLine(string Card, string State, string? Amount, DateTimeOffset Time);

/// <summary>Reads what was changed and how far it has come.</summary>
public sealed class ChangeReader(IChangeStore store, CardFields fields)
{
    /// <summary>Changes of one page.</summary>
    public const int Page = 50;

    private const string Money = "Balance";

    /// <param name="before">Read on behind this one; null for the newest.</param>
    public async Task<IReadOnlyList<ChangeState>> ReadAsync(ChangeId? before, CancellationToken cancel) =>
        [.. (await store.RecentAsync(before, Page, cancel)).Select(StateOf)];

    /// <summary>What an address names to read on behind; whatever is no id is none.</summary>
    public static ChangeId? Behind(string? before) =>
        Guid.TryParseExact(before, "N", out var id) ? new ChangeId(id) : null;

    private static HoldersChoice ChoiceOf(RecordedChange recorded) => recorded.Deliveries switch
    {
        var all when all.Any(one => one.State == DeliveryState.Conflict) => HoldersChoice.Open,
        var all when all.Any(one => one.Card == recorded.Change.Card) => HoldersChoice.Chosen,
        _ => HoldersChoice.None,
    };

    private ChangeState StateOf(RecordedChange recorded)
    {
        var change = recorded.Change;
        var field = fields.Of(change);
        string Value(Tessera.Wire.Bytes octets) => change.Kind == ChangeKind.Add
            ? Amount.Text(BinaryPrimitives.ReadInt64BigEndian(octets.Span))
            : field?.Text(octets) ?? octets.ToString();
        return new ChangeState(
            change.Id.ToString(), change.Time, change.Kind == ChangeKind.Add ? Money : field?.Title ?? change.Field,
            change.Card?.ToString(), Value(change.Prior), Value(change.New), change.Kind.ToString(),
            change.Policy.ToString(), ChoiceOf(recorded),
            [
                .. recorded.Deliveries.Select(one => new DeliveryLine(
                    one.Card.ToString(), one.State.ToString(),
                    change.Kind == ChangeKind.Add ? Amount.Text(one.Amount) : null, one.Time)),
            ]);
    }
}

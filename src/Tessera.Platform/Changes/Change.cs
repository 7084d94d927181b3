using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Changes;

/// <summary>Names one change for ever.</summary>
public readonly record struct ChangeId(Guid Value)
{
    public static ChangeId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>From 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static ChangeId Parse(string digits) => new(Guid.ParseExact(digits, "N"));

    public override string ToString() => Value.ToString("N");
}

/// <summary>What a change does to its field.</summary>
public enum ChangeKind
{
    /// <summary>Replaces the value; a later one supersedes it.</summary>
    Set = 1,

    /// <summary>Adds to the value (money); never declined, never superseded.</summary>
    Add = 2,
}

/// <summary>Whether the holder may decline the change on another card.</summary>
public enum DeliveryPolicy
{
    Mandatory = 1,
    Optional = 2,
}

/// <summary>One recorded modification of one field of a holder's cards.</summary>
/// <param name="Application">Identifier of the applet that keeps the field.</param>
/// <param name="Card">Where it was made; none if not on a card (a funded load).</param>
/// <param name="Prior">The value before; for <see cref="ChangeKind.Add"/> the account, 8 octets.</param>
/// <param name="New">The value after, likewise.</param>
public sealed record Change(
    ChangeId Id,
    HolderId Holder,
    Bytes Application,
    string Field,
    CardId? Card,
    Bytes Prior,
    Bytes New,
    ChangeKind Kind,
    DeliveryPolicy Policy,
    SessionReference? Session,
    DateTimeOffset Time);

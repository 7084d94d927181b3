using System.Text;
using Tessera.Cards.Store;
using Tessera.Platform.Fields;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Objects;

/// <summary>
/// A ticket, coupon or receipt that a holder is to get: signed for their card when it comes to it, and written by the
/// very step of the card that pays for it (docs/protocols/purse.md §9, store.md §6).
/// </summary>
/// <param name="Places">Where it may lie on a card: the first that is free.</param>
/// <param name="Text">What it is for, as everybody reads it who checks it.</param>
/// <param name="Lasting">How long it is good, from the dialogue on that it belongs to.</param>
public sealed record Goods(ObjectKind Kind, Sequence<CardField> Places, string Text, TimeSpan Lasting)
{
    /// <summary>A receipt is kept for as long as books are.</summary>
    private static readonly TimeSpan OfReceipts = TimeSpan.FromDays(10 * 366);

    public static Goods Ticket(IReadOnlyList<CardField> places, string text, TimeSpan lasting) =>
        Of(ObjectKind.Ticket, places, text, lasting);

    /// <summary>A coupon of a value, which its text begins with: good for it once.</summary>
    public static Goods Coupon(IReadOnlyList<CardField> places, Amount value, string text, TimeSpan lasting)
    {
        ArgumentOutOfRangeException.ThrowIfZero(value.MinorUnits, nameof(value));
        return Of(ObjectKind.Coupon, places, $"{value} {text}", lasting);
    }

    public static Goods Receipt(IReadOnlyList<CardField> places, string text) =>
        Of(ObjectKind.Receipt, places, text, OfReceipts);

    /// <summary>What the text of a coupon says that it is worth; null where it says nothing.</summary>
    public static Amount? ValueOf(SignedObject coupon) =>
        coupon.Kind == ObjectKind.Coupon && Amount.TryParse(coupon.Text.Split(' ')[0], out var value) ? value : null;

    private static Goods Of(ObjectKind kind, IReadOnlyList<CardField> places, string text, TimeSpan lasting)
    {
        if (places.Count == 0 || places.Any(place => !place.IsObject))
            throw new ArgumentException("Objects lie in places for objects.", nameof(places));
        if (Encoding.UTF8.GetByteCount(text) > SignedObject.MaxText)
            throw new ArgumentException($"The text of an object has at most {SignedObject.MaxText} octets.", nameof(text));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lasting, TimeSpan.Zero);
        return new Goods(kind, places.ToSequence(), text, lasting);
    }
}

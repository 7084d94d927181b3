using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Platform.Objects;

/// <summary>Signs tickets, coupons and receipts for cards, and knows its own again (docs/protocols/store.md §6).</summary>
/// <param name="keys">Those that ever signed, the one that signs now last; they stay the caller's.</param>
public sealed class ObjectIssuer(IObjectBook book, Func<IReadOnlyList<ECDsa>> keys, TimeProvider time)
{
    /// <summary>What was recorded of that coupon of a card; null where nothing was.</summary>
    public async Task<Redemption?> FindAsync(CardId card, RemovedObject removed, CancellationToken cancel) =>
        await book.FindAsync(removed.Number, cancel) is { } found && found.Card == card && found.Mark == removed.Mark
            ? found
            : null;

    /// <summary>Objects for one card, each with a number of its own, as they are kept in a field.</summary>
    public async Task<IReadOnlyList<Bytes>> IssueAsync(
        CardId card, IReadOnlyList<Goods> goods, CancellationToken cancel)
    {
        var first = await book.TakeNumbersAsync(goods.Count, cancel);
        var (key, now) = (keys()[^1], time.GetUtcNow());
        return
        [
            .. goods.Select((one, i) => Bytes.Of(SignedObject.Sign(
                key, card, one.Kind, first + (uint)i, now, now + one.Lasting, one.Text))),
        ];
    }

    /// <summary>
    /// Records that a coupon is to be removed for its value, under a mark that nobody else knows; null where it was not signed
    /// here for that card, or is not good now.
    /// </summary>
    public async Task<Redemption?> RedeemAsync(CardId card, SignedObject coupon, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!keys().Any(key => coupon.IsSignedBy(key, card)) || !coupon.IsValidAt(now)) return null;
        var mark = new Bytes(RandomNumberGenerator.GetBytes(RemovedObject.MarkLength));
        return await book.RecordAsync(new Redemption(card, coupon.Number, Bytes.Of(coupon), mark, now), cancel);
    }

    /// <summary>Its time is over: it may make room for another.</summary>
    public bool IsOver(SignedObject one) => time.GetUtcNow() >= one.Until.AddSeconds(1);
}

/// <summary>The durable numbers of objects, and the coupons that are being redeemed.</summary>
public interface IObjectBook
{
    /// <summary>Takes as many numbers that nobody had; the first of them.</summary>
    Task<uint> TakeNumbersAsync(int count, CancellationToken cancel);

    /// <summary>Records, before a card is asked, that an object is to be removed for its value.</summary>
    /// <returns>What is on record for its number: this, or what was recorded before.</returns>
    Task<Redemption> RecordAsync(Redemption redemption, CancellationToken cancel);

    Task<Redemption?> FindAsync(uint number, CancellationToken cancel);
}

/// <summary>An object that is removed for its value.</summary>
/// <param name="Number">Of the object.</param>
/// <param name="Object">As it was on the card.</param>
/// <param name="Mark">What only this removal leaves on the card.</param>
public sealed record Redemption(CardId Card, uint Number, Bytes Object, Bytes Mark, DateTimeOffset Time);

using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>What is done with the purse of a card that is given back, without an application and without its holder.</summary>
public sealed class CardCounter(Treasury treasury, TimeProvider time)
{
    private static readonly Bytes NothingShown = new(new byte[PurseMac.DigestLength]);

    /// <summary>
    /// The card proves what it has done, and its purse moves nothing any more: it was reported stolen before, or is now.
    /// </summary>
    /// <param name="card">Stays the caller's.</param>
    /// <returns>What was settled by it.</returns>
    /// <exception cref="IssuingException">It is another card, or what it says is not believed.</exception>
    public async Task<IReadOnlyList<Settlement>> DeactivateAsync(
        ICardChannel card, CardRegistration registration, CancellationToken cancel)
    {
        if (await PurseClient.SelectAsync(card, cancel) is not { } purse || purse.Template.Card != registration.Card)
            throw new IssuingException($"The card in the reader is not {registration.Card}.");
        var contact = await ContactAsync(purse, cancel);
        if (contact.Refusal is { } no && no.Reason is not (RefusalReason.CardStolen or RefusalReason.CardRevoked))
            throw new IssuingException($"The card is not believed: {no.Detail}");
        if (contact.Order is null) return contact.Settlements;

        CommandApdu? move = null;
        var authorised = await treasury.OrderAsync(
            contact, SessionReference.New(time.GetUtcNow()),
            moves =>
            {
                var (kind, terms) = (moves[0].Kind, moves[0].Terms);
                move = PurseCommands.Move(kind, terms, moves[0].Adjust, moves[0].Amount, moves[0].S2);
                return Bytes.Of(move);
            },
            cancel);
        if (authorised.Intent is not { } intent)
            throw new IssuingException($"The purse is not deactivated: {authorised.Refusal!.Detail}");

        var s3 = await purse.MoveAsync(move!, null, NothingShown, cancel);
        var settled = await treasury.SettleAsync(intent.Id, 0, 0, NothingShown, s3, cancel);
        return settled.Refusal is { } refusal
            ? throw new IssuingException($"The card is not believed: {refusal.Detail}")
            : contact.Settlements;
    }

    private async Task<Contact> ContactAsync(PurseClient purse, CancellationToken cancel)
    {
        var nonce = await treasury.NonceAsync(purse.Template.Card, cancel);
        var s1 = await purse.InitializeAsync(nonce, cancel);
        return await treasury.ContactAsync(purse.Template.Card, purse.Traits.Currency, s1, nonce, cancel);
    }
}

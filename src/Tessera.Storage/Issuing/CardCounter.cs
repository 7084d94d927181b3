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
    /// <summary>Contacts that a true card needs at most: it proves, gives up its allowance, and is deactivated.</summary>
    private const int MaxContacts = 6;

    private static readonly Bytes NothingShown = new(new byte[PurseMac.DigestLength]);

    /// <summary>
    /// The card proves what it has done, offline too, gives up what it may spend offline, and its purse moves nothing any
    /// more. It was reported stolen before.
    /// </summary>
    /// <param name="card">Stays the caller's.</param>
    /// <returns>What was settled by it, and not told yet.</returns>
    /// <exception cref="IssuingException">It is another card, or what it says is not believed.</exception>
    public async Task<IReadOnlyList<Settlement>> DeactivateAsync(
        ICardChannel card, CardRegistration registration, CancellationToken cancel)
    {
        if (await PurseClient.SelectAsync(card, cancel) is not { } purse || purse.Template.Card != registration.Card)
            throw new IssuingException($"The card in the reader is not {registration.Card}.");
        for (var contacts = 0; contacts < MaxContacts; contacts++)
        {
            var contact = await ContactAsync(purse, cancel);
            if (contact.Refusal is { IsOut: false } no
                && no.Reason is not (RefusalReason.CardRevoked or RefusalReason.Stale))
                throw new IssuingException($"The card is not believed: {no.Detail}");
            foreach (var number in contact.Missing) await ProveAsync(purse, contact, number, cancel);
            if (contact.Order is not null) await OrderAsync(purse, contact, cancel);
            else if (contact is { Missing: [], Open: null, Refusal.Reason: not RefusalReason.Stale }) return contact.Settlements;
        }

        throw new IssuingException("The card does not settle what is open.");
    }

    private async Task ProveAsync(PurseClient purse, Contact contact, uint number, CancellationToken cancel)
    {
        var nonce = await treasury.NonceAsync(purse.Template.Card, cancel);
        var proof = await purse.ProveAsync(nonce, number, cancel)
            ?? throw new IssuingException($"The card does not prove its movement {number}.");
        if (await treasury.ProveAsync(contact, proof, nonce, cancel) is { } refusal)
            throw new IssuingException($"The card is not believed: {refusal.Detail}");
    }

    private async Task OrderAsync(PurseClient purse, Contact contact, CancellationToken cancel)
    {
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
            throw new IssuingException($"{contact.Order} the purse: {authorised.Refusal!.Detail}");

        var s3 = await purse.MoveAsync(move!, null, NothingShown, cancel);
        var settled = await treasury.SettleAsync(
            intent.Id, 0, intent.Moves[0].Amount, NothingShown, s3, cancel);
        if (settled.Refusal is { } refusal) throw new IssuingException($"The card is not believed: {refusal.Detail}");
    }

    private async Task<Contact> ContactAsync(PurseClient purse, CancellationToken cancel)
    {
        var nonce = await treasury.NonceAsync(purse.Template.Card, cancel);
        var s1 = await purse.InitializeAsync(nonce, cancel);
        return await treasury.ContactAsync(purse.Template.Card, purse.Traits.Currency, s1, nonce, cancel);
    }
}

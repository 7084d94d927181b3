using Tessera.Cards;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// A payment that the card made and the ledger booked: proven by the card's S3, its proof or its next S1.
/// </summary>
/// <param name="Number">The card's transaction number; with the card it names the payment for ever.</param>
/// <param name="Amount">What was paid.</param>
/// <param name="Item">What for, as the terminal showed it.</param>
/// <param name="Merchant">Who got it.</param>
/// <param name="Method">By what the holder confirmed it at the terminal; the digest in the card's receipt names it.</param>
/// <param name="Account">What the account held afterwards, minor units.</param>
public sealed record Receipt(
    CardId Card, uint Number, Amount Amount, string Item, string Merchant, PaymentMethod Method, long Account,
    DateTimeOffset Time);

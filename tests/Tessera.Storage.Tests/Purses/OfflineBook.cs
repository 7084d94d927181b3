using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>One card with an allowance, its treasury over a real database, and an acceptor without a line.</summary>
public abstract class OfflineBook : IAsyncDisposable
{
    private protected const uint Gate = 7;

    private readonly List<RealCard> _cards = [];

    private protected Issuer Book { get; private set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _cards.ForEach(card => card.Dispose());
        await Book.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What only who has the key of the card can make, and the card did not.</summary>
    private protected OfflineReceipt Forged(RealCard card, uint amount, uint number)
    {
        using var key = CardKeys.Of(Book.Masters, card.Id).Purse;
        var movement = new Movement(MoveKind.OfflineDebit, MoveTerms.WithoutPin, 0, amount, Bytes.FromHex("0102030405060708"));
        var made = new LoggedMovement(movement, new Acceptance(Gate, 1).ToDigest(), 5000 - amount, number);
        using var mac = PurseMac.ForReceipt(key, card.Id, number);
        return new OfflineReceipt(card.Id, 1, made, mac.Receipt(made));
    }

    private protected async Task<RealCard> CardAsync(uint allowance)
    {
        Book = await Issuer.OpenAsync();
        Want(allowance);
        var registration = (await Book.RegisterAsync()).Registration;
        var card = new RealCard(registration, Book.Masters);
        _cards.Add(card);
        await Book.Treasury.OpenAsync(registration, Cancel);
        return card;
    }

    /// <summary>A card with 50.00, all of it on the card, and an allowance; the next number is 3.</summary>
    private protected async Task<RealCard> AllowedAsync(uint allowance)
    {
        var card = await CardAsync(0);
        await Book.FundAsync(5000);
        var authorised = await Book.AuthoriseAsync(await ContactAsync(card), [Alternative.Load(5000, "load")]);
        await RunAsync(card, authorised.Intent!);
        Want(allowance);
        await ObeyAsync(card);
        return card;
    }

    private protected void Want(uint allowance) => Book.Want(new PursePolicy { OfflineAllowance = allowance });

    private protected async Task<Contact> ContactAsync(RealCard card)
    {
        var nonce = await Book.Treasury.NonceAsync(card.Id, Cancel);
        var answer = await card.TransmitAsync(PurseCommands.Initialize(nonce), Cancel);
        return await Book.Treasury.ContactAsync(card.Id, Issuer.Euro, answer.Data.Read<PurseState>(), nonce, Cancel);
    }

    private protected Task<Authorisation> IssueAsync(Contact contact) => Book.Treasury.OrderAsync(
        contact, SessionReference.New(DateTimeOffset.UnixEpoch), Issuer.ScriptOf, Cancel);

    private protected async Task ObeyAsync(RealCard card) => await RunAsync(card, (await IssueAsync(await ContactAsync(card))).Intent!);

    private protected static async Task<PurseReceipt> SendAsync(RealCard card, Intent intent)
    {
        var move = intent.Moves[0];
        var command = PurseCommands.Complete(
            PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2), null, Issuer.Digest);
        return (await card.TransmitAsync(command, Cancel)).EnsureSuccess(command).Data.Read<PurseReceipt>();
    }

    private protected async Task RunAsync(RealCard card, Intent intent)
    {
        var s3 = await SendAsync(card, intent);
        Assert.Equal(IntentState.Done, (await Book.SettleAsync(intent, 0, intent.Moves[0].Amount, s3)).State);
    }

    private protected async Task ProveAllAsync(RealCard card)
    {
        var contact = await ContactAsync(card);
        var nonce = await Book.Treasury.NonceAsync(card.Id, Cancel);
        foreach (var number in contact.Missing)
        {
            var proof = (await card.TransmitAsync(PurseCommands.Prove(nonce, number), Cancel)).Data.Read<PurseProof>();
            Assert.Null(await Book.Treasury.ProveAsync(contact, proof, nonce, Cancel));
        }
    }

    private protected async Task<OfflineReceipt> PayOfflineAsync(RealCard card, uint amount)
    {
        using var master = CardKeys.OfflineMaster(Book.Masters.Purse);
        var acceptor = new PurseAcceptor(master, Book.Masters.Version, Gate);
        var purse = (await PurseClient.SelectAsync(card, Cancel))!;
        return await acceptor.TakeAsync(purse, await acceptor.AuthoriseAsync(purse, amount, 1, false, Cancel), Cancel);
    }
}

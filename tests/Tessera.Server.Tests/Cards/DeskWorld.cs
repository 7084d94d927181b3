using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Issuing;
using Tessera.Storage.Keys;
using Tessera.Storage.Money;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Cards;

/// <summary>An operator's desk with a register on disk, which may die at a durable step, and blank cards.</summary>
internal sealed class DeskWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private int _stepsLeft;

    public Vault Vault { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public SqliteHolderStore Holders => new(Database);

    public SqliteMoneyStore Money => new(Database);

    public SqliteGatewayStore Gateway => new(Database);

    public IssuanceStore Issuances => new(Database, TimeProvider.System);

    public Treasury Treasury => new(Money, new PurseKeyring(Vault.Cards), TimeProvider.System);

    public CardRegister Register => new(Holders, Treasury, Gateway);

    public IssuingDesk Desk => new(Vault, Issuances, Holders, Register, new ActLog(Database, TimeProvider.System));

    /// <summary>PIN of the last letter.</summary>
    public string Pin { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DeskWorld> OpenAsync()
    {
        var world = new DeskWorld();
        await world.StartAsync();
        return world;
    }

    public async Task StartAsync()
    {
        _stepsLeft = 0;
        if (Database is not null) await Database.DisposeAsync();
        Vault?.Dispose();
        Vault = await Vault.OpenAsync(_folder.Path, VaultSeal.None, TimeProvider.System, Cancel);
        Database = await Database.OpenAsync(_folder.File("tessera.db"), OnDurable, Cancel);
    }

    /// <summary>Odd steps are before a commit, even ones after.</summary>
    public void CrashAt(int step) => _stepsLeft = step;

    public static BlankInHand Blank(bool sim = false) => new(sim);

    public Task<Issuance> IssueAsync(ICardChannel channel, BlankInHand card, IssueOrder order) => Desk.IssueAsync(
        new CardAtDesk(new CardChannel(channel), card.ResetAsync, card.Maker), order,
        [new FirstField(1, 1, Bytes.CopyOf("en"u8))],
        new IssueSecrets
        {
            KeepAsync = (_, digits) =>
            {
                Pin = new string(digits.Pin);
                return Task.CompletedTask;
            },
        },
        "eve", Cancel);

    public static IssueOrder Order(string holder) =>
        new(CardKind.Iso, [PurseCommands.Aid, StoreCommands.Aid]) { NewHolder = holder };

    /// <summary>Registered once, for one holder, with an open purse; the card takes the PIN of the letter.</summary>
    /// <param name="pin">The last letter is that of this card.</param>
    public async Task ProveAsync(BlankInHand card, Issuance issuance, bool pin = true)
    {
        Assert.NotNull(issuance.Finished);
        var listed = Assert.Single(await Issuances.ListAsync(Cancel), each => each.Card.Card == issuance.Card);
        Assert.Equal((issuance.Holder, CardState.Active), (listed.Card.Holder, listed.Card.State));
        Assert.NotNull((await Money.FindAsync(issuance.Card, Cancel))!.CopyOf(issuance.Card));
        Assert.Empty(await new LedgerCheck(Money, new PurseKeyring(Vault.Cards)).RunAsync(Cancel));

        await card.ResetAsync(Cancel);
        var purse = (await PurseClient.SelectAsync(card.Card, Cancel))!;
        Assert.Equal(issuance.Card, purse.Template.Card);
        if (pin) await VerifyAsync(card);
        var nonce = await Treasury.NonceAsync(issuance.Card, Cancel);
        var contact = await Treasury.ContactAsync(
            issuance.Card, purse.Traits.Currency, await purse.InitializeAsync(nonce, Cancel), nonce, Cancel);
        Assert.True(contact.IsSettled);
    }

    /// <summary>A new version of the keys; those before stay.</summary>
    public async Task RotateAsync()
    {
        (await Vault.RotateAsync(_folder.Path, VaultSeal.None, TimeProvider.System, _ => Task.CompletedTask, Cancel)).Dispose();
        await StartAsync();
    }

    /// <summary>The card is to pay; whether it did nobody learns.</summary>
    public async Task IntendAsync(BlankInHand card, CardId id, uint amount, bool isDone = false)
    {
        var purse = (await PurseClient.SelectAsync(card.Card, Cancel))!;
        var nonce = await Treasury.NonceAsync(id, Cancel);
        var contact = await Treasury.ContactAsync(
            id, purse.Traits.Currency, await purse.InitializeAsync(nonce, Cancel), nonce, Cancel);
        var intent = (await Treasury.AuthoriseAsync(
            contact, [Alternative.Debit(amount, "shop", "bread", MoveTerms.WithoutPin)],
            SessionReference.New(DateTimeOffset.UnixEpoch), _ => Bytes.CopyOf("script"u8), Cancel)).Intent!;
        await Treasury.UnknownAsync(intent.Id, Cancel);
        if (!isDone) return;
        var move = intent.Moves[0];
        await purse.MoveAsync(
            PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2), null,
            new Bytes(new byte[PurseMac.DigestLength]), Cancel);
    }

    private async Task VerifyAsync(BlankInHand card)
    {
        using var block = PinBlock.OfPin(Pin);
        using var verify = PinCommands.Verify(block);
        Assert.Equal(StatusWord.Success, (await card.Card.TransmitAsync(verify.Apdu, Cancel)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Vault.Dispose();
        _folder.Dispose();
    }

    private void OnDurable(string step)
    {
        if (_stepsLeft > 0 && --_stepsLeft == 0) throw new IOException($"The desk died {step}.");
    }
}

/// <summary>A blank card in a slot.</summary>
internal sealed class BlankInHand : IAsyncDisposable
{
    private readonly ImageSlot _slot;

    public BlankInHand(bool sim)
    {
        var medium = new MemoryMedium();
        new BlankCard
        {
            Chip = new CardId((ulong)Random.Shared.NextInt64(1, long.MaxValue)),
            Subscription = sim ? SimSubscription.Demonstration : null,
        }.Create(medium, Maker, DemonstrationKeys.DomainVersion, DateTimeOffset.UnixEpoch);
        _slot = ImageSlot.Open("slot", medium);
        Card = _slot.InsertedAsync(TestContext.Current.CancellationToken).Result;
    }

    public SecretKey Maker { get; } = DemonstrationKeys.CreateDomain();

    public ICard Card { get; }

    public Task ResetAsync(CancellationToken cancel) => Card.ResetAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _slot.DisposeAsync();
        Maker.Dispose();
    }
}

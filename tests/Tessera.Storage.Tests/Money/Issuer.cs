using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>An issuer over a real database file that can crash at every commit and start again.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const ushort Euro = 0x0978;
    public const string Shop = "shop";

    private static readonly Bytes MasterOctets = Bytes.FromHex("000102030405060708090A0B0C0D0E0F");

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;
    private readonly MasterKeys _masters = new(1, new SecretKey(MasterOctets.Span), SecretKey.Generate(), SecretKey.Generate());
    private int _stepsLeft;
    private int _serial;

    private Issuer(int seed)
    {
        Random = new Random(seed);
        Keys = new PurseKeyring(_masters);
    }

    public Random Random { get; }

    public PurseKeyring Keys { get; }

    public MasterKeys Masters => _masters;

    public PursePolicy Policy { get; private set; } = new();

    /// <summary>From here on the issuer wants that of its cards.</summary>
    public void Want(PursePolicy policy)
    {
        Policy = policy;
        Treasury = new Treasury(Store, Keys, TimeProvider.System, Policy);
    }

    public string File => Path.Combine(_folder, "tessera.db");

    public Database Database { get; private set; } = null!;

    public SqliteMoneyStore Store { get; private set; } = null!;

    public SqliteHolderStore Holders { get; private set; } = null!;

    public Treasury Treasury { get; private set; } = null!;

    public HolderId Holder { get; private set; }

    /// <summary>
    /// The durable step, counted from now, at which to die; odd ones are before a commit, even ones after.
    /// </summary>
    public void CrashAt(int step) => _stepsLeft = step;

    public static async Task<Issuer> OpenAsync(int seed = 1)
    {
        var issuer = new Issuer(seed);
        await issuer.StartAsync();
        issuer.Holder = await issuer.AddHolderAsync("Ada");
        return issuer;
    }

    /// <summary>Opens what is in the file: nothing else survives a crash.</summary>
    public async Task StartAsync()
    {
        _stepsLeft = 0;
        if (Database is not null) await Database.DisposeAsync();
        Database = await Database.OpenAsync(File, OnDurable, TestContext.Current.CancellationToken);
        Store = new SqliteMoneyStore(Database);
        Holders = new SqliteHolderStore(Database);
        Treasury = new Treasury(Store, Keys, TimeProvider.System, Policy);
    }

    public async Task<HolderId> AddHolderAsync(string name)
    {
        var holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), name, DateTimeOffset.UnixEpoch);
        await Holders.AddAsync(holder, TestContext.Current.CancellationToken);
        return holder.Id;
    }

    public async Task<ModelCard> RegisterAsync(HolderId? holder = null, uint greatest = 100_000, ushort currency = Euro)
    {
        var registration = new CardRegistration(
            new CardId(0xA000_0000_0000_0000 + (ulong)++_serial), holder ?? Holder, CardKind.Iso,
            [PurseCommands.Aid], 1, currency, greatest, CardState.Active, DateTimeOffset.UnixEpoch);
        await Holders.RegisterAsync(registration, TestContext.Current.CancellationToken);
        return new ModelCard(registration, Keys.Find(registration.Card, 1)!, Random);
    }

    public async Task<ModelCard> IssueAsync(HolderId? holder = null, uint greatest = 100_000)
    {
        var card = await RegisterAsync(holder, greatest);
        await Treasury.OpenAsync(card.Registration, TestContext.Current.CancellationToken);
        return card;
    }

    public Task<Booked> FundAsync(uint amount, string? key = null) => Treasury.FundAsync(
        Holder, amount, "cash", key ?? Guid.NewGuid().ToString(), TestContext.Current.CancellationToken);

    /// <summary>INITIALIZE over a nonce of ours, taken in.</summary>
    public async Task<Contact> ContactAsync(ModelCard card, PurseCondition flags = PurseCondition.None)
    {
        var nonce = await Treasury.NonceAsync(card.Id, TestContext.Current.CancellationToken);
        return await TakeAsync(card, card.Initialize(nonce, flags), nonce);
    }

    /// <summary>INITIALIZE that the card made by itself, taken in.</summary>
    public Task<Contact> GreetAsync(ModelCard card)
    {
        var nonce = new Bytes(new byte[PurseMac.NonceLength]);
        return TakeAsync(card, card.Initialize(nonce), nonce);
    }

    public Task<Contact> TakeAsync(ModelCard card, PurseState s1, Bytes nonce) =>
        Treasury.ContactAsync(card.Id, Euro, s1, nonce, TestContext.Current.CancellationToken);

    public Task<Authorisation> AuthoriseAsync(
        Contact contact, IReadOnlyList<Alternative> alternatives, SessionReference? session = null) =>
        Treasury.AuthoriseAsync(
            contact, alternatives, session ?? SessionReference.New(DateTimeOffset.UnixEpoch), ScriptOf,
            TestContext.Current.CancellationToken);

    public Task<Authorisation> AuthoriseAsync(Contact contact, uint amount) =>
        AuthoriseAsync(contact, [Alternative.Debit(amount, Shop, "bread")]);

    /// <summary>An intent for one debit, its script not sent yet.</summary>
    public async Task<Intent> IntendAsync(ModelCard card, uint amount)
    {
        var authorisation = await AuthoriseAsync(await ContactAsync(card), amount);
        Assert.True(authorisation.IsGranted, authorisation.Refusal?.ToString());
        return authorisation.Intent;
    }

    /// <summary>The whole way of a debit.</summary>
    public async Task<Settlement> PayAsync(ModelCard card, uint amount)
    {
        var intent = await IntendAsync(card, amount);
        return await SettleAsync(intent, 0, amount, card.Move(intent.Moves[0], amount, Digest)!);
    }

    public Task<Settlement> SettleAsync(Intent intent, int alternative, uint amount, PurseReceipt s3) =>
        Treasury.SettleAsync(intent.Id, alternative, amount, Digest, s3, TestContext.Current.CancellationToken);

    public static Bytes Digest { get; } = Bytes.FromHex("D1D2D3D4D5D6D7D8");

    public async Task<PurseView> ViewAsync(ModelCard? card = null) =>
        (await Treasury.ViewAsync(Holder, card?.Id, long.MaxValue, 100, TestContext.Current.CancellationToken))!;

    public Task<IReadOnlyList<LedgerFault>> CheckAsync() =>
        new LedgerCheck(Store, Keys).RunAsync(TestContext.Current.CancellationToken);

    public async Task<long> BalanceAsync(AccountId account)
    {
        await using var view = await Store.ViewAsync(TestContext.Current.CancellationToken);
        await foreach (var (id, balance) in view.AccountsAsync(TestContext.Current.CancellationToken))
        {
            if (id == account) return balance;
        }

        return 0;
    }

    public Task<long> SoldAsync() => BalanceAsync(AccountId.Merchant(Shop, Euro));

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _masters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static Bytes ScriptOf(IReadOnlyList<AuthorisedMove> moves) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        foreach (var move in moves) writer.WriteBytes(move.S2);
    });

    private void OnDurable(string step)
    {
        if (_stepsLeft == 0 || --_stepsLeft > 0) return;
        throw new CrashException(step);
    }
}

/// <summary>The process died at a durable step.</summary>
internal sealed class CrashException(string step) : Exception(step);

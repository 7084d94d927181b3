using Tessera.Cards.Issuing;
using Tessera.Platform.Holders;
using Tessera.Storage.Holders;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Holders;

/// <summary>Cards that are known by their keys outlive the program, each the card of one holder.</summary>
public sealed class SqliteKeyRegisterTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private Database _database = null!;
    private SqliteHolderStore _holders = null!;
    private SqliteKeyRegister _keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Whom_a_certificate_names_has_one_holder_however_many_cards()
    {
        var first = await _keys.WelcomeAsync(Key(0xA1, "mail:ada@town.example"), Stranger("Ada"), Cancel);
        await _keys.WelcomeAsync(Key(0xA1, "mail:ada@town.example"), Stranger("Nobody"), Cancel);
        await _keys.WelcomeAsync(Key(0xA2, "mail:ada@town.example"), Stranger("A. Byron"), Cancel);
        await _keys.WelcomeAsync(Key(0xB1, "mail:grace@town.example"), Stranger("Grace"), Cancel);
        await _database.DisposeAsync();
        await OpenAsync();

        Assert.Equal(first, await _keys.FindAsync(first.Digest, Cancel));
        var card = (await _holders.FindCardAsync(first.Card, Cancel))!;
        Assert.Equal((false, false, true), (card.HasPurse, card.HasOwnId, card.HasPiv));
        Assert.Equal("Ada", (await _holders.FindAsync(card.Holder, Cancel))!.Name);
        Assert.Equal(2, (await _holders.CardsAsync(card.Holder, Cancel)).Count);
        Assert.Null(await _keys.FindAsync(Key(0xC1, null).Digest, Cancel));
    }

    [Fact]
    public async Task An_operator_registers_all_keys_of_a_card_once_and_for_one_holder()
    {
        var (ada, grace) = (Stranger("Ada"), Stranger("Grace"));
        await _holders.AddAsync(ada, Cancel);
        await _holders.AddAsync(grace, Cancel);
        var (first, second) = (Key(0xA1, null), Key(0xA2, null));
        var both = new[] { first, second with { Card = first.Card } };
        for (var again = 0; again < 2; again++)
            await _keys.RegisterAsync(KnownKey.Registration(first.Card, ada.Id, Now), both, Cancel);

        Assert.Equal(first.Card, (await _keys.FindAsync(second.Digest, Cancel))!.Card);
        await Assert.ThrowsAsync<IssuingException>(
            () => _keys.RegisterAsync(KnownKey.Registration(first.Card, grace.Id, Now), both, Cancel));
        var other = Key(0xB1, null);
        await Assert.ThrowsAsync<IssuingException>(() => _keys.RegisterAsync(
            KnownKey.Registration(other.Card, grace.Id, Now), [other, second with { Card = other.Card }], Cancel));
        Assert.Null(await _holders.FindCardAsync(other.Card, Cancel));
    }

    [Fact]
    public async Task A_new_holder_is_known_with_a_card_and_not_without()
    {
        var (ada, grace) = (Stranger("Ada"), Stranger("Grace"));
        var key = Key(0xA1, null);
        await _keys.RegisterAsync(ada, KnownKey.Registration(key.Card, ada.Id, Now), [key], Cancel);

        await Assert.ThrowsAsync<IssuingException>(
            () => _keys.RegisterAsync(grace, KnownKey.Registration(key.Card, grace.Id, Now), [key], Cancel));
        Assert.Equal("Ada", (await _holders.FindAsync(ada.Id, Cancel))!.Name);
        Assert.Null(await _holders.FindAsync(grace.Id, Cancel));
    }

    private static KnownKey Key(byte seed, string? name)
    {
        var digest = new Bytes(Enumerable.Range(seed, 32).Select(each => (byte)each).ToArray());
        return new KnownKey(digest, KnownKey.CardOf(digest), $"CN={seed}", name);
    }

    private static Holder Stranger(string name) => new(HolderId.New(Now), name, Now);

    private async ValueTask OpenAsync()
    {
        _database = await Database.OpenAsync(_folder.File("tessera.db"), cancel: Cancel);
        (_holders, _keys) = (new SqliteHolderStore(_database), new SqliteKeyRegister(_database));
    }
}

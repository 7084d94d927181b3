using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>
/// One holder's cards in software, their treasury over a real database, a shop with a line and acceptors without one, in a
/// world that loses, repeats, forges and tears everything. What is right is a few sums over what the cards did.
/// </summary>
internal sealed partial class PurseLife(Issuer issuer) : IDisposable
{
    private const int MaxCards = 5;

    private static readonly Bytes Zero = new(new byte[PurseMac.NonceLength]);

    private readonly Random _random = issuer.Random;
    private readonly Fate _fate = new(issuer, oneIn: 6, commits: 8);
    private readonly List<RealCard> _cards = [];
    private readonly HashSet<CardId> _revoked = [];
    private readonly List<(RealCard Card, PurseState S1, Bytes Nonce)> _states = [];
    private readonly List<(Intent Intent, int Alternative, uint Amount, Bytes Digest, PurseReceipt S3)> _receipts = [];
    private readonly List<(RealCard Card, CommandApdu Move)> _delayed = [];
    private long _funded;
    private long _refunded;

    /// <summary>What happened, for who wants to know that enough did.</summary>
    public LifeCounts Counts { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<RealCard> Kept => _cards.Where(card => !_revoked.Contains(card.Id));

    public async Task BeginAsync()
    {
        issuer.Want(Policy());
        for (var i = 0; i < 2; i++) _cards.Add(await IssueAsync());
        await FundAsync();
    }

    public void Dispose() => _cards.ForEach(card => card.Dispose());

    public async Task StepAsync()
    {
        var card = _random.Next(6) == 0 ? _fate.Any(_cards) : _fate.Any([.. Kept]);
        await (_random.Next(38) switch
        {
            < 3 => FundAsync(),
            < 12 => _fate.DieSometimesAsync(() => BuyAsync(card)),
            < 15 => _fate.DieSometimesAsync(() => ContactAsync(card, ours: _random.Next(3) > 0)),
            < 23 => DebitOfflineAsync(card),
            < 26 => _fate.DieSometimesAsync(ClearAsync),
            26 => _fate.DieSometimesAsync(TakeReceiptAsync),
            27 => RunDelayedAsync(),
            28 => ReplayToCardAsync(card),
            29 => ReplayToServerAsync(),
            30 => _fate.DieSometimesAsync(() => BlockAsync(card)),
            31 => RefundAsync(),
            < 35 => ReplaceAsync(),
            35 => WantOtherAsync(),
            _ => GiveBackAsync(),
        });
    }

    /// <summary>What must hold after every step: the book's own rules, and that it is no more than what the cards did.</summary>
    public async Task HoldsAsync()
    {
        Assert.Empty(await issuer.CheckAsync());
        var booked = 0L;
        await using (var view = await issuer.Store.ViewAsync(Cancel))
        {
            await foreach (var proven in view.MovementsAsync(Cancel))
            {
                var did = _cards.Single(card => card.Id == proven.Movement.Card).History[(int)proven.Movement.Number - 1];
                Assert.Equal((did.Movement, did.Balance), (proven.Movement.Movement, proven.Movement.Balance));
                booked += proven.Paid;
            }
        }

        var purse = (await issuer.Store.FindAsync(issuer.Holder, Cancel))!;
        Assert.All(purse.Copies, copy => Assert.NotEqual(CardState.Suspect, copy.Registration.State));
        Assert.InRange(booked, 0, Spent());
        Assert.InRange(Spent(), 0, _funded + _refunded + purse.Copies.Sum(copy => copy.Limits?.GivenBack ?? 0));
        Assert.Equal(booked - _refunded, await SoldAsync());
        Assert.Equal(_funded, purse.Account + await SoldAsync() + await SuspenseAsync() + await SumAsync(AccountKind.Loss));
        Counts.Borne = Math.Max(Counts.Borne, purse.Copies.Count(copy => copy.Limits is { Borne: > 0 }));
    }

    /// <summary>Every card comes back and every receipt is handed in: all that the cards did is in the book.</summary>
    public async Task EndAsync()
    {
        if (_random.Next(2) == 0) await GiveBackAsync();
        foreach (var card in _cards) await issuer.Treasury.ReactivateAsync(card.Id, Cancel);
        foreach (var card in _cards) await SettledAsync(card);
        await ClearAllAsync();
        foreach (var card in Kept) await DeliverAsync(card);
        await HoldsAsync();

        var purse = (await issuer.Store.FindAsync(issuer.Holder, Cancel))!;
        Assert.Empty(purse.Open);
        Assert.All(Kept, card => Assert.Equal(purse.Account, card.Balance));
        foreach (var card in _cards) await GoodsAreThereAsync(card);
        Assert.Equal(Spent() - _refunded, await SoldAsync());
        foreach (var acceptor in _acceptors)
            Assert.Equal(Taken(acceptor) - RefundedOf(acceptor), await issuer.BalanceAsync(AccountId.Acceptor(acceptor, Issuer.Euro)));
        Assert.Equal(purse.Copies.Where(copy => !copy.IsKept).Sum(copy => (long)copy.Allowance), await SuspenseAsync());
    }

    /// <summary>All that debits took from the cards.</summary>
    private long Spent() => _cards.Sum(card => card.History.Where(one => one.Movement.Kind.IsDebit())
        .Sum(one => (long)one.Movement.Amount));

    private async Task<long> SoldAsync() => await SumAsync(AccountKind.Merchant);

    private async Task<long> SuspenseAsync() => await SumAsync(AccountKind.Suspense);

    private async Task<long> SumAsync(AccountKind kind)
    {
        await using var view = await issuer.Store.ViewAsync(Cancel);
        var sum = 0L;
        await foreach (var (account, balance) in view.AccountsAsync(Cancel)) sum += account.Kind == kind ? balance : 0;
        return sum;
    }

    private PursePolicy Policy() => new()
    {
        OfflineAllowance = (uint)_random.Next(4) switch { 0 => 0, 1 => 300, _ => (uint)_random.Next(500, 4000) },
        GreatestWithoutPin = _random.Next(3) == 0 ? (uint)_random.Next(100, 900) : null,
    };

    private Task WantOtherAsync()
    {
        issuer.Want(Policy());
        return Task.CompletedTask;
    }

    private async Task<RealCard> IssueAsync()
    {
        var card = await RegisterAsync();
        await issuer.Treasury.OpenAsync(card.Registration, Cancel);
        return card;
    }

    private async Task<RealCard> RegisterAsync() =>
        new((await issuer.RegisterAsync()).Registration, issuer.Masters);

    private async Task FundAsync()
    {
        var (amount, key) = ((uint)_random.Next(1, 6000), Guid.NewGuid().ToString());
        var booked = await _fate.InsistAsync(() => issuer.FundAsync(amount, key));
        if (booked.Refusal is null) _funded += amount;
    }

    private async Task BlockAsync(RealCard card)
    {
        if (_random.Next(2) == 0) await issuer.Treasury.ReportStolenAsync(card.Id, Cancel);
        else foreach (var one in _cards) await issuer.Treasury.ReactivateAsync(one.Id, Cancel);
    }

    private async Task RefundAsync()
    {
        if (await issuer.Treasury.OwedAsync(issuer.Holder, Cancel) is [var owed, ..])
        {
            if (_random.Next(2) == 0) await _fate.InsistAsync(() => issuer.Treasury.FulfilAsync(owed.Intent, Cancel));
            else if ((await _fate.InsistAsync(() => issuer.Treasury.RefundAsync(owed.Intent, "back", Cancel))).Refusal is null)
                _refunded += owed.Amount;
        }

        await RefundOfflineAsync();
    }

    private async Task ReplaceAsync()
    {
        if (_cards.Count >= MaxCards || Kept.Count() < 2) return;
        var fresh = await RegisterAsync();
        var lost = _fate.Any([.. Kept]);
        await _fate.InsistAsync(() => issuer.Treasury.RevokeAsync(lost.Id, fresh.Registration, Cancel));
        _revoked.Add(lost.Id);
        _cards.Add(fresh);
    }

    /// <summary>The issuer waits no longer for what lost cards may have spent.</summary>
    private async Task GiveBackAsync()
    {
        foreach (var lost in _revoked)
        {
            var suspense = AccountId.Suspense(lost, Issuer.Euro);
            var (before, held) = ((await issuer.Store.FindAsync(lost, Cancel))!, await issuer.BalanceAsync(suspense));
            var payment = before.OpenOf(lost) is { IsAllowance: false } open ? open.Hold : 0;
            var back = await _fate.InsistAsync(() => issuer.Treasury.GiveBackAsync(lost, TimeSpan.Zero, Cancel));
            var after = (await issuer.Store.FindAsync(lost, Cancel))!;
            Assert.Equal(payment, await issuer.BalanceAsync(suspense));
            Assert.Equal(before.Account + held - payment, after.Account);
            if (back.Refusal is null) Counts.GivenBack++;
        }
    }

    private Bytes Octets(int length)
    {
        var octets = new byte[length];
        _random.NextBytes(octets);
        return new Bytes(octets);
    }
}

/// <summary>How much of what happened in a life.</summary>
internal sealed class LifeCounts
{
    public int Paid { get; set; }

    /// <summary>Of those, with goods.</summary>
    public int Sold { get; set; }

    public int Offline { get; set; }

    public int Cleared { get; set; }

    public int Proven { get; set; }

    public int Ordered { get; set; }

    public int Torn { get; set; }

    public int GivenBack { get; set; }

    public int Borne { get; set; }
}

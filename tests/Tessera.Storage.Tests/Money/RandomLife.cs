using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>
/// One holder's life with an unreliable world: answers are lost, late, replayed or forged, scripts arrive when nobody
/// waits for them, cards are lost, and the server dies at commits. What the cards did is the truth the book is held
/// against.
/// </summary>
internal sealed class RandomLife(Issuer issuer)
{
    private const int MaxCards = 4;
    private static readonly Bytes Zero = new(new byte[PurseMac.NonceLength]);

    private readonly Random _random = issuer.Random;
    private readonly Fate _fate = new(issuer, oneIn: 3, commits: 6);
    private readonly List<ModelCard> _cards = [];
    private readonly HashSet<ModelCard> _revoked = [];
    private readonly List<(ModelCard Card, Intent Intent, int Alternative, uint Amount)> _delayed = [];
    private readonly List<(Intent Intent, int Alternative, uint Amount, PurseReceipt S3)> _receipts = [];
    private readonly List<(ModelCard Card, PurseState S1, Bytes Nonce)> _states = [];
    private long _funded;
    private long _refunded;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<ModelCard> Kept => _cards.Except(_revoked);

    public async Task BeginAsync()
    {
        for (var i = 0; i < 2; i++) _cards.Add(await issuer.IssueAsync());
        await FundAsync();
    }

    public Task StepAsync() => _random.Next(24) switch
    {
        < 3 => FundAsync(),
        < 12 => _fate.DieSometimesAsync(() => BuyAsync(_fate.Any(_cards))),
        < 14 => _fate.DieSometimesAsync(() => ContactAsync(_fate.Any(_cards), ours: true)),
        < 16 => _fate.DieSometimesAsync(() => ContactAsync(_fate.Any(_cards), ours: false)),
        < 18 => _fate.DieSometimesAsync(TakeReceiptAsync),
        18 => RunDelayedAsync(),
        19 => _fate.DieSometimesAsync(() => ProveAsync(_fate.Any(_cards))),
        20 => ReplayAsync(),
        21 => ForgeAsync(_fate.Any(_cards)),
        22 => ResolveAsync(),
        _ => ReplaceAsync(),
    };

    /// <summary>What must hold after every step.</summary>
    public async Task HoldsAsync()
    {
        Assert.Empty(await issuer.CheckAsync());
        var purse = (await issuer.Store.FindAsync(issuer.Holder, Cancel))!;
        Assert.All(purse.Copies, copy => Assert.NotEqual(CardState.Suspect, copy.Registration.State));
        foreach (var card in _cards)
        {
            var (copy, open) = (purse.CopyOf(card.Id)!, purse.OpenOf(card.Id));
            var ahead = open is not null && card.Number == open.Number &&
                open.Moves.Any(move => move.Allows(card.Last));
            Assert.Equal(card.Number, copy.Number + (ahead ? 1u : 0));
            Assert.Equal(card.Balance, copy.Balance + (ahead ? card.Last.Delta : 0));
        }

        Assert.InRange(_cards.Sum(card => card.Spent) - _refunded, 0, _funded);
        Assert.Equal(-_funded, await issuer.BalanceAsync(AccountId.Funding("cash", Issuer.Euro)));
    }

    /// <summary>Every card is asked once more, and everything is where it should be.</summary>
    public async Task EndAsync()
    {
        foreach (var card in _cards) await ContactAsync(card, ours: true);
        foreach (var card in Kept) await DeliverAsync(card);
        await HoldsAsync();

        var purse = (await issuer.Store.FindAsync(issuer.Holder, Cancel))!;
        Assert.Empty(purse.Open);
        Assert.All(Kept, card => Assert.Equal(purse.Account, card.Balance));
        Assert.Equal(_cards.Sum(card => card.Spent) - _refunded, await issuer.SoldAsync());
        Assert.Equal(_funded, purse.Account + await issuer.SoldAsync());
    }

    private async Task FundAsync()
    {
        var (amount, key) = ((uint)_random.Next(1, 3000), Guid.NewGuid().ToString());
        var booked = await _fate.InsistAsync(() => issuer.FundAsync(amount, key));
        if (booked.Refusal is null) _funded += amount;
    }

    private async Task BuyAsync(ModelCard card)
    {
        var contact = await ContactAsync(card, ours: _random.Next(3) > 0);
        var offers = Enumerable.Range(0, _random.Next(1, 5)).Select(Offer);
        var authorisation = await issuer.AuthoriseAsync(contact, [.. offers]);
        if (authorisation.Intent is not { } intent) return;

        var alternative = _random.Next(intent.Moves.Count);
        var move = intent.Moves[alternative];
        var amount = move.Terms.HasFlag(MoveTerms.Ceiling) ? (uint)_random.Next((int)move.Amount + 20) : move.Amount;
        switch (_random.Next(6))
        {
            case 0:
                await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
                break;
            case 1:
                _delayed.Add((card, intent, alternative, amount));
                break;
            case 2:
                Run(card, intent, alternative, amount);
                await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
                break;
            default:
                if (Run(card, intent, alternative, amount) is not { } s3) break;
                var settlement = await issuer.SettleAsync(intent, alternative, amount, s3);
                Assert.Equal((IntentState.Done, amount, false), (settlement.State, settlement.Amount, settlement.Late));
                break;
        }
    }

    private Alternative Offer(int index) => _random.Next(8) switch
    {
        0 => Alternative.Adjust("adjust"),
        1 => Alternative.Load((uint)_random.Next(1, 500), "load"),
        2 => Alternative.Debit((uint)_random.Next(1, 900), Issuer.Shop, $"call {index}", MoveTerms.Ceiling),
        _ => Alternative.Debit((uint)_random.Next(1, 900), Issuer.Shop, $"item {index}", MoveTerms.WithoutPin),
    };

    private PurseReceipt? Run(ModelCard card, Intent intent, int alternative, uint amount)
    {
        var s3 = card.Move(intent.Moves[alternative], amount, Issuer.Digest);
        if (s3 is not null) _receipts.Add((intent, alternative, amount, s3));
        return s3;
    }

    private async Task<Contact> ContactAsync(ModelCard card, bool ours)
    {
        var nonce = ours ? await issuer.Treasury.NonceAsync(card.Id, Cancel) : Zero;
        var s1 = card.Initialize(nonce);
        _states.Add((card, s1, nonce));
        return await issuer.TakeAsync(card, s1, nonce);
    }

    private async Task TakeReceiptAsync()
    {
        if (_receipts.Count == 0) return;
        var (intent, alternative, amount, s3) = _fate.Any(_receipts);
        var forged = s3 with { Mac = Bytes.FromHex("0011223344556677") };
        Assert.Equal(
            RefusalReason.AuthenticationFailed,
            (await issuer.SettleAsync(intent, alternative, amount, forged)).Refusal?.Reason);
        var settlement = await issuer.SettleAsync(intent, alternative, amount, s3);
        Assert.Equal((IntentState.Done, amount), (settlement.State, settlement.Amount));
        Assert.Equal(settlement, await issuer.SettleAsync(intent, alternative, amount, s3));
    }

    private Task RunDelayedAsync()
    {
        if (_delayed.Count == 0) return Task.CompletedTask;
        var late = _fate.Any(_delayed);
        _delayed.Remove(late);
        Run(late.Card, late.Intent, late.Alternative, late.Amount);
        return Task.CompletedTask;
    }

    private async Task ProveAsync(ModelCard card)
    {
        if ((await issuer.Store.FindAsync(card.Id, Cancel))?.OpenOf(card.Id) is not { } open) return;
        var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        if (card.Prove(nonce, open.Number) is not { } proof) return;
        Assert.Equal(IntentState.Done, (await issuer.Treasury.ProveAsync(open.Id, proof, nonce, Cancel)).State);
    }

    private async Task ReplayAsync()
    {
        if (_states.Count == 0) return;
        var (card, s1, nonce) = _fate.Any(_states);
        await issuer.TakeAsync(card, s1, nonce);
    }

    private async Task ForgeAsync(ModelCard card)
    {
        var s1 = card.Initialize(Zero);
        var contact = await issuer.TakeAsync(card, s1 with { Balance = s1.Balance + 1 }, Zero);
        Assert.Equal(RefusalReason.AuthenticationFailed, contact.Refusal?.Reason);
    }

    private async Task ResolveAsync()
    {
        if (await issuer.Treasury.OwedAsync(issuer.Holder, Cancel) is not [var owed, ..]) return;
        if (_random.Next(2) == 0)
            Assert.Null(await _fate.InsistAsync(() => issuer.Treasury.FulfilAsync(owed.Intent, Cancel)));
        else if ((await _fate.InsistAsync(() => issuer.Treasury.RefundAsync(owed.Intent, "back", Cancel))).Refusal is null)
            _refunded += owed.Amount;
    }

    private async Task ReplaceAsync()
    {
        if (_cards.Count >= MaxCards) return;
        var fresh = await issuer.RegisterAsync();
        var lost = _fate.Any([.. Kept]);
        await _fate.InsistAsync(() => issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel));
        _revoked.Add(lost);
        _cards.Add(fresh);
    }

    private async Task DeliverAsync(ModelCard card)
    {
        var authorisation = await issuer.AuthoriseAsync(
            await ContactAsync(card, ours: true), [Alternative.Adjust("all")]);
        var s3 = card.Move(authorisation.Intent!.Moves[0], 0, Issuer.Digest)!;
        Assert.Equal(IntentState.Done, (await issuer.SettleAsync(authorisation.Intent, 0, 0, s3)).State);
    }
}

using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>
/// Payments, cuts, lost cards, their successors, late proofs and the issuer's last words, in any order: nothing is made
/// and nothing lost, whatever the lost cards did and whoever decided what.
/// </summary>
public class RandomLossTests
{
    private const int Steps = 60;

    private readonly List<(ModelCard Card, Intent Intent, Action Run)> _delayed = [];
    private readonly List<Func<Issuer, Task>> _late = [];
    private readonly List<ModelCard> _lost = [];
    private ModelCard _card = null!;
    private long _funded;
    private int _decided;
    private int _proven;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_made_and_nothing_is_lost_with_lost_cards()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            await using var issuer = await Issuer.OpenAsync(seed);
            _card = await issuer.IssueAsync();
            Forget();
            await FundAsync(issuer);
            for (var step = 0; step < Steps; step++)
            {
                await StepAsync(issuer);
                await HoldsAsync(issuer);
            }
        }

        Assert.True(_decided > 3 && _proven > 3, $"{_decided} decided, {_proven} proven late");
    }

    private void Forget()
    {
        _funded = 0;
        _delayed.Clear();
        _late.Clear();
        _lost.Clear();
    }

    private Task StepAsync(Issuer issuer) => issuer.Random.Next(12) switch
    {
        < 2 => FundAsync(issuer),
        < 6 => BuyAsync(issuer),
        < 8 => LoseAsync(issuer),
        8 => ProveLateAsync(issuer),
        9 => SeeLostAsync(issuer),
        _ => DecideAsync(issuer),
    };

    private async Task FundAsync(Issuer issuer)
    {
        var amount = (uint)issuer.Random.Next(1, 3000);
        if ((await issuer.FundAsync(amount)).Refusal is null) _funded += amount;
    }

    private async Task BuyAsync(Issuer issuer)
    {
        if (await issuer.Treasury.FindOpenAsync(_card.Id, Cancel) is not null)
        {
            await issuer.ContactAsync(_card);
            return;
        }

        Alternative[] offers =
            [Alternative.Debit((uint)issuer.Random.Next(1, 400), Issuer.Shop, "one"), Alternative.Debit(500, Issuer.Shop, "two")];
        if ((await issuer.AuthoriseAsync(await issuer.ContactAsync(_card), offers)).Intent is not { } intent) return;
        var (card, which) = (_card, issuer.Random.Next(2));
        switch (issuer.Random.Next(4))
        {
            case 0:
                break;
            case 1:
                Run(card, intent, which);
                break;
            case 2:
                _delayed.Add((card, intent, () => Run(card, intent, which)));
                break;
            default:
                if (card.Move(intent.Moves[which], intent.Moves[which].Amount, Issuer.Digest) is { } s3)
                    await issuer.SettleAsync(intent, which, intent.Moves[which].Amount, s3);
                break;
        }
    }

    /// <summary>The card moves, and its answer is on its way for a long time.</summary>
    private void Run(ModelCard card, Intent intent, int which)
    {
        var amount = intent.Moves[which].Amount;
        if (card.Move(intent.Moves[which], amount, Issuer.Digest) is not { } s3) return;
        _late.Add(async issuer =>
        {
            if ((await issuer.SettleAsync(intent, which, amount, s3)).State == IntentState.Done) _proven++;
        });
    }

    private async Task LoseAsync(Issuer issuer)
    {
        var fresh = await issuer.RegisterAsync();
        var left = await issuer.Treasury.ReplaceAsync(_card.Id, fresh.Registration, Cancel);
        Assert.Null(left.Refusal);
        _lost.Add(_card);
        _card = fresh;
    }

    private async Task ProveLateAsync(Issuer issuer)
    {
        foreach (var (_, _, run) in _delayed) run();
        _delayed.Clear();
        if (_late.Count > 0) await _late[issuer.Random.Next(_late.Count)](issuer);
    }

    private async Task SeeLostAsync(Issuer issuer)
    {
        if (_lost.Count > 0) await issuer.ContactAsync(_lost[issuer.Random.Next(_lost.Count)]);
    }

    private async Task DecideAsync(Issuer issuer)
    {
        foreach (var card in _lost)
        {
            var outcome = issuer.Random.Next(2) == 0 ? FinalOutcome.Paid : FinalOutcome.Unpaid;
            var decided = await issuer.Treasury.DecideAsync(
                card.Id, outcome, issuer.Random.Next(2), TimeSpan.Zero, Cancel);
            if (decided.Refusal is null) _decided++;
        }
    }

    private async Task HoldsAsync(Issuer issuer)
    {
        Assert.Empty(await issuer.CheckAsync());
        var purse = (await issuer.Store.FindAsync(issuer.Holder, Cancel))!;
        var suspense = 0L;
        foreach (var card in _lost) suspense += await issuer.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro));
        Assert.Equal(_funded, purse.Account + await issuer.SoldAsync() + suspense);
        Assert.InRange(_card.Balance, 0, purse.Account + purse.Open.Sum(intent => intent.Hold));
    }
}

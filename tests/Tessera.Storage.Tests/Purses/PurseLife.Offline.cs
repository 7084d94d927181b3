using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>What a card does without a line, and what acceptors hand in.</summary>
internal sealed partial class PurseLife
{
    private static readonly uint[] _acceptors = [7, 11];

    private readonly List<OfflineReceipt> _taken = [];
    private readonly List<OfflineReceipt> _refundedOffline = [];
    private uint _count;

    private long Taken(uint acceptor) => _cards.Sum(card => card.History
        .Where(one => one.Movement.Kind == MoveKind.OfflineDebit && Acceptance.Of(one.Digest).Id == acceptor)
        .Sum(one => (long)one.Movement.Amount));

    private long RefundedOf(uint acceptor) =>
        _refundedOffline.Where(one => one.Acceptance.Id == acceptor).Sum(one => (long)one.Movement.Movement.Amount);

    private async Task DebitOfflineAsync(RealCard card)
    {
        using var master = CardKeys.OfflineMaster(issuer.Masters.Purse);
        var acceptor = new PurseAcceptor(master, issuer.Masters.Version, _fate.Any(_acceptors));
        if (_random.Next(4) == 0) await TakeGreedilyAsync(card, master);
        for (var i = _random.Next(1, 6); i > 0; i--) await DebitOfflineAsync(card, acceptor);
    }

    /// <summary>An acceptor that does not look at what the card is allowed.</summary>
    private async Task TakeGreedilyAsync(RealCard card, SecretKey master)
    {
        var nonce = Octets(PurseMac.NonceLength);
        if (await card.TryAsync(PurseCommands.InitializeOffline(nonce), Cancel) is not { Status.IsSuccess: true } answer) return;
        var state = answer.Data.Read<OfflineState>();
        using var key = CardKeys.Diversify(master, card.Id, PurseCommands.Aid);
        using var mac = PurseMac.ForOffline(key, card.Id, state.Number, state.Random, nonce);
        var (amount, digest) = ((uint)_random.Next(3000), new Acceptance(_acceptors[0], ++_count).ToDigest());
        var o2 = mac.O2(MoveTerms.WithoutPin, amount, digest);
        var debit = PurseCommands.DebitOffline(MoveTerms.WithoutPin, amount, o2, digest);
        var taken = await card.TryAsync(debit, Cancel);
        var isAllowed = amount > 0 && amount <= Math.Min(state.Allowance, state.Balance) &&
            state.Unseen < PurseCommands.LogRecords && !state.Flags.HasFlag(PurseCondition.Deactivated);
        if (taken is { Status.IsSuccess: true }) Assert.True(isAllowed, $"{amount} of {state}");
    }

    private async Task DebitOfflineAsync(RealCard card, PurseAcceptor acceptor)
    {
        var verified = _random.Next(4) == 0;
        var amount = (uint)(_random.Next(6) == 0 ? _random.Next(1, 3000) : _random.Next(1, 120));
        OfflineDebit? debit = null;
        try
        {
            var purse = (await PurseClient.SelectAsync(card, Cancel))!;
            if (verified) await VerifyAsync(card);
            debit = await acceptor.AuthoriseAsync(purse, amount, ++_count, verified, Cancel);
            if (_random.Next(12) == 0)
            {
                await card.TryAsync(Tampered(PurseCommands.DebitOffline(
                    debit.Movement.Movement.Terms, amount, debit.Movement.Movement.S2, debit.Movement.Digest)), Cancel);
                return;
            }

            EndangerSometimes(card);
            _taken.Add(await acceptor.TakeAsync(purse, debit, Cancel));
            Counts.Offline++;
        }
        catch (ConnectionLostException) when (debit is not null)
        {
            Counts.Torn++;
            if (_random.Next(2) == 0) await SettleOfflineAsync(card, acceptor, debit);
        }
        catch (Exception e) when (e is OfflineRefusedException or CardStatusException or ConnectionLostException)
        {
            // Not allowed now, or the power went before: the card says why, and nothing is taken.
        }
    }

    /// <summary>The acceptor has the card again: a receipt exactly where the card took the debit.</summary>
    private async Task SettleOfflineAsync(RealCard card, PurseAcceptor acceptor, OfflineDebit debit)
    {
        var purse = (await PurseClient.SelectAsync(card, Cancel))!;
        var receipt = await acceptor.SettleAsync(purse, debit, Cancel);
        Assert.Equal(card.History.Contains(debit.Movement), receipt is not null);
        if (receipt is not null) _taken.Add(receipt);
    }

    private async Task ClearAsync()
    {
        for (var i = 0; i < 3 && _taken.Count > 0; i++)
        {
            var receipt = _fate.Any(_taken);
            var forged = await issuer.Treasury.ClearAsync(Flipped(Bytes.Of(receipt)).Read<OfflineReceipt>(), Cancel);
            Assert.NotNull(forged.Refusal);
            var cleared = await issuer.Treasury.ClearAsync(receipt, Cancel);
            Assert.True(cleared.Refusal is null or { Reason: RefusalReason.OpenIntent }, cleared.ToString());
            if (cleared.IsNew) Counts.Cleared++;
            if (cleared.Refusal is null) Assert.False((await issuer.Treasury.ClearAsync(receipt, Cancel)).IsNew);
        }
    }

    private async Task ClearAllAsync()
    {
        foreach (var receipt in _taken) Assert.Null((await issuer.Treasury.ClearAsync(receipt, Cancel)).Refusal);
    }

    private async Task RefundOfflineAsync()
    {
        if (_taken.Except(_refundedOffline).ToList() is not { Count: > 0 } candidates) return;
        var receipt = _fate.Any(candidates);
        var booked = await _fate.InsistAsync(
            () => issuer.Treasury.RefundAsync(receipt.Card, receipt.Movement.Number, "back", Cancel));
        if (booked.Refusal is not null) return;
        _refundedOffline.Add(receipt);
        _refunded += receipt.Movement.Movement.Amount;
    }
}

using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>What a card does with a line to its issuer.</summary>
internal sealed partial class PurseLife
{
    private const int MaxContacts = 8;

    /// <summary>One S1, taken in; what it wants first is done, as far as the world lets it.</summary>
    private async Task<Contact?> ContactAsync(RealCard card, bool ours)
    {
        EndangerSometimes(card);
        var nonce = ours ? await issuer.Treasury.NonceAsync(card.Id, Cancel) : Zero;
        if (await card.TryAsync(PurseCommands.Initialize(nonce), Cancel) is not { Status.IsSuccess: true } answer) return null;
        var s1 = answer.Data.Read<PurseState>();
        _states.Add((card, s1, nonce));
        if (_random.Next(5) == 0) await ForgeAsync(card, answer.Data, nonce);
        var contact = await issuer.Treasury.ContactAsync(card.Id, Issuer.Euro, s1, nonce, Cancel);
        foreach (var number in contact.Missing) await ProveAsync(card, contact, number);
        if (contact.Order is not null) await OrderAsync(card, contact);
        return contact;
    }

    private async Task ForgeAsync(RealCard card, Bytes octets, Bytes nonce)
    {
        var forged = await issuer.Treasury.ContactAsync(
            card.Id, Issuer.Euro, Flipped(octets).Read<PurseState>(), nonce, Cancel);
        Assert.Equal(RefusalReason.AuthenticationFailed, forged.Refusal?.Reason);
    }

    private async Task ProveAsync(RealCard card, Contact contact, uint number)
    {
        var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        if (await card.TryAsync(PurseCommands.Prove(nonce, number), Cancel) is not { Status.IsSuccess: true } answer) return;
        var forged = await issuer.Treasury.ProveAsync(contact, Flipped(answer.Data).Read<PurseProof>(), nonce, Cancel);
        Assert.Equal(RefusalReason.AuthenticationFailed, forged?.Reason);
        if (await issuer.Treasury.ProveAsync(contact, answer.Data.Read<PurseProof>(), nonce, Cancel) is null) Counts.Proven++;
    }

    private async Task OrderAsync(RealCard card, Contact contact)
    {
        var authorised = await issuer.Treasury.OrderAsync(
            contact, SessionReference.New(DateTimeOffset.UnixEpoch), Issuer.ScriptOf, Cancel);
        if (authorised.Intent is not { } intent) return;
        if (await RunAsync(card, intent, 0, intent.Moves[0].Amount)) Counts.Ordered++;
    }

    private async Task BuyAsync(RealCard card)
    {
        var contact = await ContactAsync(card, ours: _random.Next(3) > 0);
        for (var i = 0; i < 3 && contact is not { IsSettled: true }; i++) contact = await ContactAsync(card, ours: true);
        if (contact is not { IsSettled: true }) return;
        var offers = Enumerable.Range(0, _random.Next(1, 4)).Select(index => Selling(card, Offer(index))).ToList();
        if ((await issuer.AuthoriseAsync(contact, offers)).Intent is not { } intent) return;
        foreach (var one in intent.Moves) _goods[one.S2] = one.Alternative.Goods;

        var alternative = _random.Next(intent.Moves.Count);
        var move = intent.Moves[alternative];
        var amount = move.Terms.HasFlag(MoveTerms.Ceiling) ? (uint)_random.Next((int)move.Amount + 20) : move.Amount;
        if (!await RunAsync(card, intent, alternative, amount)) return;
        Counts.Paid++;
        if (move.Alternative.Goods.Length > 0) Counts.Sold++;
    }

    /// <summary>
    /// The script of an intent on its way: lost, late, torn, changed in one bit, run without its answer, or all well.
    /// </summary>
    private async Task<bool> RunAsync(RealCard card, Intent intent, int alternative, uint amount)
    {
        var move = intent.Moves[alternative];
        var digest = Octets(PurseMac.DigestLength);
        var command = PurseCommands.Complete(
            PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2, move.Alternative.Goods),
            move.Terms.HasFlag(MoveTerms.Ceiling) ? amount : null, digest);
        switch (_random.Next(18))
        {
            case 0:
                await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
                return false;
            case 1:
                _delayed.Add((card, command));
                return false;
            case 2:
                await card.TryAsync(Tampered(command), Cancel);
                await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
                return false;
        }

        if (!move.Terms.HasFlag(MoveTerms.WithoutPin) && _random.Next(6) > 0) await VerifyAsync(card);
        EndangerSometimes(card);
        if (await card.TryAsync(command, Cancel) is not { } answer)
        {
            Counts.Torn++;
            await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
            return false;
        }

        if (!answer.Status.IsSuccess) return false;
        var s3 = answer.Data.Read<PurseReceipt>();
        _receipts.Add((intent, alternative, amount, digest, s3));
        if (_random.Next(5) == 0) return false;
        var settlement = await issuer.Treasury.SettleAsync(intent.Id, alternative, amount, digest, s3, Cancel);
        Assert.Equal((IntentState.Done, amount), (settlement.State, settlement.Amount));
        return true;
    }

    private Alternative Offer(int index) => _random.Next(9) switch
    {
        0 => Alternative.Adjust("adjust"),
        1 => Alternative.Load((uint)_random.Next(1, 500), "load"),
        2 => Alternative.Debit((uint)_random.Next(1, 900), Issuer.Shop, $"call {index}", MoveTerms.Ceiling),
        < 5 => Alternative.Debit((uint)_random.Next(1, 900), Issuer.Shop, $"big {index}"),
        _ => Alternative.Debit((uint)_random.Next(1, 900), Issuer.Shop, $"item {index}", MoveTerms.WithoutPin),
    };

    private async Task TakeReceiptAsync()
    {
        if (_receipts.Count == 0) return;
        var (intent, alternative, amount, digest, s3) = _fate.Any(_receipts);
        var forged = await issuer.Treasury.SettleAsync(
            intent.Id, alternative, amount, digest, Flipped(Bytes.Of(s3)).Read<PurseReceipt>(), Cancel);
        Assert.Equal(RefusalReason.AuthenticationFailed, forged.Refusal?.Reason);
        var settlement = await issuer.Treasury.SettleAsync(intent.Id, alternative, amount, digest, s3, Cancel);
        Assert.Equal((IntentState.Done, amount), (settlement.State, settlement.Amount));
    }

    private async Task RunDelayedAsync()
    {
        if (_delayed.Count == 0) return;
        var (card, move) = _fate.Any(_delayed);
        EndangerSometimes(card);
        await card.TryAsync(move, Cancel);
    }

    /// <summary>Any earlier command of any card, as it was or changed.</summary>
    private async Task ReplayToCardAsync(RealCard card)
    {
        var old = _fate.Any(_cards).Sent;
        for (var i = 0; i < 8 && old.Count > 0; i++)
        {
            EndangerSometimes(card);
            var command = old[_random.Next(old.Count)];
            await card.TryAsync(_random.Next(3) == 0 ? Tampered(command) : command, Cancel);
        }

        card.Reset();
    }

    private async Task ReplayToServerAsync()
    {
        if (_states.Count == 0) return;
        var (card, s1, nonce) = _fate.Any(_states);
        await issuer.Treasury.ContactAsync(card.Id, Issuer.Euro, s1, nonce, Cancel);
    }

    /// <summary>The card and the book agree; nothing goes wrong any more.</summary>
    private async Task<Contact> SettledAsync(RealCard card)
    {
        card.Endanger(int.MaxValue, 0);
        card.Reset();
        for (var i = 0; i < MaxContacts; i++)
        {
            var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);
            var s1 = (await card.TransmitAsync(PurseCommands.Initialize(nonce), Cancel)).Data.Read<PurseState>();
            var contact = await issuer.Treasury.ContactAsync(card.Id, Issuer.Euro, s1, nonce, Cancel);
            if (contact.IsSettled) return contact;
            foreach (var number in contact.Missing)
            {
                var proof = await card.TransmitAsync(PurseCommands.Prove(nonce, number), Cancel);
                var refusal = await issuer.Treasury.ProveAsync(contact, proof.Data.Read<PurseProof>(), nonce, Cancel);
                if (await IsDecidedAsync(card, number)) Assert.Equal(RefusalReason.CardSuspect, refusal?.Reason);
                else Assert.Null(refusal);
            }

            if (contact.Order is not null) await ObeyAsync(card, contact);
            if (contact is { Missing: [], Order: null, Open: null, Refusal.Reason: RefusalReason.CardRevoked }) return contact;
            if (contact.Missing is [var only] && await IsDecidedAsync(card, only)) return contact;
        }

        throw new InvalidOperationException($"Card {card.Id} does not settle.");
    }

    /// <summary>An order of an allowance that the card took, and that was given back before it could tell.</summary>
    private async Task<bool> IsDecidedAsync(RealCard card, uint number) =>
        (await issuer.Store.FindAsync(card.Id, Cancel))!.CopyOf(card.Id) is { Limits.GivenBack: > 0 }
        && card.History[(int)number - 1].Movement.Kind == MoveKind.Allow;

    private async Task ObeyAsync(RealCard card, Contact contact)
    {
        var intent = (await issuer.Treasury.OrderAsync(
            contact, SessionReference.New(DateTimeOffset.UnixEpoch), Issuer.ScriptOf, Cancel)).Intent!;
        await MoveAsync(card, intent);
    }

    private async Task DeliverAsync(RealCard card)
    {
        var authorisation = await issuer.AuthoriseAsync(await SettledAsync(card), [Alternative.Adjust("all")]);
        await MoveAsync(card, authorisation.Intent!);
    }

    private async Task MoveAsync(RealCard card, Intent intent)
    {
        var move = intent.Moves[0];
        var command = PurseCommands.Complete(
            PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2), null, Issuer.Digest);
        var s3 = (await card.TransmitAsync(command, Cancel)).EnsureSuccess(command).Data.Read<PurseReceipt>();
        var settlement = await issuer.SettleAsync(intent, 0, move.Amount, s3);
        Assert.Equal(IntentState.Done, settlement.State);
    }

    private static async Task VerifyAsync(RealCard card) =>
        await card.TryAsync(new CommandApdu(0x00, 0x20, 0x00, 0x80, Bytes.FromHex("313233343536FFFF")), Cancel);

    private void EndangerSometimes(RealCard card)
    {
        if (_random.Next(6) == 0) card.Endanger(_random.Next(7), _random.NextDouble());
    }

    private CommandApdu Tampered(CommandApdu command)
    {
        var bit = (byte)(1 << _random.Next(8));
        return _random.Next(6) switch
        {
            0 => command with { P1 = (byte)(command.P1 ^ bit) },
            1 => command with { P2 = (byte)(command.P2 ^ bit) },
            _ => command with { Data = command.Data.Length == 0 ? command.Data : Flipped(command.Data) },
        };
    }

    private Bytes Flipped(Bytes octets)
    {
        var copy = octets.ToArray();
        copy[_random.Next(copy.Length)] ^= (byte)(1 << _random.Next(8));
        return new Bytes(copy);
    }
}

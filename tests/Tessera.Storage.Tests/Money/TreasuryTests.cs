using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Money;

public class TreasuryTests
{
    [Fact]
    public async Task A_load_reaches_the_card_with_its_first_movement()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(5000);

        var settlement = await issuer.PayAsync(card, 1200);

        Assert.Equal(
            (IntentState.Done, 1200u, 3800L, false),
            (settlement.State, settlement.Amount, settlement.Account, settlement.Late));
        Assert.Equal(3800u, card.Balance);
        Assert.Equal(1200, await issuer.SoldAsync());
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task A_load_and_an_adjustment_deliver_all_that_is_pending_and_book_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (first, second) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(5000);
        await issuer.PayAsync(first, 700);

        Alternative[] alternatives = [Alternative.Load(5000, "load"), Alternative.Adjust("adjust")];
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(second), alternatives)).Intent!;
        Assert.Equal([-700, 4300], intent.Moves.Select(move => move.Adjust));
        Assert.Equal(0, intent.Hold);
        var settlement = await issuer.SettleAsync(intent, 0, 5000, second.Move(intent.Moves[0], 5000, Issuer.Digest)!);

        Assert.Equal((IntentState.Done, 4300L), (settlement.State, settlement.Account));
        Assert.Equal(4300u, second.Balance);
        Assert.Equal(700, await issuer.SoldAsync());
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task What_is_intended_is_on_record_and_held_before_the_card_is_asked()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(5000);
        var session = SessionReference.New(DateTimeOffset.UnixEpoch);

        Alternative[] alternatives =
        [
            Alternative.Debit(300, Issuer.Shop, "tea"), Alternative.Debit(900, Issuer.Shop, "cake"),
            Alternative.Adjust("none"),
        ];
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(card), alternatives, session)).Intent!;
        await issuer.StartAsync();

        var recorded = Assert.Single(
            await issuer.Treasury.OpenIntentsAsync(session, TestContext.Current.CancellationToken));
        Assert.Equal(
            (intent.Id, intent.Script, intent.Number, intent.Nonce, intent.S1, IntentState.Authorised),
            (recorded.Id, recorded.Script, recorded.Number, recorded.Nonce, recorded.S1, recorded.State));
        Assert.Equal(intent.Moves, recorded.Moves);
        var view = await issuer.ViewAsync(card);
        Assert.Equal((5000L, 900L, 4100L), (view.Account, view.Holds, view.Spendable));
        Assert.Equal((0L, 5000L), (view.Copy!.Pending, view.Copy.InFlight));
    }

    [Fact]
    public async Task A_stale_card_cannot_overdraw_the_account()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (first, second) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(1000);
        await issuer.PayAsync(second, 100);
        await issuer.PayAsync(first, 800);
        Assert.Equal(900u, second.Balance);

        var refused = await issuer.AuthoriseAsync(await issuer.ContactAsync(second), 200);

        Assert.Equal(RefusalReason.NotEnough, refused.Refusal?.Reason);
        Assert.Equal(100u, (await issuer.PayAsync(second, 100)).Amount);
        Assert.Equal((0u, 900L), (second.Balance, await issuer.SoldAsync() - 100));
    }

    [Fact]
    public async Task The_hold_of_one_card_is_not_spent_by_another()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (first, second) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(1000);
        await issuer.IntendAsync(first, 800);

        var contact = await issuer.ContactAsync(second);

        Assert.Equal(RefusalReason.NotEnough, (await issuer.AuthoriseAsync(contact, 201)).Refusal?.Reason);
        Assert.True((await issuer.AuthoriseAsync(contact, 200)).IsGranted);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task One_card_has_one_open_intent()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var contact = await issuer.ContactAsync(card);
        var tasks = Enumerable.Range(0, 8).Select(_ => Task.Run(() => issuer.AuthoriseAsync(contact, 10)));

        var outcomes = await Task.WhenAll(tasks);

        Assert.Single(outcomes, outcome => outcome.IsGranted);
        Assert.Equal(7, outcomes.Count(outcome => outcome.Refusal?.Reason == RefusalReason.OpenIntent));
    }

    [Fact]
    public async Task The_same_receipt_gives_the_same_settlement_and_books_once()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 250);
        var s3 = card.Move(intent.Moves[0], 250, Issuer.Digest)!;

        var first = await issuer.SettleAsync(intent, 0, 250, s3);
        await issuer.PayAsync(card, 50);
        await issuer.StartAsync();
        var again = await issuer.SettleAsync(intent, 0, 250, s3);

        Assert.Equal(first, again);
        Assert.Equal(300, await issuer.SoldAsync());
    }

    [Fact]
    public async Task A_receipt_with_any_octet_changed_moves_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 250);
        var octets = Bytes.Of(card.Move(intent.Moves[0], 250, Issuer.Digest)!).ToArray();

        for (var at = 0; at < octets.Length; at++)
        {
            var forged = (byte[])octets.Clone();
            forged[at] ^= 0x01;
            var settlement = await issuer.SettleAsync(intent, 0, 250, new Bytes(forged).Read<PurseReceipt>());
            Assert.Equal(
                (IntentState.Authorised, RefusalReason.AuthenticationFailed),
                (settlement.State, settlement.Refusal!.Reason));
        }

        Assert.Equal(1000, (await issuer.ViewAsync()).Account);
        var other = await issuer.SettleAsync(intent, 0, 249, new Bytes(octets).Read<PurseReceipt>());
        Assert.Equal(RefusalReason.AuthenticationFailed, other.Refusal?.Reason);
        Assert.Equal(IntentState.Done, (await issuer.SettleAsync(
            intent, 0, 250, new Bytes(octets).Read<PurseReceipt>())).State);
    }

    [Fact]
    public async Task A_state_with_any_octet_changed_proves_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        var nonce = await issuer.Treasury.NonceAsync(card.Id, TestContext.Current.CancellationToken);
        var octets = Bytes.Of(card.Initialize(nonce)).ToArray();

        for (var at = 0; at < octets.Length; at++)
        {
            var forged = (byte[])octets.Clone();
            forged[at] ^= 0x10;
            var contact = await issuer.TakeAsync(card, new Bytes(forged).Read<PurseState>(), nonce);
            Assert.Equal(RefusalReason.AuthenticationFailed, contact.Refusal?.Reason);
        }

        Assert.True((await issuer.TakeAsync(card, new Bytes(octets).Read<PurseState>(), nonce)).IsSettled);
    }

    [Fact]
    public async Task A_nonce_that_was_never_issued_proves_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        var nonce = Bytes.FromHex("0102030405060708");

        var contact = await issuer.TakeAsync(card, card.Initialize(nonce), nonce);

        Assert.Equal(RefusalReason.AuthenticationFailed, contact.Refusal?.Reason);
    }

    [Fact]
    public async Task A_typed_amount_is_booked_as_typed_and_holds_its_ceiling()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var ceiling = Alternative.Debit(600, Issuer.Shop, "call", MoveTerms.Ceiling);
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(card), [ceiling])).Intent!;
        Assert.Equal(400, (await issuer.ViewAsync()).Spendable);

        var settlement = await issuer.SettleAsync(intent, 0, 123, card.Move(intent.Moves[0], 123, Issuer.Digest)!);

        Assert.Equal((123u, 877L), (settlement.Amount, settlement.Account));
        Assert.Equal(877, (await issuer.ViewAsync()).Spendable);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task A_load_with_one_key_is_booked_once()
    {
        await using var issuer = await Issuer.OpenAsync();
        await issuer.IssueAsync();

        var first = await issuer.FundAsync(700, "k1");
        var again = await issuer.FundAsync(700, "k1");

        Assert.True(first.IsNew);
        Assert.Equal(first with { IsNew = false }, again);
        Assert.Equal(700, (await issuer.ViewAsync()).Account);
        await Assert.ThrowsAsync<ArgumentException>(() => issuer.FundAsync(701, "k1"));
    }

    [Fact]
    public async Task What_does_not_fit_on_the_card_is_said_before_anything_is_authorised()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync(greatest: 1000);

        Assert.Equal(RefusalReason.TooMuchForAccount, (await issuer.FundAsync(1001)).Refusal?.Reason);
        await issuer.FundAsync(1000);
        Assert.Equal(RefusalReason.TooMuchForAccount, (await issuer.FundAsync(1)).Refusal?.Reason);

        var small = await issuer.IssueAsync(greatest: 900);
        var contact = await issuer.ContactAsync(small);
        Assert.Equal(RefusalReason.TooMuchForCard, (await issuer.AuthoriseAsync(contact, 99)).Refusal?.Reason);
        Assert.Equal(
            RefusalReason.TooMuchForCard,
            (await issuer.AuthoriseAsync(contact, [Alternative.Debit(500, Issuer.Shop, "call", MoveTerms.Ceiling)]))
                .Refusal?.Reason);
        Assert.True((await issuer.AuthoriseAsync(contact, 100)).IsGranted);
        Assert.Equal(0u, card.Balance);
    }

    [Theory]
    [InlineData(PurseCondition.Deactivated, MoveTerms.WithoutPin, false)]
    [InlineData(PurseCondition.NumberExhausted, MoveTerms.WithoutPin, false)]
    [InlineData(PurseCondition.PinBlocked, MoveTerms.PinRequired, false)]
    [InlineData(PurseCondition.PinBlocked, MoveTerms.WithoutPin, true)]
    [InlineData(PurseCondition.PinBlocked | PurseCondition.FingerKnown, MoveTerms.PinRequired, true)]
    [InlineData(PurseCondition.NumberExhausted | PurseCondition.FingerKnown, MoveTerms.PinRequired, false)]
    [InlineData(PurseCondition.PukBlocked, MoveTerms.PinRequired, true)]
    public async Task A_card_that_is_not_fit_moves_nothing(PurseCondition flags, MoveTerms terms, bool granted)
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);

        var authorisation = await issuer.AuthoriseAsync(
            await issuer.ContactAsync(card, flags), [Alternative.Debit(10, Issuer.Shop, "bread", terms)]);

        Assert.Equal(granted, authorisation.IsGranted);
        if (!granted) Assert.Equal(RefusalReason.CardNotFit, authorisation.Refusal?.Reason);
    }

    [Fact]
    public async Task A_contact_is_no_ground_once_the_card_has_moved_on()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var contact = await issuer.ContactAsync(card);
        await issuer.PayAsync(card, 10);

        Assert.Equal(RefusalReason.Stale, (await issuer.AuthoriseAsync(contact, 10)).Refusal?.Reason);
    }

    [Fact]
    public async Task History_is_read_in_pages_from_the_newest()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        await issuer.PayAsync(card, 10);
        await issuer.PayAsync(card, 20);

        Task<PurseView?> Page(long before) => issuer.Treasury.ViewAsync(
            issuer.Holder, card.Id, before, 2, TestContext.Current.CancellationToken);
        var newest = (await Page(long.MaxValue))!.History;
        var older = (await Page(newest[^1].Position))!.History;

        Assert.Equal([(-20L, 970L), (-10, 990)], newest.Select(line => (line.Amount, line.Balance)));
        Assert.Equal([(1000L, 1000L)], older.Select(line => (line.Amount, line.Balance)));
        Assert.All(newest, line => Assert.Equal((card.Id, "bread"), (line.Card, line.What)));
    }

    [Fact]
    public async Task Alternatives_that_cannot_be_told_apart_or_do_not_exist_are_a_mistake_of_the_caller()
    {
        await using var issuer = await Issuer.OpenAsync();
        var contact = await issuer.ContactAsync(await issuer.IssueAsync());
        Alternative[][] mistakes =
        [
            [],
            [.. Enumerable.Repeat(Alternative.Adjust("x"), 33)],
            [Alternative.Debit(5, "a", "x"), Alternative.Debit(5, "b", "x")],
            [Alternative.Debit(0, "a", "x")],
            [Alternative.Debit(5, "", "x")],
            [Alternative.Debit(5, "a", new string('x', 201))],
            [Alternative.Adjust("x") with { Amount = 1 }],
            [Alternative.Load(5, "x") with { Terms = MoveTerms.Ceiling }],
            [Alternative.Load(5, "x") with { Kind = (MoveKind)4 }],
        ];

        foreach (var mistake in mistakes)
            await Assert.ThrowsAnyAsync<ArgumentException>(() => issuer.AuthoriseAsync(contact, mistake));
    }
}

using System.Security.Authentication;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Issuing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Cards;

public sealed class IssuingDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cut_at_any_command_it_is_done_again_and_ends_right()
    {
        await using var world = await DeskWorld.OpenAsync();
        var cuts = 0;
        for (var completed = false; !completed; cuts += 3)
        {
            await using var card = DeskWorld.Blank();
            completed = await TryAsync(() => world.IssueAsync(new Pulled(card.Card, cuts), card, DeskWorld.Order($"Holder {cuts}")));
            await card.ResetAsync(Cancel);
            await world.ProveAsync(card, await world.IssueAsync(card.Card, card, DeskWorld.Order($"Holder {cuts}")));
        }

        Assert.InRange(cuts, 25, 60);
        Assert.Equal(cuts / 3, (await world.Issuances.ListAsync(Cancel)).Count);
    }

    [Fact]
    public async Task The_desk_may_die_at_any_durable_step()
    {
        var steps = 1;
        for (var completed = false; !completed; steps++)
        {
            await using var world = await DeskWorld.OpenAsync();
            await using var card = DeskWorld.Blank();
            world.CrashAt(steps);
            completed = await TryAsync(() => world.IssueAsync(card.Card, card, DeskWorld.Order("Ada")));
            await world.StartAsync();
            await card.ResetAsync(Cancel);

            var issued = await world.IssueAsync(card.Card, card, DeskWorld.Order("Ada"));
            await world.ProveAsync(card, issued);
            Assert.Single(await world.Holders.CardsAsync(issued.Holder, Cancel));
        }

        Assert.InRange(steps, 9, 30);
    }

    [Fact]
    public async Task A_SIM_is_known_to_the_gateway_and_a_section_of_the_store_to_the_register()
    {
        await using var world = await DeskWorld.OpenAsync();
        await using var sim = DeskWorld.Blank(sim: true);
        await using var clone = DeskWorld.Blank();
        var section = new Bytes((byte[])[.. StoreCommands.Aid.Span, 0x01]);

        var first = await world.IssueAsync(sim.Card, sim, DeskWorld.Order("Ada") with { Kind = CardKind.Sim, Msisdn = "33639980007" });
        var second = await world.IssueAsync(
            clone.Card, clone, new IssueOrder(CardKind.Iso, [section]) { Holder = first.Holder });

        Assert.Equal([first.Card], (await world.Gateway.FindAsync("33639980007", Cancel)).Select(each => each.Card));
        await clone.ResetAsync(Cancel);
        Assert.Null(await PurseClient.SelectAsync(clone.Card, Cancel));
        var registered = (await world.Holders.FindCardAsync(second.Card, Cancel))!;
        Assert.True(registered.Carries(section));
        Assert.False(registered.HasPurse || registered.Carries(new Bytes((byte[])[.. StoreCommands.Aid.Span, 0x02])));
        Assert.Equal(11, first.Checks.Count);
        Assert.Equal(("+33639980007", "Tessera"), (first.Sim!.Msisdn, first.Sim.Provider));
    }

    [Fact]
    public async Task Cards_of_an_older_key_version_go_on_with_theirs()
    {
        await using var world = await DeskWorld.OpenAsync();
        await using var old = DeskWorld.Blank();
        await using var begun = DeskWorld.Blank();
        var first = await world.IssueAsync(old.Card, old, DeskWorld.Order("Ada"));
        await TryAsync(() => world.IssueAsync(new Pulled(begun.Card, 20), begun, DeskWorld.Order("Ben")));

        await world.RotateAsync();
        await begun.ResetAsync(Cancel);
        var second = await world.IssueAsync(begun.Card, begun, DeskWorld.Order("Ben"));
        await using var fresh = DeskWorld.Blank();
        var third = await world.IssueAsync(fresh.Card, fresh, DeskWorld.Order("Cyd"));

        Assert.Equal((1, 1, 2), (first.KeyVersion, second.KeyVersion, third.KeyVersion));
        await world.ProveAsync(begun, await world.IssueAsync(begun.Card, begun, DeskWorld.Order("Ben")), pin: false);
        await world.ProveAsync(old, await world.IssueAsync(old.Card, old, DeskWorld.Order("Ada")), pin: false);
        await world.ProveAsync(fresh, third);
    }

    [Fact]
    public async Task A_lost_card_is_replaced_and_what_it_may_have_paid_waits()
    {
        await using var world = await DeskWorld.OpenAsync();
        await using var lost = DeskWorld.Blank();
        await using var fresh = DeskWorld.Blank();
        var first = await world.IssueAsync(lost.Card, lost, DeskWorld.Order("Ada"));
        await world.Treasury.FundAsync(first.Holder, 1000, "bank", "1", Cancel);
        await world.IntendAsync(lost, first.Card, 300);
        await world.Treasury.ReportStolenAsync(first.Card, Cancel);

        for (var again = 0; again < 2; again++)
        {
            var next = await world.IssueAsync(
                fresh.Card, fresh, new IssueOrder(CardKind.Iso, first.Order.Applications) { Replaces = first.Card });
            Assert.Equal(first.Holder, next.Holder);
            await world.ProveAsync(fresh, next);
        }

        var purse = (await world.Money.FindAsync(first.Holder, Cancel))!;
        Assert.Equal((700, 300), (purse.Account, purse.OpenOf(first.Card)!.Hold));
        Assert.Equal(CardState.Revoked, (await world.Holders.FindCardAsync(first.Card, Cancel))!.State);
    }

    [Fact]
    public async Task A_card_that_is_given_back_proves_what_it_did_and_its_purse_moves_nothing_more()
    {
        await using var world = await DeskWorld.OpenAsync();
        await using var card = DeskWorld.Blank();
        var issued = await world.IssueAsync(card.Card, card, DeskWorld.Order("Ada"));
        await world.Treasury.FundAsync(issued.Holder, 1000, "bank", "1", Cancel);
        await world.IntendAsync(card, issued.Card, 300, isDone: true);
        var registration = (await world.Holders.FindCardAsync(issued.Card, Cancel))!;
        await world.Treasury.ReportStolenAsync(issued.Card, Cancel);

        var settled = await new CardCounter(world.Treasury, TimeProvider.System)
            .DeactivateAsync(card.Card, registration, Cancel);
        await world.Treasury.ReplaceAsync(issued.Card, null, Cancel);

        Assert.Equal((IntentState.Done, 300u), (Assert.Single(settled).State, settled[0].Amount));
        var purse = (await world.Money.FindAsync(issued.Holder, Cancel))!;
        Assert.Equal((700, 0), (purse.Account, purse.Open.Count));
        var state = await (await PurseClient.SelectAsync(card.Card, Cancel))!.InitializeAsync(
            await world.Treasury.NonceAsync(issued.Card, Cancel), Cancel);
        Assert.True(state.Flags.HasFlag(PurseCondition.Deactivated));
    }

    [Fact]
    public async Task What_cannot_be_issued_is_refused_before_anything_is_written()
    {
        await using var world = await DeskWorld.OpenAsync();
        await using var sim = DeskWorld.Blank(sim: true);
        await using var card = DeskWorld.Blank();

        await RefusedAsync<IssuingException>(card, DeskWorld.Order("Ada") with { NewHolder = null, Holder = HolderId.New(DateTimeOffset.UnixEpoch) });
        await RefusedAsync<IssuingException>(card, DeskWorld.Order("Ada") with { NewHolder = null });
        await RefusedAsync<IssuingException>(card, DeskWorld.Order("Ada") with { Replaces = new CardId(5) });
        Assert.Empty(await world.Issuances.ListAsync(Cancel));

        var issued = await world.IssueAsync(card.Card, card, DeskWorld.Order("Ada"));
        await card.ResetAsync(Cancel);
        await RefusedAsync<IssuingException>(card, DeskWorld.Order("Ben"));
        await RefusedAsync<IssuingException>(card, DeskWorld.Order("Ada") with { Applications = [PurseCommands.Aid] });
        await RefusedAsync<IssuingException>(sim, DeskWorld.Order("Ada") with { Card = issued.Card });
        await RefusedAsync<CardStatusException>(sim, DeskWorld.Order("Ada"));

        await using var other = await DeskWorld.OpenAsync();
        await Assert.ThrowsAsync<AuthenticationException>(() => other.IssueAsync(card.Card, card, DeskWorld.Order("Ada")));

        Task RefusedAsync<T>(BlankInHand blank, IssueOrder order) where T : Exception =>
            Assert.ThrowsAsync<T>(() => world.IssueAsync(blank.Card, blank, order));
    }

    private static async Task<bool> TryAsync(Func<Task> issue)
    {
        try
        {
            await issue();
            return true;
        }
        catch (Exception cut) when (cut is IOException or ConnectionLostException)
        {
            return false;
        }
    }

    /// <summary>Pulled before the answer to a command came.</summary>
    private sealed class Pulled(ICardChannel card, int commands) : ICardChannel
    {
        private int _left = commands;

        public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            var answer = await card.TransmitAsync(command, cancel);
            return _left-- > 0 ? answer : throw new ConnectionLostException("The card was pulled.");
        }
    }
}

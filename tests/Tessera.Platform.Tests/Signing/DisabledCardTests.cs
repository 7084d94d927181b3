using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>
/// Where a verification fails, a session is tried again, declined, aborted, or the card is disabled
/// (docs/protocols/evidence.md §6).
/// </summary>
public class DisabledCardTests
{
    private static readonly Dialogue<SignedTransaction> Sign = Dialogue.Sign(SigningWorld.Contract);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_disables_a_card_and_its_purse_proves_that_it_obeyed_until_it_is_enabled_again()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();

        var end = await RunAsync(world, till, (session, cancel) => session.DisableAsync(cancel));

        Assert.Equal((SessionEnd.CardRefused, CardState.Disabled), (end, State(world)));
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);
        Assert.Single(till.Ran, script => script.Moves(MoveKind.Deactivate));
        var receipt = await world.Treasury.ViewAsync(world.Registration.Holder, SigningWorld.CardId, long.MaxValue, 9, Cancel);
        Assert.Equal((1u, 0), (receipt!.Copy!.Number, receipt.Account));

        using var again = world.Insert(session: 0x2B);
        Assert.Equal(SessionEnd.CardRefused, await RunAsync(world, again, Signs));
        Assert.DoesNotContain(again.Ran, script => script.Moves(MoveKind.Deactivate));
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);

        Assert.Null(await world.Treasury.ReactivateAsync(SigningWorld.CardId, Cancel));
        using var back = world.Insert(session: 0x2C);
        world.Person.Does("123456");
        Assert.Equal((SessionEnd.Completed, CardState.Active), (await RunAsync(world, back, Signs), State(world)));
        Assert.Single(back.Ran, script => script.Moves(MoveKind.Reactivate));
        Assert.Single(world.Evidence.Filed);
    }

    [Fact]
    public async Task After_so_many_verifications_in_a_row_that_were_declined_or_failed_a_card_is_disabled()
    {
        using var world = await SigningWorld.WithAsync(options: new SessionOptions { DisableAfter = 3 });
        (string[] Does, SessionEnd End)[] visits =
        [
            (["!cancel"], SessionEnd.Left), (["!cancel at text"], SessionEnd.Left), (["123456"], SessionEnd.Completed),
            (["!cancel"], SessionEnd.Left), (["!late"], SessionEnd.Left), (["!cancel"], SessionEnd.Left),
            (["111111", "222222", "333333", "Stop"], SessionEnd.CardRefused),
        ];

        for (var i = 0; i < visits.Length; i++)
        {
            using var till = world.Insert(session: (ushort)(0x2A + i));
            world.Person.Does(visits[i].Does);
            Assert.Equal(visits[i].End, await RunAsync(world, till, Signs));
        }

        Assert.Equal(CardState.Disabled, State(world));
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);
        Assert.Single(world.Evidence.Filed);
    }

    [Fact]
    public async Task Nothing_is_disabled_where_nobody_wants_it()
    {
        using var world = await SigningWorld.WithAsync();
        for (ushort session = 0x2A; session < 0x30; session++)
        {
            using var till = world.Insert(session: session);
            world.Person.Does("!cancel");
            Assert.Equal(SessionEnd.Left, await RunAsync(world, till, Signs));
        }

        Assert.Equal(CardState.Active, State(world));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_stands_at_the_terminal_disables_the_card_in_it_and_what_is_just_signed_is_not_taken(bool hasPurse)
    {
        using var world = await SigningWorld.WithAsync(hasPurse: hasPurse);
        using var till = world.Insert();
        world.Person.Does("123456");
        Assert.Null(await world.Host.DisableAtAsync(till.Terminal, Cancel));
        Task<(Cards.CardId? Card, Refusal? Refusal)?>? disabling = null;
        till.Answering = (script, answer) =>
        {
            if (SignTests.Signs(script)) disabling = world.Host.DisableAtAsync(till.Terminal, Cancel);
            return answer;
        };

        var end = await RunAsync(world, till, Signs);

        Assert.Equal(((Cards.CardId?)SigningWorld.CardId, null), await disabling!);
        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Empty(world.Evidence.Filed);
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);
        Assert.Equal(hasPurse ? 1 : 0, till.Ran.Count(script => script.Moves(MoveKind.Deactivate)));
        Assert.Equal(CardState.Disabled, State(world));
        Assert.Null(await world.Host.DisableAtAsync(till.Terminal, Cancel));
    }

    [Fact]
    public async Task A_card_without_a_purse_stays_disabled_until_it_is_enabled_and_then_is_welcome_at_once()
    {
        using var world = await SigningWorld.WithAsync(hasPurse: false);
        var standings = new CardStandings(world.Treasury, world.Holders, TimeProvider.System);
        using (var till = world.Insert())
            Assert.Equal(SessionEnd.CardRefused, await RunAsync(world, till, (session, cancel) => session.DisableAsync(cancel)));
        world.Restart();
        world.Person.Shown.Clear();

        using (var again = world.Insert(session: 0x2B)) Assert.Equal(SessionEnd.CardRefused, await RunAsync(world, again, Signs));
        Assert.Equal(["This card has been disabled. Please ask your issuer."], world.Person.Shown, StringComparer.Ordinal);

        var card = world.Holders.Cards[SigningWorld.CardId];
        Assert.Null(await standings.ReactivateAsync(card, Cancel));
        Assert.Equal("The card is Active.", (await standings.ReactivateAsync(card, Cancel))!.Detail);
        using var back = world.Insert(session: 0x2C);
        world.Person.Does("123456");
        Assert.Equal((SessionEnd.Completed, CardState.Active), (await RunAsync(world, back, Signs), State(world)));
    }

    [Theory]
    [InlineData(CardState.Active, null, null)]
    [InlineData(CardState.Disabled, null, null)]
    [InlineData(CardState.Stolen, "The card is Stolen.", null)]
    [InlineData(CardState.Suspect, "The card is Suspect.", "The card is Suspect.")]
    [InlineData(CardState.Revoked, "The card is Revoked.", "The card is Revoked.")]
    public async Task Of_a_card_without_a_purse_the_register_is_told_and_what_cannot_be_is_refused(
        CardState before, string? disabling, string? reporting)
    {
        using var world = await SigningWorld.WithAsync(hasPurse: false);
        var standings = new CardStandings(world.Treasury, world.Holders, TimeProvider.System);
        world.Holders.Change(SigningWorld.CardId, before);

        Assert.Equal(disabling, (await standings.DisableAsync(world.Registration, Cancel))?.Detail);
        Assert.Equal(disabling is null ? CardState.Disabled : before, State(world));
        Assert.Equal(reporting, (await standings.ReportStolenAsync(world.Registration, Cancel))?.Detail);
        Assert.Equal(reporting is null ? CardState.Stolen : before, State(world));
    }

    [Fact]
    public async Task A_server_that_dies_when_the_books_have_it_disables_the_card_when_it_goes_on()
    {
        using var world = await SigningWorld.WithAsync(hasPurse: false);
        using var till = world.Insert();
        world.Person.Does("123456");
        Task? disabling = null;
        till.Answering = (script, answer) =>
        {
            if (!SignTests.Signs(script)) return answer;
            disabling = world.Host.DisableAtAsync(till.Terminal, Cancel);
            throw world.Power.Fail();
        };
        await Assert.ThrowsAsync<CrashException>(() => world.Host.RunAsync(till, null, new World.Script(Signs), Cancel));
        await disabling!;
        till.Answering = (_, answer) => answer;
        world.Restart();
        world.Person.Does("123456");

        var outcome = await world.Host.ResumeAsync(till, null, _ => new World.Script(Signs), Cancel);

        Assert.Equal(SessionEnd.CardRefused, outcome!.End);
        Assert.Empty(world.Evidence.Filed);
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);
    }

    [Fact]
    public async Task A_card_that_is_pulled_first_is_deactivated_when_it_comes_again()
    {
        using var world = await SigningWorld.WithAsync();
        using (var till = world.Insert())
        {
            till.PulledAt = command => command is { Cla: 0x80, Ins: 0x54, P1: (byte)MoveKind.Deactivate };
            Assert.Equal(
                SessionEnd.CardRefused, await RunAsync(world, till, (session, cancel) => session.DisableAsync(cancel)));
        }

        Assert.Equal(CardState.Disabled, State(world));
        using var again = world.Insert(session: 0x2B);
        Assert.Equal(SessionEnd.CardRefused, await RunAsync(world, again, Signs));
        Assert.Single(again.Ran, script => script.Moves(MoveKind.Deactivate));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_dies_anywhere_disables_it_once(bool hasPurse)
    {
        for (var point = 1; ; point++)
        {
            using var world = await SigningWorld.WithAsync(hasPurse: hasPurse);
            using var till = world.Insert();
            var application = new World.Script((session, cancel) => session.DisableAsync(cancel));
            world.Power.FailAt(point);
            var died = false;
            try
            {
                await world.Host.RunAsync(till, null, application, Cancel);
            }
            catch (CrashException)
            {
                died = true;
                world.Restart();
                if (await world.Host.ResumeAsync(till, null, _ => application, Cancel) is null)
                    await world.Host.RunAsync(till, null, application, Cancel);
            }

            Assert.Equal(CardState.Disabled, State(world));
            Assert.Equal(hasPurse ? 1 : 0, till.Ran.Count(script => script.Moves(MoveKind.Deactivate)));
            if (!died) break;
            Assert.True(point < 100);
        }
    }

    [Fact]
    public async Task A_document_that_is_withdrawn_while_its_holder_reads_it_is_not_filed_and_they_are_told()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        using var withdrawn = new CancellationTokenSource();
        world.Person.Does("123456");
        till.Answering = (_, answer) =>
        {
            withdrawn.Cancel();
            return answer;
        };

        var outcome = await world.Host.SignAsync(till, "desk", SigningWorld.Contract, null, Cancel, withdrawn.Token);

        Assert.Equal((null, SessionEnd.Left), (outcome.Transaction, outcome.End));
        Assert.Empty(world.Evidence.Filed);
        Assert.Equal(Wording.Withdrawn, world.Person.Shown[^1]);
    }

    private static async Task Signs(CardSession session, CancellationToken cancel) => await session.RunAsync(Sign, cancel);

    private static CardState State(SigningWorld world) => world.Holders.Cards[SigningWorld.CardId].State;

    private static async Task<SessionEnd> RunAsync(
        SigningWorld world, SigningLink link, Func<CardSession, CancellationToken, Task> run)
    {
        var outcome = await world.Host.RunAsync(link, null, new World.Script(run), Cancel);
        Assert.Null(outcome.Fault);
        return outcome.End;
    }
}

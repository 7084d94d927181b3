using Tessera.Apps;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A payment and its receipt in the data store, in one script: whatever becomes of the one, the other stands.</summary>
public class KeptReceiptTests
{
    private static readonly CardField Field = PreferencesApplication.Contact;

    private static readonly Dialogue<Receipt> Lunch = Dialogue.Pay(Amount.Of(12.50m), "Lunch")
        .Then(Dialogue.Keep(Field, "Lunch 12.50"), (receipt, _) => receipt).ThenShow("Enjoy it.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CardKind.Iso)]
    [InlineData(CardKind.Sim)]
    public async Task Both_go_in_one_script(CardKind kind)
    {
        using var world = await WorldAsync(kind);
        using var link = world.Insert(TerminalProfile.Phone);
        world.Person.Does("123456");

        Receipt? receipt = null;
        await world.RunAsync(link, async (session, cancel) => receipt = await session.RunAsync(Lunch, cancel));

        Assert.NotNull(receipt);
        var script = link.Ran.Single(ran => Instructions(ran).Contains((byte)0x66));
        Assert.Contains((byte)0x54, Instructions(script));
        Assert.Equal(CardField.Content("Lunch 12.50"), world.Card.Store[Field.Id]);
        Assert.Equal(750, world.Account);
    }

    public enum Trouble
    {
        Refused,
        Forgotten,
        NoStore,
        Pulled,
        Interrupted,
        AnswerLost,
    }

    public static TheoryData<Trouble, TerminalRoad> Troubles
    {
        get
        {
            var all = new TheoryData<Trouble, TerminalRoad>();
            foreach (var trouble in Enum.GetValues<Trouble>())
                foreach (var road in Enum.GetValues<TerminalRoad>())
                    all.Add(trouble, road);
            return all;
        }
    }

    public enum TerminalRoad
    {
        Terminal,
        Page,
        Voice,
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_is_not_kept_neither_undoes_nor_repeats_the_payment(Trouble trouble, TerminalRoad road)
    {
        using var world = await WorldAsync(CardKind.Iso, trouble == Trouble.NoStore);
        var profile = road == TerminalRoad.Page ? TerminalProfile.Rich : TerminalProfile.TextOnly;
        using var link = world.Insert(profile);
        using var back = world.Insert(profile, session: 0x2B);
        world.Page.OnTold = status =>
        {
            if (status.State == PageState.InsertCard) Assert.True(world.Host.Return(back));
        };
        if (trouble == Trouble.Refused) world.Card.Store.Refuses = StatusWord.NotEnoughMemory;
        world.Card.Store.Forgets = trouble == Trouble.Forgotten;
        var first = true;
        link.Faults = script => Instructions(script).Contains((byte)0x66) && first && !(first = false) ? trouble switch
        {
            Trouble.Interrupted => Fault.Interrupted,
            Trouble.AnswerLost => Fault.AnswerLost,
            _ => Fault.None,
        } : Fault.None;
        if (trouble == Trouble.Pulled) world.Card.PulledAt = 0x66;
        world.Person.Does("123456");

        Receipt? receipt = null;
        async Task Application(CardSession session, CancellationToken cancel) =>
            receipt = await session.RunAsync(Lunch, cancel);
        var end = road == TerminalRoad.Terminal
            ? await world.RunAsync(link, Application)
            : await world.LeadAsync(link, Application);

        var paid = world.Card.Log.Where(movement => movement.Kind == MoveKind.Debit);
        Assert.Equal(1250u, Assert.Single(paid).Amount);
        if (trouble == Trouble.AnswerLost && road == TerminalRoad.Terminal)
        {
            Assert.Equal(SessionEnd.Lost, end);
            using var later = world.Insert(profile, session: 0x2C);
            await world.RunAsync(later, (_, _) => Task.CompletedTask);
            Assert.Single(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
        }
        else
        {
            Assert.Equal(Amount.Of(12.50m), receipt?.Amount);
            Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
        }

        Assert.Equal((750, 1250), (world.Account, world.Sold()));
        Assert.Equal(750u, world.Card.Balance);
        if (trouble is Trouble.Refused or Trouble.Forgotten or Trouble.NoStore)
        {
            var shown = road == TerminalRoad.Terminal ? world.Person.Shown : world.Page.Shown;
            var text = string.Join(' ', shown).ReplaceLineEndings(" ");
            Assert.Contains("could not be kept on your card", text, StringComparison.Ordinal);
            Assert.EndsWith("Enjoy it.", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_not_kept_without_a_payment_ends_the_dialogue_as_ever()
    {
        using var world = await WorldAsync(CardKind.Iso);
        world.Card.Store.Refuses = StatusWord.NotEnoughMemory;
        using var link = world.Insert(TerminalProfile.Phone);

        DialogueEnd? ended = null;
        await world.RunAsync(link, async (session, cancel) =>
            ended = await PinTests.EndOfAsync(session, Dialogue.Keep(Field, "Lunch"), cancel));

        Assert.Equal(DialogueEnd.CardRefused, ended);
    }

    private static async Task<World> WorldAsync(CardKind kind, bool withoutStore = false) => await World.WithAsync(
        2000, kind: kind, keeper: withoutStore ? null : new PreferencesApplication());

    private static IEnumerable<byte> Instructions(CommandScript script) =>
        script.Numbered().Select(one => one.Step).OfType<CardStep>().Select(step => step.Command.Ins);
}

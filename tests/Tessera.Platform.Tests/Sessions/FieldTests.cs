using Tessera.Apps;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>What is kept on one card of a holder and on the others.</summary>
public class FieldTests
{
    internal static readonly CardField Language = PreferencesApplication.Language;
    internal static readonly CardField Contact = PreferencesApplication.Contact;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_phone_changes_is_offered_to_the_other_card_and_taken()
    {
        using var world = await WorldAsync();
        var card = await world.AddAsync(CardKind.Iso);
        await MeetAsync(world, card);
        await KeepAsync(world, world.Card, Language, "de");

        world.Page.Does("Take it");
        await MeetAsync(world, card);

        Assert.Equal("Updated data Updated data is available for this card. Language: Deutsch, from your phone " +
            $"{world.Registration.Card.ToString()[^4..]}. [Take it | Not on this card | Later]", world.Page.Shown[^1].ReplaceLineEndings(" "));
        Assert.Equal(CardField.Content("de"), card.Store[Language.Id]);
        Assert.Equal(DeliveryState.Downloaded, await StateAsync(world, card));
        Assert.Empty(await world.Log.PendingAsync(card.Registration.Card, Cancel));

        var shown = world.Page.Shown.Count;
        await MeetAsync(world, card);
        Assert.Equal(shown, world.Page.Shown.Count);
    }

    [Fact]
    public async Task What_is_declined_is_not_offered_again()
    {
        using var world = await WorldAsync();
        var card = await world.AddAsync(CardKind.Iso);
        await KeepAsync(world, world.Card, Language, "de");

        world.Page.Does("Later", "Not on this card");
        await MeetAsync(world, card);
        await MeetAsync(world, card);
        await MeetAsync(world, card);

        Assert.Equal(2, world.Page.Shown.Count);
        Assert.Equal(DeliveryState.Declined, await StateAsync(world, card));
        Assert.Equal(Bytes.Empty, card.Store[Language.Id]);
    }

    [Fact]
    public async Task What_must_be_kept_goes_with_the_first_payment()
    {
        using var world = await WorldAsync();
        var card = await world.AddAsync(CardKind.Iso);
        await KeepAsync(world, card, Contact, "Bob 0171");

        using var phone = world.Open(maxScript: 370);
        world.Person.Does("123456");
        await world.RunAsync(phone, async (session, cancel) =>
            await session.RunAsync(Dialogue.Pay(Amount.Of(3.20m), "Bus ticket"), cancel));

        Assert.Single(phone.Ran);
        Assert.Equal(CardField.Content("Bob 0171"), world.Card.Store[Contact.Id]);
        Assert.Equal(1680u, world.Card.Balance);
        Assert.Equal(DeliveryState.Downloaded, await StateAsync(world, world.Card));
    }

    [Fact]
    public async Task What_is_private_travels_ciphered_and_the_card_learns_that_it_is()
    {
        using var world = await WorldAsync();
        var card = await world.AddAsync(CardKind.Iso);
        await KeepAsync(world, card, Contact, "Bob 0171");

        using var phone = world.Open(maxScript: 370);
        await world.RunAsync(phone, (session, cancel) => session.RunAsync(Dialogue.Show("Hello"), cancel));

        Assert.Equal(CardField.Content("Bob 0171"), world.Card.Store[Contact.Id]);
        Assert.Equal(new FieldDefinition(FieldType.Text, FieldReading.Holder, true), world.Card.Store.Definition(Contact.Id));
        Assert.All(phone.Came, script => Assert.DoesNotContain("426F622030313731", script.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_must_be_kept_and_does_not_fit_goes_before_the_first_payment()
    {
        using var world = await WorldAsync();
        var card = await world.AddAsync(CardKind.Iso);
        await KeepAsync(world, card, Contact, new string('B', 100));

        using var phone = world.Open();
        world.Person.Does("Pay", "Bus ticket 3.20", "123456");
        await world.RunAsync(phone, new PurseApplication());

        Assert.Equal(100, world.Card.Store[Contact.Id].Length);
        Assert.Equal(1680u, world.Card.Balance);
        Assert.All(phone.Came, script => Assert.InRange(script.Length, 1, 242));
        Assert.Equal(0x66, phone.Ran[0].Steps.OfType<CardStep>().Skip(1).First().Command.Ins);
    }

    [Theory]
    [InlineData((int)Fault.AnswerLost)]
    [InlineData((int)Fault.Interrupted)]
    [InlineData((int)Fault.NeverRuns)]
    public async Task A_lost_answer_is_settled_when_the_card_is_there_again(int fault)
    {
        using var world = await WorldAsync(CardKind.Iso);
        var other = await world.AddAsync(CardKind.Iso);
        await MeetAsync(world, other);
        using var pc = world.Insert(TerminalProfile.Phone, session: Session());
        var left = 1;
        pc.Faults = script => IsWrite(script) && left-- == 1 ? (Fault)fault : Fault.None;
        await world.RunAsync(pc, (session, cancel) => session.RunAsync(Dialogue.Keep(Language, "fr"), cancel));

        await MeetAsync(world, world.Card);

        var isThere = world.Card.Store[Language.Id] == CardField.Content("fr");
        Assert.Equal((Fault)fault != Fault.NeverRuns, isThere);
        Assert.Equal(isThere ? 1 : 0, (await world.Changes.RecentAsync(null, 10, Cancel)).Count);
        Assert.Equal(isThere ? 1 : 0, (await world.Log.PendingAsync(other.Registration.Card, Cancel)).Count);
    }

    [Fact]
    public async Task A_lost_delivery_is_settled_and_brought_again_only_where_it_did_not_arrive()
    {
        foreach (var fault in (Fault[])[Fault.AnswerLost, Fault.NeverRuns])
        {
            using var world = await WorldAsync();
            var card = await world.AddAsync(CardKind.Iso);
            await MeetAsync(world, card);
            await KeepAsync(world, world.Card, Contact, "Bob 0171");
            using var pc = world.Insert(TerminalProfile.Phone, Session(), card: card);
            pc.Faults = script => IsWrite(script) ? fault : Fault.None;
            Assert.Equal(SessionEnd.Lost, await world.RunAsync(pc, (_, _) => Task.CompletedTask));
            Assert.Equal(DeliveryState.InFlight, await StateAsync(world, card));

            await MeetAsync(world, card);

            Assert.Equal(1, card.Store.Writes);
            Assert.Equal(DeliveryState.Downloaded, await StateAsync(world, card));
        }
    }

    [Fact]
    public async Task Between_what_two_cards_changed_the_holder_chooses()
    {
        using var world = await WorldAsync(CardKind.Iso);
        var other = await world.AddAsync(CardKind.Iso);
        await KeepAsync(world, world.Card, Language, "de");
        other.Store.Put(Language.Id, CardField.Content("es"));
        await MeetAsync(world, other, "Later");
        other.Store.Put(Language.Id, CardField.Content("fr"));

        world.Page.Does($"Deutsch (your card {world.Registration.Card.ToString()[^4..]})");
        await MeetAsync(world, other);

        Assert.Equal(CardField.Content("de"), other.Store[Language.Id]);
        Assert.Equal(CardField.Content("de"), world.Card.Store[Language.Id]);
        var writes = world.Card.Store.Writes;
        await MeetAsync(world, world.Card);
        Assert.Equal(writes, world.Card.Store.Writes);
        Assert.Empty(await world.Log.ConflictsAsync(world.Holder.Id, Cancel));
        Assert.Empty(await world.Log.PendingAsync(world.Registration.Card, Cancel));
    }

    [Fact]
    public async Task The_card_whose_change_the_holder_chose_has_it_already()
    {
        using var world = await WorldAsync();
        var other = await world.AddAsync(CardKind.Iso);
        await MeetAsync(world, other);
        await KeepAsync(world, other, Language, "de");
        await KeepAsync(world, world.Card, Language, "fr");

        await MeetAsync(world, other, $"Francais (your phone {world.Registration.Card.ToString()[^4..]})");

        Assert.Equal(CardField.Content("fr"), other.Store[Language.Id]);
        Assert.Empty(await world.Log.PendingAsync(world.Registration.Card, Cancel));
        Assert.Empty(await world.Log.PendingAsync(other.Registration.Card, Cancel));
        Assert.Equal(DeliveryState.Downloaded, await StateAsync(world, world.Card));
    }

    [Fact]
    public async Task What_the_holder_chose_at_the_PC_reaches_the_phone_unasked_with_its_next_script()
    {
        using var world = await WorldAsync();
        var other = await world.AddAsync(CardKind.Iso);
        await MeetAsync(world, other);
        await KeepAsync(world, world.Card, Language, "fr");
        other.Store.Put(Language.Id, CardField.Content("de"));
        await MeetAsync(world, other, $"Deutsch (your card {other.Registration.Card.ToString()[^4..]})");
        Assert.Equal(CardField.Content("fr"), world.Card.Store[Language.Id]);

        using var phone = world.Open(maxScript: 370);
        world.Person.Does("123456");
        await world.RunAsync(phone, async (session, cancel) =>
            await session.RunAsync(Dialogue.Pay(Amount.Of(3.20m), "Bus ticket"), cancel));

        Assert.Single(phone.Ran);
        Assert.Equal(CardField.Content("de"), world.Card.Store[Language.Id]);
        Assert.Equal(CardField.Content("de"), other.Store[Language.Id]);
        Assert.Equal(1680u, world.Card.Balance);
        Assert.Empty(await world.Log.PendingAsync(world.Registration.Card, Cancel));
        Assert.Empty(await world.Log.ConflictsAsync(world.Holder.Id, Cancel));
    }

    [Fact]
    public async Task A_clone_gets_what_it_carries_and_no_money()
    {
        using var world = await WorldAsync();
        await KeepAsync(world, world.Card, Contact, "Bob 0171");
        await KeepAsync(world, world.Card, Language, "de");
        var clone = await world.AddAsync(CardKind.Iso, StoreCommands.Aid);
        world.Page.Does("Take it");

        using var pc = world.Insert(TerminalProfile.Rich, Session(), card: clone);
        DialogueEnd? ended = null;
        var end = await world.RunAsync(pc, async (session, cancel) =>
        {
            Assert.False(session.HasPurse);
            Assert.Equal(0, (await session.PurseAsync(cancel)).Account);
            ended = await PinTests.EndOfAsync(session, Dialogue.Pay(Amount.Of(1), "A thing"), cancel);
        });

        Assert.Equal((SessionEnd.Completed, DialogueEnd.CardRefused), (end, ended));
        Assert.Equal("This card carries no purse.", world.Page.Shown[^1]);
        Assert.Equal(CardField.Content("Bob 0171"), clone.Store[Contact.Id]);
        Assert.Equal(CardField.Content("de"), clone.Store[Language.Id]);
        Assert.Empty(clone.Log);
    }

    [Fact]
    public async Task A_card_of_another_section_gets_nothing_of_this_one()
    {
        using var world = await WorldAsync();
        var other = await world.AddAsync(CardKind.Iso, Bytes.FromHex("F0544553534552410210"));
        await KeepAsync(world, world.Card, Contact, "Bob 0171");

        await MeetAsync(world, other);

        Assert.Empty(other.Store.Versions);
        Assert.Empty(await world.Log.PendingAsync(other.Registration.Card, Cancel));
    }

    [Fact]
    public async Task What_was_written_away_from_here_is_taken_in_first()
    {
        using var world = await WorldAsync(CardKind.Iso);
        var other = await world.AddAsync(CardKind.Iso);
        await MeetAsync(world, world.Card);
        world.Card.Store.Put(Contact.Id, CardField.Content("Eve 0172"));
        await MeetAsync(world, world.Card);

        await MeetAsync(world, other);

        Assert.Equal(CardField.Content("Eve 0172"), other.Store[Contact.Id]);
        var change = Assert.Single(await world.Changes.RecentAsync(null, 10, Cancel)).Change;
        Assert.Equal((world.Registration.Card, Bytes.Empty), (change.Card, change.Prior));
    }

    private static int _session = 0x100;

    private static ushort Session() => (ushort)Interlocked.Increment(ref _session);

    internal static Task<World> WorldAsync(CardKind kind = CardKind.Sim) =>
        World.WithAsync(2000, kind: kind, keeper: new PreferencesApplication());

    /// <summary>The card is in a PC, and nothing is done with it but what it needs.</summary>
    internal static async Task MeetAsync(World world, ModelCard card, params string[] answers)
    {
        world.Page.Does(answers);
        using var pc = world.Insert(TerminalProfile.Rich, Session(), card: card);
        Assert.Equal(SessionEnd.Completed, await world.RunAsync(pc, (_, _) => Task.CompletedTask));
    }

    internal static async Task KeepAsync(World world, ModelCard card, CardField field, string value)
    {
        var isSim = card.Registration.Kind == CardKind.Sim;
        using var link = isSim ? world.Open(Session(), card: card) : world.Insert(TerminalProfile.Rich, Session(), card: card);
        var end = await world.RunAsync(link, (session, cancel) => session.RunAsync(Dialogue.Keep(field, value), cancel));
        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(CardField.Content(value), card.Store[field.Id]);
    }

    internal static bool IsWrite(CommandScript script) =>
        script.Numbered().Any(numbered => numbered.Step is CardStep { Command: { Cla: 0x80, Ins: 0x64 or 0x66 } });

    /// <summary>What became of the last change on its way to that card.</summary>
    private static async Task<DeliveryState> StateAsync(World world, ModelCard card) =>
        (await world.Changes.RecentAsync(null, 1, Cancel))[0].Deliveries
            .Single(delivery => delivery.Card == card.Registration.Card).State;
}

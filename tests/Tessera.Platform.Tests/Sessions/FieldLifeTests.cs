using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Toolkit;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>
/// Two or three cards changed here and there, scripts that are lost, servers that die, holders who decline: in the end
/// all cards that carry a field agree but where the holder did not want it.
/// </summary>
public class FieldLifeTests
{
    private static readonly string[] Values = ["en", "de", "fr", "es"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task However_fields_are_changed_apart_the_cards_agree_in_the_end(int seed)
    {
        var random = new Random(seed);
        var declines = seed % 3 == 0;
        using var world = await FieldTests.WorldAsync(seed % 2 == 0 ? CardKind.Sim : CardKind.Iso);
        List<ModelCard> cards = [world.Card, await world.AddAsync(CardKind.Iso)];
        if (random.Next(2) == 0) cards.Add(await world.AddAsync(CardKind.Iso));
        world.Page.Otherwise = request => request is ChoicePage page ? Choose(random, page.Choices, declines) : "!cancel";
        ushort session = 1;

        // What a card has at its first contact is how it was personalised.
        foreach (var card in cards) await FieldTests.MeetAsync(world, card);
        for (var visit = 0; visit < 14; visit++)
        {
            var card = cards[random.Next(cards.Count)];
            if (random.Next(8) == 0) await LateAsync(world, cards);
            if (random.Next(6) == 0) card.Store.Put(FieldTests.Language.Id, Value(random));
            if (random.Next(3) == 0) world.Power.FailAt(random.Next(1, 50));
            await VisitAsync(world, card, session, random);
            session += 10;
        }

        await SettleAsync(world, cards, session);

        foreach (var field in (CardField[])[FieldTests.Language, FieldTests.Contact])
        {
            var held = cards.Where(card => card.Registration.Carries(field.Application))
                .Select(card => card.Store[field.Id]).Distinct().ToList();
            var declined = (await world.Changes.RecentAsync(null, 1000, Cancel))
                .Where(one => string.Equals(one.Change.Field, field.Name, StringComparison.Ordinal))
                .SelectMany(one => one.Deliveries).Any(one => one.State == DeliveryState.Declined);
            Assert.True(held.Count == 1 || declined, $"{field.Name}: {string.Join(" / ", held.Select(field.Text))}");
        }

        Assert.Equal(2000, world.Account);
    }

    [Fact]
    public async Task A_change_that_died_anywhere_ends_as_if_it_had_not()
    {
        var writes = 0;
        for (var point = 0; point <= 2 * writes; point++)
        {
            using var world = await FieldTests.WorldAsync(CardKind.Iso);
            var other = await world.AddAsync(CardKind.Iso);
            await FieldTests.MeetAsync(world, other);
            await FieldTests.KeepAsync(world, other, FieldTests.Contact, "Bob 0171");
            world.Page.Otherwise = request => ((ChoicePage)request).Choices[0];
            var before = world.Power.Writes;
            using var link = world.Insert(TerminalProfile.Rich);
            if (point > 0) world.Power.FailAt(point);

            await LiveAsync(world, link, FieldTests.Language, "de");
            if (point == 0) writes = world.Power.Writes - before;

            Assert.Equal(CardField.Content("de"), world.Card.Store[FieldTests.Language.Id]);
            Assert.Equal(CardField.Content("Bob 0171"), world.Card.Store[FieldTests.Contact.Id]);
            Assert.Equal(2, world.Card.Store.Writes);
            Assert.Equal(2, (await world.Changes.RecentAsync(null, 10, Cancel)).Count);
            Assert.Single(await world.Log.PendingAsync(other.Registration.Card, Cancel));
            Assert.Empty(await world.Log.PendingAsync(world.Registration.Card, Cancel));
        }

        Assert.InRange(writes, 15, 60);
    }

    private static string Choose(Random random, IReadOnlyList<string> choices, bool declines) => choices switch
    {
        ["Take it", ..] => declines ? choices[random.Next(3)] : random.Next(2) == 0 ? "Take it" : "Later",
        _ => choices[random.Next(choices.Count)],
    };

    private static Bytes Value(Random random) => CardField.Content(Values[random.Next(Values.Length)]);

    /// <summary>A card is issued late.</summary>
    private static async Task LateAsync(World world, List<ModelCard> cards)
    {
        if (cards.Count == 4) return;
        cards.Add(await world.AddAsync(CardKind.Iso));
        await FieldTests.MeetAsync(world, cards[^1]);
    }

    private static async Task VisitAsync(World world, ModelCard card, ushort session, Random random)
    {
        var field = random.Next(3) == 0 ? FieldTests.Contact : FieldTests.Language;
        var (changes, value) = (random.Next(2) == 0, Values[random.Next(Values.Length)]);
        Task Visit(CardSession visit, CancellationToken cancel) =>
            changes ? visit.RunAsync(Dialogue.Keep(field, value), cancel) : Task.CompletedTask;

        using var link = card.Registration.Kind == CardKind.Sim
            ? world.Open(session, card: card)
            : world.Insert(TerminalProfile.Rich, session, card: card);
        link.Faults = _ => random.Next(10) == 0 ? (Fault)random.Next(1, 5) : Fault.None;
        world.Page.OnTold = status =>
        {
            if (status.State == PageState.InsertCard) world.Host.Return(world.Insert(TerminalProfile.Rich, ++session, card: card));
        };
        try
        {
            await world.RunAsync(link, Visit);
        }
        catch (CrashException)
        {
            world.Restart();
            await world.ResumeAsync(link, Visit);
        }

        world.Restart();
        link.Pull();
    }

    /// <summary>Every card is met until nothing waits any more; what is still offered is taken.</summary>
    private static async Task SettleAsync(World world, List<ModelCard> cards, ushort session)
    {
        world.Page.OnTold = _ => { };
        world.Page.Otherwise = request => ((ChoicePage)request).Choices[0];
        for (var round = 0; round < 3; round++)
        {
            foreach (var card in cards)
            {
                using var link = world.Insert(TerminalProfile.Rich, ++session, card: card);
                await world.ResumeAsync(link, (_, _) => Task.CompletedTask);
                Assert.Equal(SessionEnd.Completed, await world.RunAsync(link, (_, _) => Task.CompletedTask));
            }
        }

        var (writes, shown) = (cards.Sum(card => card.Store.Writes), world.Page.Shown.Count);
        foreach (var card in cards)
        {
            using var link = world.Insert(TerminalProfile.Rich, ++session, card: card);
            await world.RunAsync(link, (_, _) => Task.CompletedTask);
            Assert.Empty(await world.Log.PendingAsync(card.Registration.Card, Cancel));
        }

        Assert.Equal((writes, shown), (cards.Sum(card => card.Store.Writes), world.Page.Shown.Count));
    }

    private static async Task LiveAsync(World world, ModelLink link, CardField field, string value)
    {
        Task Change(CardSession session, CancellationToken cancel) => session.RunAsync(Dialogue.Keep(field, value), cancel);
        try
        {
            await world.RunAsync(link, Change);
        }
        catch (CrashException)
        {
            world.Restart();
            if (await world.ResumeAsync(link, Change) is null && world.Sessions.Ends.Count < 3) await world.RunAsync(link, Change);
        }
    }
}

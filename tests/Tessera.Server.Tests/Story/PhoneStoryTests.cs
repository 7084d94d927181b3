using Tessera.Story;
using Tessera.Story.Phones;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>A bus ticket paid on the phone: over SIM, phone, air, SMSC, SMPP, gateway, sessions and book.</summary>
public class PhoneStoryTests
{
    private const int MostMessages = 4;

    /// <summary>Octets of the packet that brings the script, at the least.</summary>
    private const int SavedByLists = 80;

    /// <summary>What can be cut on this road.</summary>
    private static readonly HashSet<CutKind> Kinds =
    [
        CutKind.CardPower, CutKind.Server, CutKind.MessageLost, CutKind.MessageDoubled, CutKind.MessageOvertaken,
        CutKind.MessageLate, CutKind.Phone, CutKind.Road,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_purchase_takes_at_most_four_short_messages_and_every_hop_carries_octets()
    {
        await using var world = await PhoneWorld.CreateAsync(Cancel);

        var outcome = await world.PlayAsync(Cancel);

        Assert.True(outcome.Faults.Count == 0, $"{string.Join('\n', outcome.Faults)}\n{outcome.Told}");
        Assert.Equal(StoryEnding.PaidAtOnce, outcome.Ending);
        Assert.InRange(Assert.Single(world.Messages), 1, MostMessages);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{world.Messages[0]} short messages, every part counted; {outcome.Length}");
        Assert.All(
            world.Octets,
            hop => Assert.True(hop.Value is { Up: > 0, Down: > 0 }, $"{hop.Key} carried {hop.Value}."));
    }

    [Fact]
    public async Task A_second_ticket_takes_a_shorter_script_because_the_SIM_keeps_the_lists()
    {
        await using var world = await PhoneWorld.CreateAsync(2, Cancel);

        var outcome = await world.PlayAsync(Cancel);

        Assert.True(outcome.Faults.Count == 0, $"{string.Join('\n', outcome.Faults)}\n{outcome.Told}");
        Assert.Equal(2, world.Traffic.Count);
        foreach (var (up, down) in world.Traffic)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{up.Messages + down.Messages} short messages: {up.Octets} octets up, {down.Octets} down");
        }

        Assert.All(world.Messages, messages => Assert.InRange(messages, 1, MostMessages));
        Assert.InRange(world.Traffic[1].Down.Octets, 1, world.Traffic[0].Down.Octets - SavedByLists);
    }

    [Fact]
    public async Task An_answer_that_comes_when_its_session_is_over_settles_the_book_and_the_next_contact_tells_it()
    {
        var answer = new Cut(CutKind.Road, Place: 1);
        await using var world = await PhoneWorld.CreateAsync(Cancel, answer);

        var outcome = await world.PlayAsync(Cancel);

        var diary = string.Join('\n', world.Recorder.Diary);
        Assert.True(outcome.Faults.Count == 0, $"{string.Join('\n', outcome.Faults)}\n{diary}");
        Assert.Equal(answer, Assert.Single(outcome.Cuts).Cut);
        Assert.True(outcome is { Visits: 2, Ending: StoryEnding.SettledLater }, diary);
        Assert.Contains("late answer to script 1: Done", diary, StringComparison.Ordinal);
        Assert.True(world.ToldLate > 0, diary);
    }

    [Fact]
    public async Task Nothing_is_paid_twice_or_lost_wherever_the_story_on_the_phone_is_cut()
    {
        var outcomes = await CutStories.PlayAsync("phone", ofEachKind: 3, seed: 20261122, Cancel);

        Assert.Equal(Kinds, outcomes.SelectMany(outcome => outcome.Cuts).Select(made => made.Cut.Kind).ToHashSet());
    }
}

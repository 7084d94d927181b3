using Tessera.Apps;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A list that comes again is told once and named afterwards; what is shown and paid stays the same.</summary>
public class CachedListTests
{
    private static readonly string[] Stops =
        ["Central station", "University", "Old harbour", "Botanical garden", "Airport", "Fairground"];

    [Fact]
    public async Task The_second_ticket_takes_fewer_octets_and_shows_the_same()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        var (first, shown) = await BuyAsync(world, 1, "Pay", "Bus ticket 3.20", "123456");
        var (second, again) = await BuyAsync(world, 2, "Pay", "Bus ticket 3.20", "123456");

        TestContext.Current.TestOutputHelper!.WriteLine($"script of {first} octets, then {second}");
        Assert.InRange(first, 200, 242);
        Assert.InRange(second, 1, first - 100);
        Assert.Equal(shown.Skip(1), again.Skip(1), StringComparer.Ordinal);
        Assert.Equal("You have 34.30.", again[0][..15]);
        Assert.Equal(shown[0][15..], again[0][15..]);
        Assert.Equal(3110, world.Account);
        Assert.Equal(3110u, world.Card.Balance);
        Assert.Equal(640, world.Sold("bus"));
    }

    [Fact]
    public async Task A_line_of_stops_is_told_in_two_messages_and_named_in_one()
    {
        const int onePart = 98;
        using var world = await World.WithAsync(0, kind: CardKind.Sim);
        var octets = new List<int>();
        foreach (var session in (ushort[])[1, 2])
        {
            using var phone = world.Open(session);
            world.Person.Does("Botanical garden");
            await world.RunAsync(phone, (one, cancel) => one.RunAsync(
                Dialogue.Choose(View.Titled("Where to?"), Stops, stop => stop, Dialogue.Nothing)
                    .ThenShow("Have a good trip."),
                cancel));
            octets.Add(Bytes.Of(Assert.Single(phone.Ran)).Length);
        }

        var (first, second) = (octets[0], octets[1]);
        TestContext.Current.TestOutputHelper!.WriteLine($"script of {first} octets, then {second}");
        Assert.InRange(first, onePart + 1, 242);
        Assert.InRange(second, 1, onePart);
        Assert.Equal($"Where to? [{string.Join(" | ", Stops)}]", world.Person.Shown[^2]);
        Assert.Equal("Have a good trip.", world.Person.Shown[^1].ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task A_changed_list_is_told_whole()
    {
        using var world = await World.WithAsync(0, kind: CardKind.Sim);
        var (first, _) = await AskAsync(world, 1, "Airport");
        var (changed, shown) = await AskAsync(world, 2, "Zoo", [.. Stops[..^1], "Zoo"]);

        Assert.InRange(changed, first - 20, first);
        Assert.Contains("Zoo", shown[0], StringComparison.Ordinal);
        Assert.Equal("Off to Zoo!", shown[^1]);
    }

    [Fact]
    public async Task A_list_that_the_card_no_longer_has_is_told_whole_and_paid_once()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        await BuyAsync(world, 1, "Pay", "Bus ticket 3.20", "123456");
        using var phone = world.Open(2);
        world.Card.Lists.Clear();
        world.Person.Does("Pay", "Bus ticket 3.20", "123456");

        var end = await world.RunAsync(phone, new PurseApplication());

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal("Paid. Enjoy it!", world.Person.Shown[^1]);
        Assert.Equal((3110L, 3110u), (world.Account, world.Card.Balance));
        Assert.Equal(StopReason.NoSuchList, phone.Answers[0].Read<ResponseScript>().Stopped!.Reason);
        Assert.Equal(0, world.Person.Left);
        Assert.Equal(3, phone.Ran.Count);
        Assert.Equal(2, Lists(phone.Ran[2]).Count(list => list.Whole is not null));
        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("not", StringComparison.Ordinal));

        var (third, _) = await BuyAsync(world, 3, "Pay", "Bus ticket 3.20", "123456");
        Assert.InRange(third, 1, 130);
    }

    [Fact]
    public async Task A_card_that_never_keeps_what_it_says_costs_one_script_more_each_session()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        await BuyAsync(world, 1, "Pay", "Bus ticket 3.20", "123456");
        var opening = world.Card.Open(2, TerminalProfile.Phone);
        world.Card.Lists.Clear();
        using var phone = world.Open(2, opening: opening);
        world.Person.Does("Pay", "More...", "Tea 2.20", "123456");
        world.Card.KeepsLists = false;

        await world.RunAsync(phone, new PurseApplication());

        Assert.Equal(3750 - 320 - 220, world.Account);
        Assert.Single(phone.Answers, answer => answer.Read<ResponseScript>().Stopped?.Reason == StopReason.NoSuchList);
        Assert.DoesNotContain(phone.Ran.Skip(1).SelectMany(Lists), list => list.Whole is null);
    }

    [Fact]
    public async Task A_list_told_in_a_session_is_named_in_its_next_script()
    {
        using var world = await World.WithAsync(0, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Airport", "University");

        await world.RunAsync(phone, async (session, cancel) =>
        {
            await session.RunAsync(Ride(Stops), cancel);
            await session.RunAsync(Ride(Stops), cancel);
        });

        Assert.NotNull(Assert.Single(Lists(phone.Ran[0])).Whole);
        Assert.Null(Assert.Single(Lists(phone.Ran[1])).Told);
        Assert.Equal(
            ["Off to Airport!", "Off to University!"],
            world.Person.Shown.Where(text => text.StartsWith("Off", StringComparison.Ordinal)), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_terminal_that_opens_no_session_itself_is_told_whole_lists()
    {
        using var world = await World.WithAsync(0);
        using var terminal = world.Insert(TerminalProfile.TextOnly, maxScript: 242, roundTrip: 15);
        world.Person.Does("Airport", "Airport");

        await world.RunAsync(terminal, async (session, cancel) =>
        {
            await session.RunAsync(Ride(Stops), cancel);
            await session.RunAsync(Ride(Stops), cancel);
        });

        Assert.Empty(terminal.Ran.SelectMany(Lists));
        Assert.Contains("Off to Airport!", world.Person.Shown, StringComparer.Ordinal);
    }

    /// <summary>An answer to a named list can be read after a restart: what is told again is what it names.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_dies_anywhere_in_a_purchase_from_named_lists_goes_on(bool isStale)
    {
        var died = true;
        for (var point = 1; died; point++)
        {
            using var world = await World.WithAsync(3750, kind: CardKind.Sim);
            await BuyAsync(world, 1, "Pay", "Bus ticket 3.20", "123456");
            using var phone = world.Open(2);
            if (isStale) world.Card.Lists.Clear();
            world.Person.Does("Pay", "Bus ticket 3.20", "123456");
            world.Power.FailAt(point);

            var end = await LiveAsync(world, phone);
            died = world.Power.HasFailed;

            Assert.True(end == SessionEnd.Completed, $"Point {point}: {end}");
            Assert.Equal((3110L, 3110u), (world.Account, world.Card.Balance));
            Assert.Equal(isStale ? 3 : 1, phone.Ran.Count);
            Assert.Equal(2, Lists(phone.Ran[0]).Count(list => list.Whole is null));
            Assert.Equal(phone.Came.Distinct().Count(), phone.Ran.Count);
        }
    }

    [Theory]
    [InlineData(98)]
    [InlineData(120)]
    [InlineData(150)]
    [InlineData(242)]
    [InlineData(300)]
    [InlineData(370)]
    public async Task Whatever_the_room_no_script_is_longer_and_everything_is_shown(int room)
    {
        var random = new Random(room);
        using var world = await World.WithAsync(0, kind: CardKind.Sim);
        for (ushort session = 1; session <= 25; session++)
        {
            string[] stops =
            [
                .. Enumerable.Range(1, random.Next(2, 12))
                    .Select(i => $"Stop {(char)('A' + i)}{new string('x', random.Next(3) * random.Next(4))}"),
            ];
            var wanted = stops[random.Next(stops.Length)];
            using var phone = world.Open(session, maxScript: room);
            world.Person.Otherwise = (_, items) => items.Contains(wanted, StringComparer.Ordinal) ? wanted : "More...";

            var end = await world.RunAsync(phone, (one, cancel) => one.RunAsync(Ride(stops), cancel));

            Assert.Equal(SessionEnd.Completed, end);
            Assert.Equal($"Off to {wanted}!", world.Person.Shown[^1].ReplaceLineEndings(" "));
            Assert.All(phone.Came, script => Assert.InRange(script.Length, 1, room));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_answer_to_a_named_list_is_read_by_what_the_server_recorded(bool dies)
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        await BuyAsync(world, 1, "Pay", "Bus ticket 3.20", "123456");
        using var phone = world.Open(2);
        world.Person.Does("Pay", "Bus ticket 3.20", "123456");
        phone.Faults = _ => Fault.AnswerLost;
        await world.RunAsync(phone, new PurseApplication());
        Assert.Equal((3430L, 3110u), (world.Account, world.Card.Balance));
        world.Card.Lists.Clear();
        if (dies) world.Restart();

        var late = LateLink.Of(phone);
        var settled = await world.Host.SettleLateAsync(
            late, late.Number, late.Script, _ => null, TestContext.Current.CancellationToken);

        Assert.Equal((IntentState.Done, "Bus ticket", null), (settled!.State, settled.What, settled.Refusal));
        Assert.Equal((3110L, 640L), (world.Account, world.Sold("bus")));
    }

    private static async Task<SessionEnd> LiveAsync(World world, ModelLink phone)
    {
        var purse = new PurseApplication();
        var ended = world.Sessions.Ends.Count;
        try
        {
            return await world.RunAsync(phone, purse);
        }
        catch (CrashException)
        {
            world.Restart();
            return await world.ResumeAsync(phone, purse.RunAsync)
                ?? (world.Sessions.Ends.Count > ended ? world.Sessions.Ends[^1] : await world.RunAsync(phone, purse));
        }
    }

    private static async Task<(int Octets, string[] Shown)> BuyAsync(World world, ushort session, params string[] acts)
    {
        using var phone = world.Open(session);
        world.Person.Does(acts);
        return await RunAsync(world, phone, () => world.RunAsync(phone, new PurseApplication()));
    }

    private static async Task<(int Octets, string[] Shown)> AskAsync(
        World world, ushort session, string stop, string[]? stops = null)
    {
        using var phone = world.Open(session);
        world.Person.Does(stop);
        return await RunAsync(
            world, phone, () => world.RunAsync(phone, (one, cancel) => one.RunAsync(Ride(stops ?? Stops), cancel)));
    }

    private static async Task<(int Octets, string[] Shown)> RunAsync(
        World world, ModelLink phone, Func<Task<SessionEnd>> run)
    {
        world.Person.Shown.Clear();
        Assert.Equal(SessionEnd.Completed, await run());
        return (Bytes.Of(phone.Ran[0]).Length, [.. world.Person.Shown]);
    }

    private static Dialogue<Done> Ride(IReadOnlyList<string> stops) => Dialogue.Choose(
        View.Titled("Where to?"), stops, stop => stop, stop => Dialogue.Show(View.Of($"Off to {stop}!")))
        .Select(chosen => chosen.Result);

    private static IEnumerable<CachedListStep> Lists(CommandScript script) =>
        script.Numbered().Select(numbered => numbered.Step).OfType<CachedListStep>();
}

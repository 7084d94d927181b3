using Tessera.Apps;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>
/// The purse at a phone: an opening, a script of two short messages, an answer; the same application as in a browser.
/// </summary>
public class FourMessageTests
{
    /// <summary>Room for data in one short message, and in two (docs/protocols/sms.md §2).</summary>
    private const int OnePart = 98;
    private const int TwoParts = 242;

    [Fact]
    public async Task A_bus_ticket_with_all_that_was_pending_takes_four_messages()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Pay", "Bus ticket 3.20", "123456");

        var end = await world.RunAsync(phone, new PurseApplication());

        var messages = Tell(phone);
        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(3430, world.Account);
        Assert.Equal(3430u, world.Card.Balance);
        Assert.Equal(320, world.Sold("bus"));
        Assert.Equal(3750, Assert.Single(world.Card.Log).Adjust);
        Assert.Equal("Paid. Enjoy it!", world.Person.Shown[^1]);
        Assert.StartsWith("You have 37.50. [Pay | What happened | Load money", world.Person.Shown[0], StringComparison.Ordinal);
        Assert.Equal(4, messages);
    }

    [Fact]
    public async Task Lunch_too_and_the_rest_of_the_menu_behind_more()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Pay", "Lunch 12.50", "123456");

        await world.RunAsync(phone, new PurseApplication());

        Assert.Equal(4, Tell(phone));
        Assert.Equal("Buy what? [Bus ticket 3.20 | Lunch 12.50 | More...]", world.Person.Shown[1]);

        using var again = world.Open(session: 0x2B);
        world.Person.Does("Pay", "More...", "Tea 2.20", "123456");
        await world.RunAsync(again, new PurseApplication());

        Tell(again);
        Assert.Equal(2280, world.Account);
        Assert.Equal(2280u, world.Card.Balance);
    }

    [Fact]
    public async Task A_wrong_pin_costs_a_fresh_s1_and_another_script()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Pay", "Bus ticket 3.20", "000000", "123456");

        await world.RunAsync(phone, new PurseApplication());

        var messages = Tell(phone);
        Assert.Contains("Wrong PIN. 2 tries left.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal(3, phone.Ran.Count);
        Assert.Equal(3430u, world.Card.Balance);
        Assert.InRange(messages, 5, 9);
    }

    [Fact]
    public async Task What_cannot_be_afforded_does_not_stand_in_the_way_of_what_can()
    {
        using var world = await World.WithAsync(1000, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Pay", "Bus ticket 3.20", "123456");

        await world.RunAsync(phone, new PurseApplication());

        Assert.Equal(4, Tell(phone));
        Assert.Equal(680, world.Account);

        using var again = world.Open(session: 0x2B);
        world.Person.Does("Pay", "Lunch 12.50");
        await world.RunAsync(again, new PurseApplication());

        Tell(again);
        Assert.Equal("There is not enough money: you can spend 6.80.", world.Person.Shown[^1].ReplaceLineEndings(" "));
        Assert.Equal(680, world.Account);
    }

    [Fact]
    public async Task Leaving_takes_no_script_of_its_own_for_the_balance()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("Leave");

        var end = await world.RunAsync(phone, new PurseApplication());

        Tell(phone);
        Assert.Equal(SessionEnd.Completed, end);
        Assert.Single(world.Person.Shown);
    }

    [Fact]
    public async Task What_happened_is_one_script_of_a_few_lines()
    {
        using var world = await World.WithAsync(3750, kind: CardKind.Sim);
        foreach (var session in (ushort[])[1, 2, 3, 4, 5])
        {
            using var phone = world.Open(session);
            world.Person.Does("Pay", "Bus ticket 3.20", "123456");
            await world.RunAsync(phone, new PurseApplication());
        }

        using var last = world.Open(session: 0x2B);
        world.Person.Does("What happened");
        world.Person.Shown.Clear();
        await world.RunAsync(last, new PurseApplication());

        Tell(last);
        Assert.InRange(world.Person.Shown.Count, 2, 3);
        Assert.Contains("Bus ticket -3.20", world.Person.Shown[1].ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>Prints what went over the road; every message within its room.</summary>
    /// <returns>Short messages, every part counted.</returns>
    private static int Tell(ModelLink phone)
    {
        var output = TestContext.Current.TestOutputHelper!;
        var opening = Bytes.Of(phone.Opening!).Length;
        var messages = Parts(opening);
        output.WriteLine($"opening {opening} octets");
        foreach (var (script, answer) in phone.Ran.Zip(phone.Answers))
        {
            var (down, up) = (Bytes.Of(script).Length, answer.Length);
            output.WriteLine($"script  {down} octets, answer {up} octets");
            Assert.InRange(down, 1, TwoParts);
            Assert.InRange(up, 1, OnePart);
            messages += Parts(down) + Parts(up);
        }

        output.WriteLine($"{messages} messages");
        return messages;
    }

    private static int Parts(int octets) => octets <= OnePart ? 1 : 2;
}

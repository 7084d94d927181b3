using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

public class PinTests
{

    [Fact]
    public async Task A_wrong_pin_is_told_and_asked_again_under_a_new_s1()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("111111", "222222", "123456");

        Receipt? receipt = null;
        await world.RunAsync(phone, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(Amount.Of(12.50m), receipt!.Amount);
        Assert.Equal(750, world.Account);
        Assert.Equal(750u, world.Card.Balance);
        Assert.Contains("Wrong PIN. 2 tries left.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains("Wrong PIN. 1 try left.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_wrong_pin_at_the_terminal_is_told_on_the_page()
    {
        using var world = await World.WithAsync(2000);
        using var pc = world.Insert(TerminalProfile.Rich);
        world.Person.Does("111111", "123456");

        await world.RunAsync(pc, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(["Wrong PIN. 2 tries left.", "Enjoy it."], world.Page.Shown);
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task A_blocked_pin_is_unblocked_by_puk_and_the_payment_goes_on()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("111111", "111111", "111111", "Unblock it with the PUK")
            .Does("00000000", "654321", "654321").Does("87654321", "654321", "654321").Does("654321");

        Receipt? receipt = null;
        var end = await world.RunAsync(phone, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.NotNull(receipt);
        Assert.Equal("654321", world.Card.Pin);
        Assert.Equal(750, world.Account);
        Assert.Contains(world.Person.Shown, text => text.StartsWith("Wrong PUK. 9 tries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blocked_pin_that_is_not_unblocked_ends_the_payment()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("111111", "111111", "111111", "Stop");

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await EndOfAsync(session, World.Lunch, cancel));

        Assert.Equal(DialogueEnd.PinBlocked, ended);
        Assert.Equal(2000, world.Account);
        Assert.DoesNotContain(world.Card.Log, movement => movement.Amount > 0);
    }

    [Fact]
    public async Task A_card_that_comes_with_a_blocked_pin_is_offered_the_puk_first()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        for (var i = 0; i < 3; i++) world.Card.Transmit(new(0x00, 0x20, 0x00, 0x80, Wire.Bytes.FromHex("313131313131FFFF")));
        world.Person.Does("Unblock it with the PUK", "87654321", "654321", "654321", "654321");

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(750, world.Account);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_holder_changes_the_pin(bool rich)
    {
        using var world = await World.WithAsync(0);
        using var link = world.Insert(rich ? TerminalProfile.Rich : TerminalProfile.Phone);
        world.Person.Does("111111", "654321", "654321", "123456", "654321", "654321");

        var end = await world.RunAsync(
            link, async (session, cancel) => await session.RunAsync(Dialogue.ChangePin().ThenShow("Changed."), cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal("654321", world.Card.Pin);
        Assert.Equal("Changed.", (rich ? world.Page.Shown : world.Person.Shown)[^1]);
    }

    [Fact]
    public async Task No_pin_is_ever_in_what_the_server_keeps()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("123456");

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        var pin = Convert.ToHexString("123456"u8);
        Assert.DoesNotContain(world.Sessions.Steps, step =>
            $"{step.Script?.Octets} {step.Answer}".Contains(pin, StringComparison.Ordinal));
    }

    internal static async Task<DialogueEnd?> EndOfAsync<T>(CardSession session, Dialogue<T> dialogue, CancellationToken cancel)
    {
        try
        {
            await session.RunAsync(dialogue, cancel);
            return null;
        }
        catch (DialogueEndedException ended)
        {
            return ended.End;
        }
    }
}

using Tessera.Cards.Purse;
using Tessera.Platform.Views;
using Tessera.Server.Calls;
using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>A call that ends too early, a key that nobody presses, a card that was lost.</summary>
public sealed class TroubleByTelephoneTests
{
    private const byte MoveInstruction = 0x54;

    private static readonly CallLimits Hasty = new() { Finding = TimeSpan.Zero };

    [Fact]
    public async Task Who_hangs_up_while_the_card_pays_finds_it_settled_at_the_next_call()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        var paid = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Slot.Insert();
        await using (var call = world.Talk())
        {
            try
            {
                await OrderAsync(call, "1");
                await call.SeesAsync("2.80 EUR");
                world.Slot.CarriedOut = command =>
                {
                    if (command.Ins != MoveInstruction) return Task.CompletedTask;
                    paid.TrySetResult();
                    return over.Task;
                };
                await call.TypesAsync("2.80 EUR", Key.Ok);
                await call.UntilAsync(() => paid.Task.IsCompleted, "pay");
                await call.HangUpAsync();
            }
            finally
            {
                over.SetResult();
            }
        }

        var open = await world.MoneyAsync();
        Assert.Equal((2000, 280), (open.Account, open.Holds));

        await using var next = world.Talk();
        await OrderAsync(next, "2");
        await next.TypesAsync("2.20 EUR", Key.Ok);
        await next.HearsAsync(words => words.Say("paid").Amount(220));

        var settled = await world.MoneyAsync();
        Assert.Equal((1500, 0), (settled.Account, settled.Holds));
    }

    [Fact]
    public async Task A_card_that_was_pulled_and_put_back_between_two_orders_pays_the_second_too()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = world.Talk();
        await OrderAsync(call, "1");
        await call.TypesAsync("2.80 EUR", Key.Ok);
        await call.HearsAsync(words => words.Say("thanks"));

        world.Slot.Pull();
        await call.SeesAsync("Insert card");
        world.Slot.Insert();
        await call.SeesAsync("Press data key");
        call.Press("2");
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
        await call.TypesAsync("2.20 EUR", Key.Ok);
        await call.HearsAsync(words => words.Say("paid").Amount(220));
        await call.HearsAsync(words => words.Say("thanks"));

        Assert.Equal(1500, await world.AccountAsync());
    }

    [Fact]
    public async Task Where_nobody_presses_the_data_key_no_device_answers_and_nothing_leads_to_data()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20), limits: Hasty);
        world.Slot.Insert();
        await using var call = world.Talk();
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("1");
        await call.HearsAsync(words => words.Say("no-device"));
        await call.HearsAsync(words => words.Say("not-paid"));
        await call.HearsAsync(words => words.Say("coffee"));
        call.Press("#");
        await call.HearsAsync(words => words.Say("goodbye"));
        await call.EndsAsync();

        Assert.False(call.HasBeenData);
        Assert.Equal(2000, await world.AccountAsync());
    }

    [Fact]
    public async Task Who_has_no_device_stops_waiting_for_it_by_a_key()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        await using var call = world.Talk(withDevice: false);
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("5");
        await call.HearsAsync(words => words.Say("press-key").Say("stop"));
        call.Press("4#");
        await call.HearsAsync(words => words.Say("coffee"));
        call.Press("#");
        await call.HearsAsync(words => words.Say("goodbye"));

        Assert.False(call.HasHeard(words => words.Say("no-device")));
    }

    [Fact]
    public async Task A_device_that_is_not_enrolled_is_told_of_and_the_call_goes_on()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20), enrolled: false);
        world.Slot.Insert();
        await using var call = world.Talk();
        await OrderAsync(call, "1");
        await call.HearsAsync(words => words.Say("unknown-device").Say("ask-issuer"));
        await call.HearsAsync(words => words.Say("not-paid"));
        await call.HearsAsync(words => words.Say("coffee"));
        call.Press("#");
        await call.HearsAsync(words => words.Say("goodbye"));

        Assert.Equal(2000, await world.AccountAsync());
    }

    [Fact]
    public async Task A_lost_card_is_reported_by_its_holder_and_deactivated_at_its_next_contact()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = world.Talk();
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("7");
        await call.HearsAsync(words => words.Say("last-digits"));
        call.Press("0042");
        await call.HearsAsync(words => words.Digits("0042").Say("correct"));
        call.Press("1");
        await call.HearsAsync(words => words.Say("blocked-now"));

        call.Press("1");
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
        await call.HearsAsync(words => words.Say("stolen"));
        await call.HangUpAsync();

        world.Slot.Pull();
        Assert.True(world.Slot.Condition().HasFlag(PurseCondition.Deactivated));
        Assert.Equal(2000, await world.AccountAsync());
    }

    private static async Task OrderAsync(HomeTalk call, string key)
    {
        await call.HearsAsync(words => words.Say("shop"));
        call.Press(key);
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
    }
}

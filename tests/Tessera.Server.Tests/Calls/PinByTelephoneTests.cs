using Tessera.Platform.Views;
using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>What is only done, and only said, once card and PIN have shown whose it is.</summary>
public sealed class PinByTelephoneTests
{
    private static readonly Key[] Pin = [.. Digits("123456"), Key.Ok];
    private static readonly Key[] WrongPin = [.. Digits("654321"), Key.Ok];

    [Fact]
    public async Task The_balance_is_spoken_after_the_PIN()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = world.Talk();
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("5");
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
        await call.SeesAsync("PIN:");
        Assert.False(call.HasHeard(words => words.Say("balance")));
        await call.TypesAsync("PIN:", Pin);

        await call.HearsAsync(words => words.Say("balance").Amount(2000));
    }

    [Fact]
    public async Task The_balance_stays_unsaid_where_the_PIN_is_wrong_three_times()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = world.Talk();
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("5");
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
        await call.TypesAsync("PIN:", WrongPin);
        await call.HearsAsync(words => words.Say("wrong-pin").Number(2).Say("tries-left"));
        await call.TypesAsync("PIN:", WrongPin);
        await call.HearsAsync(words => words.Say("wrong-pin").Number(1).Say("try-left"));
        await call.TypesAsync("PIN:", WrongPin);
        await call.HearsAsync(words => words.Say("pin-blocked"));
        call.Press("#");
        await call.HearsAsync(words => words.Say("goodbye"));

        Assert.False(call.HasHeard(words => words.Say("balance")));
    }

    [Fact]
    public async Task Money_is_loaded_from_the_bank_by_voice()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = world.Talk();
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("6");
        await call.HearsAsync(words => words.Say("press-key"));
        await call.PressDataKeyAsync();
        await call.HearsAsync(words => words.Say("enter-amount"));
        call.Press("30#");
        await call.HearsAsync(words => words.Amount(3000).Say("correct"));
        call.Press("1");
        await call.TypesAsync("PIN:", Pin);
        await call.HearsAsync(words => words.Say("loaded").Amount(3000));

        Assert.Equal(5000, await world.AccountAsync());
    }

    private static IEnumerable<Key> Digits(string digits) => digits.Select(digit => Key.Digit0 + (digit - '0'));
}

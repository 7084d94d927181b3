using Tessera.Apps;
using Tessera.Platform.Views;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>A holder at home buys by telephone, with a device between telephone and wall socket.</summary>
public sealed class ShopByTelephoneTests
{
    private static readonly Key[] Pin =
        [Key.Digit1, Key.Digit2, Key.Digit3, Key.Digit4, Key.Digit5, Key.Digit6, Key.Ok];

    private static readonly Key[] WrongPin =
        [Key.Digit6, Key.Digit5, Key.Digit4, Key.Digit3, Key.Digit2, Key.Digit1, Key.Ok];

    [Fact]
    public async Task Coffee_is_bought_without_PIN_lunch_with_it_and_both_leave_a_receipt_on_paper_and_on_the_card()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = await world.CallAsync(ShopWorld.Shop);
        await call.HearsAsync(words => words.Say("shop"));
        call.Press("1");

        await call.HearsAsync(words => words.Say("press-key"));
        await world.PressDataKeyAsync();
        await world.TypeAsync("2.80 EUR", Key.Ok);
        await call.HearsAsync(words => words.Say("paid").Amount(280));
        await call.HearsAsync(words => words.Say("thanks"));
        Assert.Equal(1720, await world.AccountAsync());

        call.Press("4");
        await call.HearsAsync(words => words.Say("data"));
        await world.TypeAsync("12.50 EUR", [Key.Ok, .. WrongPin]);
        await call.HearsAsync(words => words.Say("wrong-pin").Number(2).Say("tries-left"));
        await world.TypeAsync("12.50 EUR", [Key.Ok, .. Pin]);
        await call.HearsAsync(words => words.Say("paid").Amount(1250));
        await call.HearsAsync(words => words.Say("thanks"));
        Assert.Equal(470, await world.AccountAsync());

        call.Press("#");
        await call.HearsAsync(words => words.Say("goodbye"));
        await call.Ended;
        Assert.Collection(world.Paper.Sheets, sheet => IsReceipt(sheet, "Coffee"), sheet => IsReceipt(sheet, "Lunch"));
        world.Slot.Pull();
        Assert.EndsWith(" Lunch 12.50", world.Slot.Field(ShopApplication.LastReceipt.Id), StringComparison.Ordinal);
    }

    private static void IsReceipt(IReadOnlyList<PrintedLine> sheet, string item)
    {
        Assert.Contains(sheet, line => line.Text.Contains(item, StringComparison.Ordinal));
        Assert.Equal("Thank you for your order.", sheet[^1].Text);
    }
}

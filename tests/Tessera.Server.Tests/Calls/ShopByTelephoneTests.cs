using Tessera.Apps;
using Tessera.Platform.Views;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>
/// A holder at home buys by telephone, with a device between telephone and wall socket, over real sockets.
/// </summary>
public sealed class ShopByTelephoneTests
{
    private static readonly Key[] Pin =
        [Key.Digit1, Key.Digit2, Key.Digit3, Key.Digit4, Key.Digit5, Key.Digit6, Key.Ok];

    /// <summary>Between two presses of a key that was not understood: the line may just be data.</summary>
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Coffee_is_bought_without_PIN_lunch_with_it_and_both_leave_a_receipt_on_paper_and_on_the_card()
    {
        await using var world = await ShopWorld.StartAsync(Amount.Of(20));
        world.Slot.Insert();
        await using var call = await world.CallAsync(ShopWorld.Shop);
        call.Press("1");
        await call.HearsAsync(words => words.Say("press-key"));
        await world.PressDataKeyAsync();
        await world.TypeAsync("2.80 EUR", Key.Ok);
        await Eventually.SeeAsync(world.AccountAsync, account => account == 1720, Cancel);

        await PressUntilAsync(call, "4", world.SeeAsync("12.50 EUR"));
        await world.TypeAsync("12.50 EUR", [Key.Ok, .. Pin]);
        await Eventually.SeeAsync(world.AccountAsync, account => account == 470, Cancel);

        await PressUntilAsync(call, "#", call.Ended);
        Assert.Collection(world.Paper.Sheets, sheet => IsReceipt(sheet, "Coffee"), sheet => IsReceipt(sheet, "Lunch"));
        world.Slot.Pull();
        Assert.EndsWith(" Lunch 12.50", world.Slot.Field(ShopApplication.LastReceipt.Id), StringComparison.Ordinal);
    }

    private static async Task PressUntilAsync(HomeCall call, string key, Task understood)
    {
        while (!understood.IsCompleted)
        {
            call.Press(key);
            await Task.WhenAny(understood, Task.Delay(PressAgain, Cancel));
        }

        await understood;
    }

    private static void IsReceipt(IReadOnlyList<PrintedLine> sheet, string item)
    {
        Assert.Contains(sheet, line => line.Text.Contains(item, StringComparison.Ordinal));
        Assert.Equal("Thank you for your order.", sheet[^1].Text);
    }
}

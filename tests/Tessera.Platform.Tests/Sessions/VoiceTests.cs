using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A page beside a small terminal, as a voice is: it says and asks all but what the card is for.</summary>
public class VoiceTests
{
    private static readonly TerminalProfile Device =
        TerminalProfile.TextOnly with { Capabilities = TerminalCapabilities.Printer };

    private static readonly Dialogue<(string Item, Receipt Result)> Sale = Dialogue.Choose(
        View.Titled("What?").Text("We have two meals today, and both of them are warm."), ["Lunch", "Coffee"], item => item,
        item => Dialogue.Pay(Amount.Of(12.50m), item).ThenPrintReceipt().ThenShow("Enjoy it."));

    [Fact]
    public async Task The_page_asks_and_tells_and_the_terminal_shows_what_is_paid()
    {
        using var world = await World.WithAsync(2000);
        using var device = world.Insert(Device, maxScript: 2048);
        world.Page.Does("Lunch");
        world.Person.Does("111111", "123456");

        var end = await world.LeadAsync(device, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(
            ["What? We have two meals today, and both of them are warm. [Lunch | Coffee]", "Wrong PIN. 2 tries left.", "Enjoy it."],
            world.Page.Shown.Select(text => text.ReplaceLineEndings(" ")), StringComparer.Ordinal);
        Assert.Equal(
            ["Lunch", "12.50 EUR, PIN:\nLunch", "Lunch", "12.50 EUR, PIN:\nLunch"], world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal("Lunch", Assert.Single(world.Person.Printed).Slip!.Payment.Item);
        Assert.Contains(world.Page.Told, told => told.State == PageState.LookAtTerminal);
        Assert.Equal((PageState.Ended, Wording.Goodbye), (world.Page.Told[^1].State, world.Page.Told[^1].Text));
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task A_card_that_is_refused_is_told_by_the_page_and_not_by_the_terminal()
    {
        using var world = await World.WithAsync(2000);
        await world.Treasury.ReportStolenAsync(world.Registration.Card, TestContext.Current.CancellationToken);
        using var device = world.Insert(Device);

        var end = await world.LeadAsync(device, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Equal(Wording.CardStolen, world.Page.Told[^1].Text);
        Assert.Empty(world.Person.Shown);
    }

    [Fact]
    public async Task A_balance_is_said_only_when_the_PIN_was_right()
    {
        using var world = await World.WithAsync(2000);
        using var device = world.Insert(Device);
        world.Person.Does("123456");

        await world.LeadAsync(device, async (session, cancel) =>
            await session.RunAsync(Dialogue.Identify("Your balance").ThenShow("You have 20.00."), cancel));

        Assert.Equal(["You have 20.00."], world.Page.Shown, StringComparer.Ordinal);
        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("20.00", StringComparison.Ordinal));
    }

    /// <summary>The call is over with the server; the terminal comes again with another call, or on its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_led_by_voice_is_run_to_its_end_whatever_the_terminal_comes_with(bool called)
    {
        using var world = await World.WithAsync(2000);
        using var device = world.Insert(Device);
        using var later = world.Insert(Device, session: 0x2B);
        world.Page.Does("Lunch");
        world.Person.Does("123456");
        var sold = 0;
        async Task Application(CardSession session, CancellationToken cancel)
        {
            await session.RunAsync(Sale, cancel);
            await session.OnceAsync("sold", (_, _) => Task.FromResult(++sold > 1 ? sold : throw world.Power.Fail()), cancel);
        }

        await Assert.ThrowsAsync<CrashException>(() => world.LeadAsync(device, Application));
        world.Restart();
        device.Pull();
        var outcome = await world.Host.ResumeAsync(
            later, called ? world.Page : null, _ => new World.Script(Application), TestContext.Current.CancellationToken);

        Assert.Null(outcome);
        Assert.Equal((2, 750), (sold, world.Account));
        Assert.Equal(SessionEnd.Completed, Assert.Single(world.Sessions.Ends));
    }
}

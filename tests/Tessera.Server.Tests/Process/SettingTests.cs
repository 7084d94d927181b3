using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>A setting changed on the phone is offered to the card at the PC, with a real server process.</summary>
public sealed class SettingTests
{
    /// <summary>The second item of the SIM's menu.</summary>
    private const int Settings = 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Take it", "Downloaded")]
    [InlineData("Not on this card", "Declined")]
    [InlineData("Later", "Pending")]
    public async Task The_language_set_on_the_phone_is_offered_at_the_PC(string answer, string state)
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await AtThePc.BeginAsync(server, browser, Cancel);
        await AtThePc.LeaveAsync(server, browser, Cancel);
        using (var phone = await PhoneInHand.TakeAsync(server, Cancel))
        {
            await phone.TakeItemAsync(Settings, Cancel);
            await phone.SeesAsync("Emergency contact", Cancel);
            await phone.PressAsync("Digit1", Cancel);
            await phone.SeesAsync("Deutsch", Cancel);
            await phone.PressAsync("Digit2", Cancel);
            await phone.SeesAsync("Saved.", Cancel);
            await phone.PressAsync("Ok", Cancel);
        }

        await Eventually.SeeAsync(() => ChangeAsync(server), change => change is not null, Cancel);
        await server.InsertAsync("pc", Cancel);
        await browser.SeesAsync("Updated data is available for this card. Language: Deutsch, from your phone", Cancel);
        await browser.PressAsync(answer, Cancel);
        await browser.SeesAsync("You have 0.00.", Cancel);

        var change = (await ChangeAsync(server))!.Value;
        Assert.Equal("English", change.GetProperty("prior").GetString());
        Assert.Equal("Deutsch", change.GetProperty("new").GetString());
        Assert.Equal(await CardAsync(server, "sim"), change.GetProperty("card").GetString());
        var card = await CardAsync(server, "card");
        Assert.Equal(state, change.GetProperty("deliveries").EnumerateArray()
            .Single(delivery => delivery.GetProperty("card").ValueEquals(card)).GetProperty("state").GetString());
    }

    private static async Task<JsonElement?> ChangeAsync(RunningServer server)
    {
        var changes = (await server.GetAsync("/api/changes", Cancel)).EnumerateArray()
            .Where(change => change.GetProperty("field").ValueEquals("Language")).ToArray();
        return changes.Length == 0 ? null : Assert.Single(changes);
    }

    private static async Task<string?> CardAsync(RunningServer server, string name) =>
        (await server.CardAsync(name, Cancel)).GetProperty("id").GetString();
}

using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>The phone pays by short messages, and the cards of one holder stay in line, with a real server process.</summary>
public sealed class SecondRoadTests
{
    private const int MostMessages = 4;
    private const int DearestOnTheMenu = 1250;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bus_ticket_is_paid_on_the_phone_with_four_short_messages_and_the_card_at_the_PC_follows()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await AtThePc.LunchAsync(server, browser, Cancel);
        await AtThePc.LeaveAsync(server, browser, Cancel);
        using var phone = await PhoneInHand.TakeAsync(server, Cancel);

        await phone.BuyTicketAsync("37.50", Cancel);

        var session = await SessionAsync(server, one => one.GetProperty("end").GetString() is { Length: > 0 });
        TestContext.Current.TestOutputHelper!.WriteLine(session.GetProperty("text").GetString()!);
        Assert.InRange(session.GetProperty("messages").GetInt32(), 1, MostMessages);
        await CheckHopsAsync(server, phone);
        Assert.Equal((3430, 3430, 0), await CopyAsync(server, "sim"));
        Assert.Equal((3430, 3750, -320), await CopyAsync(server, "card"));

        await server.InsertAsync("pc", Cancel);

        await browser.SeesAsync("You have 34.30.", Cancel);
        Assert.Equal((3430, 3430, 0), await CopyAsync(server, "card"));
        Assert.DoesNotContain(AtThePc.Pin, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(AtThePc.Pin, browser.Traffic.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_is_killed_while_the_phone_asks_for_the_PIN_the_holder_is_told_and_the_ticket_is_paid_once()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await AtThePc.LunchAsync(server, browser, Cancel);
        await AtThePc.LeaveAsync(server, browser, Cancel);
        using (var phone = await PhoneInHand.TakeAsync(server, Cancel)) await phone.OrderTicketAsync("37.50", Cancel);

        await server.RestartAsync(Cancel);

        var open = (await server.BookAsync(Cancel)).GetProperty("open").EnumerateArray();
        Assert.Equal(DearestOnTheMenu, Assert.Single(open).GetProperty("hold").GetInt64());
        using (var phone = await PhoneInHand.TakeAsync(server, Cancel))
        {
            await phone.TakeItemAsync(PhoneInHand.Purse, Cancel);
            await phone.SeesAsync("Your payment for Bus", Cancel);
            await phone.PressAsync("Ok", Cancel);
            await phone.ChooseTicketAsync("37.50", Cancel);
            await phone.PayAsync(Cancel);
        }

        await SessionAsync(server, one => one.GetProperty("end").GetString() is { Length: > 0 });
        Assert.Equal((3430, 3430, 0), await CopyAsync(server, "sim"));
        Assert.Empty((await server.BookAsync(Cancel)).GetProperty("open").EnumerateArray());
    }

    [Fact]
    public async Task A_language_set_on_the_phone_is_offered_to_the_other_cards_taken_by_one_and_declined_by_the_clone()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await AtThePc.BeginAsync(server, browser, Cancel);
        await AtThePc.LeaveAsync(server, browser, Cancel);
        using var phone = await PhoneInHand.TakeAsync(server, Cancel);

        await phone.TakeItemAsync(PhoneInHand.Settings, Cancel);
        await phone.SeesAsync("Language", Cancel);
        await phone.PressAsync("Digit1", Cancel);
        await phone.SeesAsync("Deutsch", Cancel);
        await phone.PressAsync("Digit2", Cancel);
        await phone.SeesAsync("Saved.", Cancel);
        await phone.PressAsync("Ok", Cancel);
        await SessionAsync(server, one => one.GetProperty("end").GetString() is { Length: > 0 });

        await server.InsertAsync("pc", Cancel);
        await browser.SeesAsync("Updated data is available for this card.", Cancel);
        await browser.SeesAsync("Deutsch, from your phone", Cancel);
        await browser.PressAsync("Take it", Cancel);
        await browser.SeesAsync("You have 0.00.", Cancel);
        await browser.PressAsync("Leave", Cancel);
        await browser.SeesAsync("Goodbye", Cancel);
        Assert.Equal("Downloaded", await DeliveryAsync(server, "card"));

        await server.InsertAsync("pc", Cancel, "clone");
        await browser.SeesAsync("Updated data is available for this card.", Cancel);
        await browser.PressAsync("Not on this card", Cancel);
        await Eventually.SeeAsync(
            () => DeliveryAsync(server, "clone"), state => string.Equals(state, "Declined", StringComparison.Ordinal), Cancel);
        var clone = await IdOfAsync(server, "clone");
        Assert.DoesNotContain(
            (await server.BookAsync(Cancel)).GetProperty("copies").EnumerateArray(),
            copy => copy.GetProperty("card").ValueEquals(clone));
    }

    /// <summary>How far the newest change of the language has come to a card.</summary>
    private static async Task<string?> DeliveryAsync(RunningServer server, string card)
    {
        var id = await IdOfAsync(server, card);
        var changes = (await server.GetAsync("/api/changes", Cancel)).EnumerateArray();
        var change = changes.First(one => one.GetProperty("field").ValueEquals("Language"));
        return change.GetProperty("deliveries").EnumerateArray()
            .Single(one => one.GetProperty("card").ValueEquals(id)).GetProperty("state").GetString();
    }

    private static async Task<string> IdOfAsync(RunningServer server, string card) =>
        (await server.CardAsync(card, Cancel)).GetProperty("id").GetString()!;

    /// <summary>What the newest session took, as soon as it is as wanted.</summary>
    internal static Task<JsonElement> SessionAsync(RunningServer server, Func<JsonElement, bool> wanted) => Eventually.SeeAsync(
        async () => (await RoadAsync(server, "sessions")).FirstOrDefault(),
        session => session.ValueKind == JsonValueKind.Object && wanted(session), Cancel);

    private static async Task<JsonElement[]> RoadAsync(RunningServer server, string part) =>
        [.. (await server.GetAsync("/api/lab/road", Cancel)).GetProperty(part).EnumerateArray()];

    /// <summary>SIM to phone, phone to SMSC, SMSC to gateway: each socket carried octets.</summary>
    private static async Task CheckHopsAsync(RunningServer server, PhoneInHand phone)
    {
        foreach (var hop in (string[])["Sim", "Toolkit", "Air", "Message"])
            Assert.True(await phone.OctetsOverAsync(hop, Cancel) > 0, $"Nothing went over {hop}.");
        foreach (var where in (string[])["SMSC", "gateway"])
        {
            var octets = (await RoadAsync(server, "entries")).Where(entry => entry.GetProperty("where").ValueEquals(where))
                .Sum(entry => entry.GetProperty("octets").GetString()!.Length / 2);
            Assert.True(octets > 0, $"Nothing came to the {where}.");
        }
    }

    /// <summary>The holder's account, and what a card is proven and to be brought, minor units.</summary>
    private static async Task<(long Account, long Proven, long Pending)> CopyAsync(RunningServer server, string card)
    {
        var id = await IdOfAsync(server, card);
        var copy = (await server.BookAsync(Cancel)).GetProperty("copies").EnumerateArray()
            .Single(one => one.GetProperty("card").ValueEquals(id));
        return (
            copy.GetProperty("account").GetInt64(), copy.GetProperty("proven").GetInt64(),
            copy.GetProperty("pending").GetInt64());
    }
}

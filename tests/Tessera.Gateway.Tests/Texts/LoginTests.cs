using Tessera.Gateway.Tests.Road;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Texts;

/// <summary>Login by call on the short message road (docs/protocols/sms.md §7).</summary>
public class LoginTests
{
    private static readonly LoginPair Pair = LoginPair.Of("0123", "9876")!;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_that_announces_its_call_is_told_of_and_its_phone_is_known()
    {
        await using var world = await GatewayWorld.StartAsync();
        var profile = OpeningProfile.Whole(TerminalProfile.Phone.Octets.Span);

        await world.SayAsync(world.Card, world.Card.Say(Bytes.Of(new Announcement(profile))));

        Assert.Equal(world.Card.Id, Assert.Single(world.Told.OfType<CardAnnounced>()).Card);
        Assert.Equal(profile.Octets, (await world.Store.FindAsync(world.Card.Id, Cancel))!.Profile);
        Assert.Equal(0, world.Gateway.Links.Count);
    }

    [Fact]
    public async Task A_login_reaches_the_card_in_one_message_and_comes_back_in_an_opening()
    {
        await using var world = await GatewayWorld.StartAsync();

        var sending = world.Gateway.SendLoginAsync(world.Card.Id, Pair, Life, Cancel);
        await world.CarryAsync();
        Assert.Equal(TextFate.Delivered, await sending);
        Assert.Equal(Pair, Assert.Single(world.Card.Notices).Login);

        var opening = PlayedCard.OpeningOf(7) with { Application = "", Login = Pair };
        await world.SayAsync(world.Card, world.Card.Say(Bytes.Of(opening)));
        var link = await world.LinkAsync();
        Assert.Equal((Pair, GatewayWorld.Number), (link.Opening.Login, link.Number));
    }

    [Fact]
    public async Task The_digits_of_a_login_are_told_to_nobody()
    {
        await using var world = await GatewayWorld.StartAsync();
        var opening = PlayedCard.OpeningOf(7) with { Application = "", Login = Pair };

        await world.SayAsync(world.Card, world.Card.Say(Bytes.Of(opening)));

        var told = Assert.Single(world.Told.OfType<SessionOpened>()).Opening;
        Assert.Equal(Bytes.Of(opening with { Login = LoginPair.Masked }), told);
        Assert.DoesNotContain(world.Told, one => $"{one}".Contains("01239876", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_session_is_open_no_login_goes_to_the_card()
    {
        await using var world = await GatewayWorld.StartAsync();
        await world.OpenAsync();

        Assert.Equal(TextFate.Failed, await world.Gateway.SendLoginAsync(world.Card.Id, Pair, Life, Cancel));
        Assert.Equal(0, world.Centre.Count);
    }

    [Fact]
    public async Task A_script_after_a_login_has_a_higher_counter()
    {
        await using var world = await GatewayWorld.StartAsync();
        var sending = world.Gateway.SendLoginAsync(world.Card.Id, Pair, Life, Cancel);
        await world.CarryAsync();
        await sending;

        var link = await world.OpenAsync();
        var answer = link.SendAsync(1, Scripts.Of(link.Session, 1), Cancel);
        await world.AnswerAsync();

        await answer;
        Assert.Equal(2, world.Card.Taken.Count);
        Assert.True(world.Card.Taken[0] < world.Card.Taken[1]);
    }

    [Fact]
    public async Task A_card_that_nobody_knows_gets_nothing()
    {
        await using var world = await GatewayWorld.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            world.Gateway.SendLoginAsync(new Cards.CardId(1), Pair, Life, Cancel));
    }
}

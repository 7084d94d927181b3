using System.Runtime.Versioning;
using System.Text;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>
/// A device behind a telephone on a real serial port, with TLS from end to end: the card is asked once, whatever happens to
/// octets, cable, device and telephone.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class SerialTerminalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_pays_and_the_telephone_can_read_nothing_of_it()
    {
        await using var world = await SerialWorld.StartAsync();
        var (_, script, paying) = await world.AskAsync();

        await world.EnterPinAsync();

        Assert.Equal(320u, world.Till.Paid(script, await paying)?.Amount);
        var carried = Encoding.Latin1.GetString(world.Cable.Carried);
        foreach (var secret in (string[])["Counter 1", "Where to?", "Airport", DemonstrationKeys.Pin])
            Assert.DoesNotContain(secret, carried, StringComparison.Ordinal);
        Assert.InRange(carried.Length, 2000, 20_000);
    }

    [Theory]
    [InlineData(1, 0.0005)]
    [InlineData(2, 0.0015)]
    [InlineData(3, 0.003)]
    public async Task Octets_that_are_damaged_lost_doubled_or_made_up_cost_time_and_nothing_else(int seed, double faults)
    {
        await using var world = await SerialWorld.StartAsync(seed, faults);
        var (_, script, paying) = await world.AskAsync();

        await world.EnterPinAsync();

        Assert.Equal(320u, world.Till.Paid(script, await paying)?.Amount);
        Assert.Equal(1, Moves(world.Card));
        Assert.NotEqual(0, world.Cable.Faults);
    }

    [Fact]
    public async Task A_cable_pulled_in_the_middle_of_a_script_and_put_back_is_not_noticed_by_the_holder()
    {
        await using var world = await SerialWorld.StartAsync();
        var (link, script, paying) = await world.AskAsync();

        await world.Cable.UnplugAsync();
        await world.AwayAsync();
        await world.EnterPinAsync();
        await world.Page.SeeAsync("text", Cancel);
        world.Cable.Plug();

        Assert.Equal(320u, world.Till.Paid(script, await paying)?.Amount);
        Assert.Equal(1, Moves(world.Card));
        Assert.False(link.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_telephone_that_starts_again_in_the_middle_of_a_script_goes_on_with_the_session()
    {
        await using var world = await SerialWorld.StartAsync();
        var (link, script, paying) = await world.AskAsync();

        await world.StopRelayAsync();
        await world.AwayAsync();
        world.StartRelay();
        await world.EnterPinAsync();

        Assert.Equal(320u, world.Till.Paid(script, await paying)?.Amount);
        Assert.Equal(1, Moves(world.Card));
        Assert.False(link.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_device_that_starts_again_in_the_middle_of_a_script_ends_its_session_and_pays_in_the_next()
    {
        await using var world = await SerialWorld.StartAsync();
        var (_, _, paying) = await world.AskAsync();

        await world.StopDeviceAsync();
        await world.StartDeviceAsync();
        var card = new CardInHand();
        await world.Till.LoadAsync(card, 5000, Cancel);
        var (_, script, again) = await world.AskAsync(card);
        await world.EnterPinAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => paying);
        Assert.Equal(320u, world.Till.Paid(script, await again)?.Amount);
        Assert.Equal((0, 1), (Moves(world.Card), Moves(card)));
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_by_the_telephone()
    {
        await using var world = await SerialWorld.StartAsync();
        await world.Server.StatusAsync(known => known.Connected, Cancel);

        await world.Server.DisposeAsync();

        await Eventually.SeeAsync(
            () => Task.FromResult(world.Status),
            status => status.Reason.Contains("Unreachable", StringComparison.Ordinal), Cancel);
        Assert.Contains(world.Told, told => told.Contains("is not reached", StringComparison.Ordinal));
    }

    private static int Moves(CardInHand card) =>
        card.Commands.Count(command => string.Equals(command, "80540100", StringComparison.Ordinal));
}

using System.Text;
using Tessera.Gateway.Tests.Road;
using Tessera.Smpp;
using Tessera.Testing;
using Xunit;

namespace Tessera.Gateway.Tests.Texts;

public class TextTests
{
    private const string Text = "Tessera: 1234 5678";

    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_goes_in_one_message_that_lives_no_longer_than_it_is_of_use()
    {
        await using var world = await GatewayWorld.StartAsync(new ManualTime());

        var sending = world.Gateway.SendTextAsync(GatewayWorld.Number, Text, Validity, Cancel);
        var sent = await world.Centre.NextAsync(Cancel);
        Assert.False(sending.IsCompleted);
        await world.Centre.ReceiptAsync(sent, MessageState.Delivered, Cancel);

        Assert.Equal(TextFate.Delivered, await sending);
        Assert.Equal(Text, Encoding.ASCII.GetString(sent.Message.Text.Span));
        Assert.Equal(GatewayWorld.Number, sent.Message.Destination.Digits);
        Assert.False(sent.Message.EsmClass.Udhi);
        Assert.Equal(SmppTime.FromNow(Validity), sent.Message.ValidityPeriod);
    }

    [Fact]
    public async Task A_receipt_may_overtake_the_word_of_the_centre()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Centre.Before = sent => world.Centre.ReceiptAsync(sent, MessageState.Delivered, Cancel);

        Assert.Equal(TextFate.Delivered, await world.Gateway.SendTextAsync(GatewayWorld.Number, Text, Validity, Cancel));
    }

    [Theory]
    [InlineData(MessageState.Expired)]
    [InlineData(MessageState.Undeliverable)]
    public async Task A_text_that_will_not_arrive_has_failed(MessageState state)
    {
        await using var world = await GatewayWorld.StartAsync();
        var sending = world.Gateway.SendTextAsync(GatewayWorld.Number, Text, Validity, Cancel);

        await world.Centre.ReceiptAsync(await world.Centre.NextAsync(Cancel), state, Cancel);

        Assert.Equal(TextFate.Failed, await sending);
    }

    [Fact]
    public async Task A_text_that_the_centre_refuses_has_failed()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Centre.Answer = _ => CommandStatus.InvalidDestinationAddress;

        Assert.Equal(TextFate.Failed, await world.Gateway.SendTextAsync(GatewayWorld.Number, Text, Validity, Cancel));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_text_is_of_use()
    {
        var time = new ManualTime();
        await using var world = await GatewayWorld.StartAsync(time);
        var sending = world.Gateway.SendTextAsync(GatewayWorld.Number, Text, Validity, Cancel);
        await world.Centre.NextAsync(Cancel);

        await world.PassAsync(Validity);

        Assert.Equal(TextFate.Lapsed, await sending);
    }

    [Theory]
    [InlineData("")]
    [InlineData("日本")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "012345678901234567890123456789012345678901234567890123456789X")]
    public async Task A_text_that_one_message_cannot_carry_is_not_begun(string text)
    {
        await using var world = await GatewayWorld.StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            world.Gateway.SendTextAsync(GatewayWorld.Number, text, Validity, Cancel));
        Assert.Equal(0, world.Centre.Count);
    }
}

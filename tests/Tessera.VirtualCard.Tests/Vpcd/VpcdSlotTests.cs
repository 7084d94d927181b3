using System.Net;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Tests.Support;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Vpcd;

public class VpcdSlotTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_that_connects_is_inserted_and_one_that_is_pulled_is_lost()
    {
        using var pulled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var slot = Listen();
        using var card = TestCard.Demonstration();
        var running = VpcdCard.RunAsync(slot.EndPoint, card.Os, options: null, pulled.Token);

        await using var inserted = await slot.InsertedAsync(Cancel);
        var purse = await PurseClient.SelectAsync(inserted, Cancel);

        Assert.Equal(card.Os.Atr, inserted.Atr);
        Assert.Equal(TestCard.Id, purse!.Template.Card);
        Assert.Equal(new PurseBalance(0, 0), await purse.BalanceAsync(Cancel));
        Assert.False(inserted.Removed.IsCompleted);

        await pulled.CancelAsync();
        await inserted.Removed.WaitAsync(Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(() => purse.BalanceAsync(Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Reset_and_a_new_holder_clear_what_is_volatile()
    {
        await using var slot = Listen();
        using var card = TestCard.Demonstration();
        var running = VpcdCard.RunAsync(slot.EndPoint, card.Os, options: null, Cancel);
        var first = await slot.InsertedAsync(Cancel);
        await VerifyAsync(first);
        Assert.Equal(StatusWord.Success, (await first.TransmitAsync(PinCommands.Status, Cancel)).Status);

        await first.ResetAsync(Cancel);
        Assert.Equal(StatusWord.InstructionNotSupported, (await first.TransmitAsync(PinCommands.Status, Cancel)).Status);
        await VerifyAsync(first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => slot.InsertedAsync(Cancel));
        await first.DisposeAsync();

        await using var second = await slot.InsertedAsync(Cancel);
        Assert.Equal(StatusWord.InstructionNotSupported, (await second.TransmitAsync(PinCommands.Status, Cancel)).Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.TransmitAsync(PinCommands.Status, Cancel));

        await slot.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task A_second_card_waits_until_the_first_is_gone()
    {
        using var pulled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var slot = Listen();
        using var card = TestCard.Demonstration();
        using var other = TestCard.Open(TestCard.NewImage(Personalisation.Demonstration(new CardId(2))));
        var running = VpcdCard.RunAsync(slot.EndPoint, card.Os, options: null, pulled.Token);
        await using var inserted = await slot.InsertedAsync(Cancel);
        var waiting = VpcdCard.RunAsync(slot.EndPoint, other.Os, options: null, Cancel);
        Assert.Equal(Bytes.Of(TestCard.Id), (await inserted.TransmitAsync(CardIdentity, Cancel)).Data);

        await pulled.CancelAsync();
        await inserted.Removed.WaitAsync(Cancel);
        await using var next = await slot.InsertedAsync(Cancel);

        Assert.Equal(Bytes.Of(new CardId(2)), (await next.TransmitAsync(CardIdentity, Cancel)).Data);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await slot.DisposeAsync();
        await waiting;
    }

    [Theory]
    [InlineData("0003 90")]
    [InlineData("0000")]
    [InlineData("")]
    public async Task A_card_that_breaks_off_is_lost(string answer)
    {
        await using var slot = Listen();
        using var peer = await RawPeer.ConnectAsync(slot.EndPoint, Cancel);
        await using var card = await PowerAsync(slot, peer);

        var asking = card.TransmitAsync(PurseCommands.Balance, Cancel);
        await peer.ExpectAsync("0005 805C000000", Cancel);
        await peer.SendAsync(answer, Cancel);
        peer.Dispose();

        await Assert.ThrowsAsync<ConnectionLostException>(async () => await asking);
        await card.Removed.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_message_nobody_asked_for_ends_the_stay()
    {
        await using var slot = Listen();
        using var peer = await RawPeer.ConnectAsync(slot.EndPoint, Cancel);
        await using var card = await PowerAsync(slot, peer);

        await peer.SendAsync("0002 9000", Cancel);

        await card.Removed.WaitAsync(Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await card.TransmitAsync(PurseCommands.Balance, Cancel));
    }

    [Fact]
    public async Task An_answer_without_status_is_named()
    {
        await using var slot = Listen();
        using var peer = await RawPeer.ConnectAsync(slot.EndPoint, Cancel);
        await using var card = await PowerAsync(slot, peer);

        var asking = card.TransmitAsync(PurseCommands.Balance, Cancel);
        await peer.SendAsync("0001 90", Cancel);

        await Assert.ThrowsAsync<WireFormatException>(async () => await asking);
    }

    [Fact]
    public async Task A_mute_card_is_given_up()
    {
        await using var slot = Listen(new VpcdSlotOptions { AnswerTimeout = TimeSpan.FromMilliseconds(200) });
        using var peer = await RawPeer.ConnectAsync(slot.EndPoint, Cancel);
        await using var card = await PowerAsync(slot, peer);

        await Assert.ThrowsAsync<TimeoutException>(async () => await card.TransmitAsync(PurseCommands.Balance, Cancel));

        await card.Removed.WaitAsync(Cancel);
    }

    [Fact]
    public async Task An_answer_that_is_not_waited_for_is_never_taken_for_the_next()
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var slot = Listen();
        using var peer = await RawPeer.ConnectAsync(slot.EndPoint, Cancel);
        await using var card = await PowerAsync(slot, peer);
        var asking = card.TransmitAsync(PurseCommands.Balance, impatient.Token);
        await peer.ExpectAsync("0005 805C000000", Cancel);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await asking);
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await card.TransmitAsync(PurseCommands.End, Cancel));
        await card.Removed.WaitAsync(Cancel);
        await peer.ExpectEndAsync(Cancel);
    }

    [Fact]
    public async Task A_card_pulled_while_it_is_powered_makes_room_for_the_next()
    {
        await using var slot = Listen();
        using var card = TestCard.Demonstration();
        var waiting = slot.InsertedAsync(Cancel);
        using (var hasty = await RawPeer.ConnectAsync(slot.EndPoint, Cancel)) await hasty.ExpectAsync("0001 01", Cancel);
        var running = VpcdCard.RunAsync(slot.EndPoint, card.Os, options: null, Cancel);

        await using var inserted = await waiting;

        Assert.Equal(card.Os.Atr, inserted.Atr);
        await slot.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task What_answers_its_reset_with_no_ATR_is_no_card()
    {
        await using var slot = Listen();
        using var card = TestCard.Demonstration();
        var waiting = slot.InsertedAsync(Cancel);
        using (var strange = await RawPeer.ConnectAsync(slot.EndPoint, Cancel))
        {
            await strange.ExpectAsync("0001 01 0001 04", Cancel);
            await strange.SendAsync("0001 3B", Cancel);
        }

        var running = VpcdCard.RunAsync(slot.EndPoint, card.Os, options: null, Cancel);

        await using var inserted = await waiting;

        Assert.Equal(card.Os.Atr, inserted.Atr);
        await slot.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task Waiting_for_a_card_ends_with_the_reader_or_the_patience()
    {
        using var impatient = new CancellationTokenSource();
        var slot = Listen();
        var first = slot.InsertedAsync(impatient.Token);
        var second = slot.InsertedAsync(Cancel);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await slot.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => second);
    }

    private static CommandApdu CardIdentity => new(0x00, 0xCA, 0x00, 0xC1, Le: 256);

    private static VpcdSlot Listen(VpcdSlotOptions? options = null) =>
        VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0), options);

    private static async Task VerifyAsync(ICard card)
    {
        using var pin = PinBlock.OfPin(DemonstrationKeys.Pin);
        using var verify = PinCommands.Verify(pin);
        (await card.TransmitAsync(PurseCommands.Select, Cancel)).EnsureSuccess(PurseCommands.Select);
        (await card.TransmitAsync(verify.Apdu, Cancel)).EnsureSuccess(verify.Apdu);
    }

    private static async Task<ICard> PowerAsync(VpcdSlot slot, RawPeer peer)
    {
        var powering = slot.InsertedAsync(Cancel);
        await peer.ExpectAsync("0001 01 0001 04", Cancel);
        await peer.SendAsync("0002 3B00", Cancel);
        return await powering;
    }
}

using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>Retry, validity and lost answers, the clock in the hand of the test.</summary>
public class TimeTests
{
    private static readonly TimeSpan First = RetrySchedule.Usual.After(1);
    private static readonly Msisdn Ada = CentreWorld.Ada.Number;

    private static readonly SubmitSm Wanting =
        TestEsme.To(Ada) with { RegisteredDelivery = RegisteredDelivery.Always };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_for_a_phone_goes_out_when_it_attaches()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await shop.SubmitAsync(Wanting);
        var submitted = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromHours(5));

        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        Assert.Equal(submitted, (await ada.ReceiveAsync()).ServiceCentreTime.Time);
        var receipt = await shop.ReceiptAsync();
        Assert.Equal(TimeSpan.FromHours(5), receipt.DoneDate - receipt.SubmitDate);
    }

    [Theory]
    [InlineData("", 48 * 3600)]
    [InlineData("000000000100000R", 60)]
    [InlineData("260101003000000+", 1800)]
    [InlineData("000030000000000R", 7 * 24 * 3600)]
    public async Task A_message_that_reaches_nobody_expires_to_the_second(string validity, int seconds)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        var period = TimeSpan.FromSeconds(seconds);
        var id = await shop.SubmitAsync(Wanting with { ValidityPeriod = Time(validity) });

        // The timer is set for a day at most.
        for (var left = period; left > TimeSpan.Zero; left -= TimeSpan.FromDays(1))
        {
            var step = left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1);
            await world.Time.TimerAsync(step, Cancel);
            Assert.Equal(1, world.Centre.Held);
            world.Time.Advance(step);
        }

        var receipt = await shop.ReceiptAsync();

        Assert.Equal((id, MessageState.Expired, 0), (receipt.MessageId, receipt.State, receipt.Delivered));
        Assert.Equal(period, receipt.DoneDate - receipt.SubmitDate);
        Assert.Equal(MessageState.Expired, (await world.Events.NextAsync<MessageEnded>()).State);
    }

    [Fact]
    public async Task A_message_of_a_phone_expires_after_its_own_period()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var minute = TimeSpan.FromSeconds(60);
        await ada.SendAsync(TestPhone.Submit("+33687654321", "soon") with
        {
            Validity = ValidityPeriod.Enhanced(minute),
            StatusReport = true,
        });
        await world.Time.TimerAsync(minute, Cancel);

        world.Time.Advance(minute);

        Assert.Equal(0x46, (await ada.ReportAsync()).Status);
    }

    [Theory]
    [InlineData(FailureCause.MemoryExceeded)]
    [InlineData(FailureCause.SimStorageFull)]
    [InlineData(FailureCause.ToolkitBusy)]
    public async Task A_phone_that_cannot_take_it_now_is_asked_again(FailureCause failure)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        ada.Answer = _ => Task.FromResult(new SmsDeliverReport(failure));
        await shop.SubmitAsync(Wanting);
        var refused = await ada.ReceiveAsync();
        var postponed = await world.Events.NextAsync<MessagePostponed>();
        Assert.Equal(world.Time.GetUtcNow() + First, postponed.Next);
        await world.Time.TimerAsync(First, Cancel);

        ada.Answer = _ => Task.FromResult(new SmsDeliverReport());
        world.Time.Advance(First);

        Assert.Equal(refused, await ada.ReceiveAsync());
        Assert.Equal(MessageState.Delivered, (await shop.ReceiptAsync()).State);
    }

    [Theory]
    [InlineData(FailureCause.DataDownloadError, "213")]
    [InlineData(FailureCause.NoSimStorage, "209")]
    [InlineData(FailureCause.ProtocolUnspecified, "143")]
    public async Task A_phone_that_will_never_take_it_is_not_asked_again(FailureCause failure, string error)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        ada.Answer = _ => Task.FromResult(new SmsDeliverReport(failure));

        await shop.SubmitAsync(Wanting);
        var receipt = await shop.ReceiveAsync();

        var told = DeliveryReceipt.Find(receipt);
        Assert.Equal((MessageState.Undeliverable, error), (told?.State, told?.Error));
        Assert.Equal(
            Wire.Bytes.CopyOf([3, 0, (byte)failure]), receipt.Parameters.Find(OptionalTag.NetworkErrorCode));
    }

    [Fact]
    public async Task A_phone_that_has_room_again_need_not_wait_for_the_next_attempt()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        ada.Answer = _ => Task.FromResult(new SmsDeliverReport(FailureCause.MemoryExceeded));
        await shop.SubmitAsync(Wanting);
        await ada.ReceiveAsync();
        Assert.Contains(
            nameof(RpCause.MemoryCapacityExceeded), (await world.Events.NextAsync<MessagePostponed>()).Reason,
            StringComparison.Ordinal);

        ada.Answer = _ => Task.FromResult(new SmsDeliverReport());
        await ada.HasRoomAsync();

        await ada.ReceiveAsync();
        Assert.Equal(MessageState.Delivered, (await shop.ReceiptAsync()).State);
    }

    [Fact]
    public async Task The_same_octets_come_again_where_the_answer_was_lost()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var silence = new TaskCompletionSource<SmsDeliverReport>();
        var first = new TaskCompletionSource<Tpdu>(TaskCreationOptions.RunContinuationsAsynchronously);
        ada.Answer = tpdu =>
        {
            first.TrySetResult(tpdu);
            return silence.Task;
        };
        await shop.SubmitAsync(Wanting);
        var lost = await first.Task.WaitAsync(Cancel);

        // TR1N runs out, then the phone is there anew.
        await world.Time.TimerAsync(TimeSpan.FromSeconds(40), Cancel);
        world.Time.Advance(TimeSpan.FromSeconds(40));
        await world.Events.NextAsync<MessagePostponed>();
        await using var again = await world.AttachAsync(CentreWorld.Ada);

        Assert.Equal(lost, await again.ReceiveAsync());
        Assert.Equal(MessageState.Delivered, (await shop.ReceiptAsync()).State);
    }

    [Fact]
    public async Task A_phone_that_vanishes_with_a_message_gets_it_at_its_return_and_once()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        var silence = new TaskCompletionSource<SmsDeliverReport>();
        await using (var ada = await TestPhone.AttachAsync(world.Air, CentreWorld.Ada, _ => silence.Task))
            await shop.SubmitAsync(Wanting);

        await using var back = await world.AttachAsync(CentreWorld.Ada);
        await back.ReceiveAsync();
        Assert.Equal(MessageState.Delivered, (await shop.ReceiptAsync()).State);
        await shop.SubmitAsync(TestEsme.To(Ada, "next"));

        Assert.Equal("next", (await back.ReceiveAsync()).UserData.ToText(DataCodingScheme.Gsm7));
    }

    [Theory]
    [InlineData(CommandStatus.ReceiverTemporaryError)]
    [InlineData(CommandStatus.Throttled)]
    public async Task An_ESME_that_cannot_take_it_now_is_asked_again(CommandStatus status)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        shop.Answer = _ => status;
        await ada.SendAsync("5555", "Hi");
        var refused = await shop.ReceiveAsync();
        await world.Time.TimerAsync(First, Cancel);

        shop.Answer = _ => CommandStatus.Ok;
        world.Time.Advance(First);

        Assert.Equal(refused, await shop.ReceiveAsync());
        Assert.Equal(MessageState.Delivered, (await world.Events.NextAsync<MessageEnded>()).State);
    }

    [Theory]
    [InlineData(CommandStatus.ReceiverPermanentError, MessageState.Undeliverable, 0x40)]
    [InlineData(CommandStatus.ReceiverRejected, MessageState.Rejected, 0x40)]
    public async Task An_ESME_that_will_never_take_it_ends_the_message(
        CommandStatus status, MessageState state, byte told)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        shop.Answer = _ => status;

        await ada.SendAsync(TestPhone.Submit("5555", "Hi") with { StatusReport = true });

        Assert.Equal(told, (await ada.ReportAsync()).Status);
        Assert.Equal(state, (await world.Events.NextAsync<MessageEnded>()).State);
    }

    [Theory]
    [InlineData(2, true, true)]
    [InlineData(2, false, false)]
    [InlineData(3, true, false)]
    [InlineData(3, false, true)]
    [InlineData(0, true, false)]
    public async Task A_receipt_comes_for_what_was_asked(byte wanted, bool fails, bool comes)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        ada.Answer = _ => Task.FromResult(new SmsDeliverReport(fails ? FailureCause.DataDownloadError : null));

        await shop.SubmitAsync(TestEsme.To(Ada) with { RegisteredDelivery = new RegisteredDelivery(wanted) });
        await world.Events.NextAsync<MessageEnded>();
        await ada.SendAsync("5555", "the end");
        var next = await shop.ReceiveAsync();

        Assert.Equal(comes, DeliveryReceipt.Find(next) is not null);
    }

    private static SmppTime Time(string text)
    {
        var reader = new Wire.ByteReader(System.Text.Encoding.ASCII.GetBytes(text + '\0'));
        return SmppTime.Read(ref reader, "validity_period");
    }
}

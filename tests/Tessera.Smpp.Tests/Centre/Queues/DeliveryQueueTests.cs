using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>The queue of one recipient as a function of time.</summary>
public class DeliveryQueueTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetrySchedule Retry = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));

    private readonly DeliveryQueue _queue = new(Retry, maxLength: 3, window: 1);

    [Fact]
    public void Only_what_is_stored_leaves_and_in_order()
    {
        var (first, second) = (_queue.Add(Message(1)), _queue.Add(Message(2)));
        _queue.Stored(second);
        Assert.Null(_queue.Take(Begin));

        _queue.Stored(first);
        Assert.Same(first, _queue.Take(Begin));
        Assert.Null(_queue.Take(Begin));
        _queue.Settle();
        Assert.Same(second, _queue.Take(Begin));
    }

    [Fact]
    public void A_failed_message_is_first_again_and_all_wait_for_it()
    {
        var first = Add(1);
        Add(2);
        _queue.Take(Begin);

        Assert.Equal(At(10), _queue.Return(first, Begin));
        Assert.Equal(At(10), _queue.Due(present: true));
        Assert.Null(_queue.Take(At(9.9)));
        Assert.Same(first, _queue.Take(At(10)));
        Assert.Equal(At(70), _queue.Return(first, At(10)));
        Assert.Same(first, _queue.Take(At(70)));
        Assert.Equal(At(130), _queue.Return(first, At(70)));
        Assert.Equal(3, first.Attempts);
    }

    [Fact]
    public void A_recipient_that_is_heard_need_not_wait_and_begins_anew()
    {
        var first = Add(1);
        _queue.Return(_queue.Take(Begin)!, Begin);
        _queue.Return(_queue.Take(At(10))!, At(10));

        _queue.Wake();

        Assert.Same(first, _queue.Take(At(11)));
        Assert.Equal(At(21), _queue.Return(first, At(11)));
    }

    [Fact]
    public void What_failed_before_the_recipient_came_again_does_not_make_it_wait()
    {
        var first = Add(1);
        _queue.Take(Begin);
        _queue.Wake();

        Assert.Equal(Begin, _queue.Return(first, Begin));
        Assert.Same(first, _queue.Take(Begin));
    }

    [Fact]
    public void What_has_expired_is_taken_out_wherever_it_stands()
    {
        Add(1, 100);
        Add(2, 50);
        Add(3, 200);
        Assert.Equal(At(50), _queue.Due(present: false));

        Assert.Empty(_queue.Expire(At(49.9)));
        Assert.Equal([2L], _queue.Expire(At(50)).Select(queued => queued.Message.Id));
        Assert.Equal(At(100), _queue.Due(present: false));
        Assert.Equal([1L, 3L], _queue.Expire(At(500)).Select(queued => queued.Message.Id));
        Assert.Null(_queue.Due(present: false));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void What_is_in_flight_does_not_expire_before_it_is_back()
    {
        var first = Add(1, 5);
        _queue.Take(Begin);

        Assert.Empty(_queue.Expire(At(6)));
        _queue.Return(first, At(6));
        Assert.Equal([1L], _queue.Expire(At(6)).Select(queued => queued.Message.Id));
    }

    [Fact]
    public void Messages_in_flight_count_for_the_limit()
    {
        Add(1);
        _queue.Take(Begin);
        Add(2);
        Assert.False(_queue.IsFull);
        Add(3);
        Assert.True(_queue.IsFull);
        _queue.Settle();
        Assert.False(_queue.IsFull);
    }

    [Fact]
    public void Several_in_flight_come_back_in_order_and_fail_once()
    {
        var queue = new DeliveryQueue(Retry, maxLength: 10, window: 3);
        for (var id = 1; id <= 4; id++) queue.Stored(queue.Add(Message(id)));
        var taken = Enumerable.Range(0, 3).Select(_ => queue.Take(Begin)!).ToList();
        Assert.Null(queue.Take(Begin));

        foreach (var i in (int[])[1, 2, 0]) Assert.Equal(At(10), queue.Return(taken[i], Begin));

        for (var id = 1L; id <= 3; id++) Assert.Equal(id, queue.Take(At(10))?.Message.Id);
    }

    [Fact]
    public void What_waits_can_be_withdrawn_and_what_is_in_flight_cannot()
    {
        Add(1);
        Add(2);
        _queue.Take(Begin);

        Assert.False(_queue.Withdraw(1));
        Assert.True(_queue.Withdraw(2));
        Assert.False(_queue.Withdraw(2));
    }

    [Fact]
    public void A_schedule_is_positive_delays_of_which_the_last_repeats()
    {
        Assert.Equal([10, 60, 60], new[] { 1, 2, 99 }.Select(failures => Retry.After(failures).TotalSeconds));
        Assert.Throws<ArgumentException>(() => new RetrySchedule());
        Assert.Throws<ArgumentException>(() => new RetrySchedule(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Retry.After(0));
    }

    [Theory]
    [InlineData(null, 100)]
    [InlineData(30, 30)]
    [InlineData(100_000, 1000)]
    public void Validity_is_what_was_asked_but_not_more_than_the_most(int? asked, int until)
    {
        var policy = new ValidityPolicy { Default = TimeSpan.FromSeconds(100), Max = TimeSpan.FromSeconds(1000) };

        Assert.Equal(At(until), policy.Until(Begin, asked is { } seconds ? At(seconds) : null));
    }

    [Fact]
    public void A_throttle_lets_so_many_pass_in_a_second()
    {
        var throttle = new Throttle(10);
        for (var i = 0; i < 10; i++) Assert.True(throttle.TryPass(Begin));

        Assert.False(throttle.TryPass(Begin));
        Assert.False(throttle.TryPass(At(0.09)));
        Assert.True(throttle.TryPass(At(0.1)));
        Assert.False(throttle.TryPass(At(0.1)));
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => throttle.TryPass(At(100))));
    }

    private static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    private QueuedMessage Add(long id, double expires = 10_000)
    {
        var queued = _queue.Add(Message(id, expires));
        _queue.Stored(queued);
        return queued;
    }

    private static HeldMessage Message(long id, double expires = 10_000) => new()
    {
        Id = id,
        From = Party.Esme("shop"),
        To = Party.Of(CentreWorld.Ada.Number),
        Source = SmppAddress.International("1"),
        Destination = SmppAddress.International("2"),
        EsmClass = EsmClass.Default,
        Protocol = ProtocolIdentifier.Plain,
        Coding = DataCodingScheme.Gsm7,
        Octets = Bytes.Empty,
        Submitted = Begin,
        Expires = At(expires),
    };
}

using System.Net;
using System.Threading.Channels;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class RtpPacerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Ticks_that_were_late_are_made_up_and_none_is_left_out()
    {
        var time = new ManualTime();
        var pace = new Pace(time, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, pace.Left);
        pace.Tick();
        Assert.Equal(TimeSpan.FromMilliseconds(20), pace.Left);

        time.Advance(TimeSpan.FromMilliseconds(50));
        var done = 0;
        for (; pace.Left <= TimeSpan.Zero; done++) pace.Tick();

        Assert.Equal((2, TimeSpan.FromMilliseconds(10)), (done, pace.Left));
    }

    [Fact]
    public void After_a_standstill_the_deadlines_begin_anew()
    {
        var time = new ManualTime();
        var pace = new Pace(time, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromMinutes(10));
        pace.Tick();
        Assert.Equal(TimeSpan.Zero, pace.Left);
        pace.Tick();
        Assert.Equal(TimeSpan.FromMilliseconds(20), pace.Left);
    }

    [Fact]
    public async Task Two_calls_hear_each_other_over_the_network()
    {
        using var pacer = new RtpPacer(TimeProvider.System);
        using var first = RtpPort.Bind(IPAddress.Loopback);
        using var second = RtpPort.Bind(IPAddress.Loopback);
        var heard = Channel.CreateUnbounded<short>();
        var number = 0;
        await using var speaking = pacer.Start(first, Session(second.EndPoint), Speak);
        await using var hearing = pacer.Start(second, Session(first.EndPoint), Hear);

        // Counting survives µ-law in steps of its own.
        var last = await heard.Reader.ReadAsync(Cancel);
        for (var i = 0; i < 20; i++)
        {
            var next = await heard.Reader.ReadAsync(Cancel);
            Assert.InRange(next, last, short.MaxValue);
            last = next;
        }

        void Speak(ReadOnlySpan<short> _, bool concealed, Span<short> spoken) =>
            spoken.Fill(G711.DecodeMu((byte)(0xFF - Math.Min(127, ++number))));

        void Hear(ReadOnlySpan<short> block, bool concealed, Span<short> spoken)
        {
            if (!concealed) heard.Writer.TryWrite(block[0]);
        }
    }

    [Fact]
    public async Task Who_hangs_up_says_goodbye_and_frees_the_ports()
    {
        using var pacer = new RtpPacer(TimeProvider.System);
        using var first = RtpPort.Bind(IPAddress.Loopback);
        using var second = RtpPort.Bind(IPAddress.Loopback);
        var left = new TaskCompletionSource();
        var leaving = pacer.Start(first, Session(second.EndPoint), Silence);
        var session = Session(first.EndPoint);
        await using var staying = pacer.Start(second, session, Notice);

        await leaving.DisposeAsync();
        await left.Task.WaitAsync(Cancel);

        Assert.Equal((1, true), (pacer.Count, leaving.Completion.IsCompletedSuccessfully));

        void Notice(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
        {
            if (session.PeerLeft) left.TrySetResult();
        }
    }

    [Fact]
    public async Task A_call_that_fails_tells_why_and_leaves_the_others_alone()
    {
        using var pacer = new RtpPacer(TimeProvider.System);
        using var port = RtpPort.Bind(IPAddress.Loopback);
        var failing = pacer.Start(
            RtpPort.Bind(IPAddress.Loopback), Session(port.EndPoint),
            (_, _, _) => throw new InvalidOperationException("broken"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Completion.WaitAsync(Cancel));
        Assert.Equal("broken", failure.Message);

        var ticks = new TaskCompletionSource();
        await using var other = pacer.Start(
            port, Session(port.EndPoint), (_, _, _) => ticks.TrySetResult());
        await ticks.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task The_end_of_the_thread_is_the_end_of_its_calls()
    {
        var pacer = new RtpPacer(TimeProvider.System);
        var port = RtpPort.Bind(IPAddress.Loopback);
        var call = pacer.Start(port, Session(port.EndPoint), Silence);

        pacer.Dispose();

        await call.Completion.WaitAsync(Cancel);
        Assert.Throws<ObjectDisposedException>(
            () => pacer.Start(port, Session(new IPEndPoint(IPAddress.Loopback, 9)), Silence));
    }

    [Fact]
    public void Ports_are_an_even_one_and_the_one_behind_it()
    {
        using var any = RtpPort.Bind(IPAddress.Loopback);
        Assert.Equal(0, any.EndPoint.Port % 2);

        using var next = RtpPort.Bind(IPAddress.Loopback);
        Assert.NotEqual(any.EndPoint, next.EndPoint);
        Assert.Throws<System.Net.Sockets.SocketException>(
            () => RtpPort.Bind(IPAddress.Loopback, any.EndPoint.Port, any.EndPoint.Port + 1));
    }

    private static RtpSession Session(IPEndPoint peer) =>
        new(new AudioAgreement(peer, AudioCodec.Pcmu, AudioDirection.SendReceive), new RtpOptions());

    private static void Silence(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken) => spoken.Clear();
}

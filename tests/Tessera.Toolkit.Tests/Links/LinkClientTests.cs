using System.Collections.Concurrent;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;
using static Tessera.Toolkit.Tests.Links.PlayedTerminal;
using static Tessera.Toolkit.Tests.Links.Scripts;

namespace Tessera.Toolkit.Tests.Links;

public sealed class LinkClientTests
{
    private static readonly PeerIdentity Server = Identity(0x55);
    private static readonly ServerHello Greeting = new(Server.Id, Resumed: true);

    private readonly ManualTime _time = new();
    private readonly BlockingCollection<LinkStatus> _statuses = [];
    private readonly ConcurrentQueue<string> _calls = new();

    [Fact]
    public async Task Says_hello_with_its_state_and_then_reports_changes()
    {
        await using var world = new World(this);
        world.Client.Report(ReaderState.Open(Atr, 5));
        var server = await world.AcceptAsync(greet: false);

        var hello = (await ReceiveAsync(server, FrameType.Hello)).Read<TerminalHello>();
        world.Client.Report(ReaderState.Empty);
        var report = (await ReceiveAsync(server, FrameType.Event)).Read<CardReaderEvent>();

        Assert.Equal(("Kiosk", KioskProfile, ReaderState.Open(Atr, 5)), (hello.Name, hello.Profile, hello.Reader));
        Assert.Equal(ReaderState.Empty, report.State);
    }

    [Fact]
    public async Task The_run_is_the_same_in_every_hello_and_another_for_another_client()
    {
        await using var world = new World(this);
        await using var other = new World(this);
        var runs = new List<Bytes>();
        foreach (var (of, times) in new[] { (world, 2), (other, 1) })
        {
            for (var time = 0; time < times; time++)
            {
                var server = await of.AcceptAsync(greet: false);
                runs.Add((await ReceiveAsync(server, FrameType.Hello)).Read<TerminalHello>().Run);
                await server.DisposeAsync();
            }
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    [Fact]
    public async Task Runs_scripts_one_at_a_time_and_opens_sessions_between_them()
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync();

        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        await server.SendAsync(LinkFrame.Of(FrameType.Open, new OpenRequest(5)), Token);
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(6, 1)), Token);

        Assert.Equal(Answer(5, 1), await ReceiveAsync(server, FrameType.Answer));
        Assert.Equal(Answer(6, 1), await ReceiveAsync(server, FrameType.Answer));
        Assert.Equal("begin 0005, end 0005, open 0005, begin 0006, end 0006", string.Join(", ", _calls));
    }

    [Fact]
    public async Task A_script_runs_on_when_its_connection_breaks_and_is_run_again_when_sent_again()
    {
        var held = new TaskCompletionSource();
        await using var world = new World(this) { Hold = held.Task };
        var server = await world.AcceptAsync();
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        await world.Begun.WaitAsync(Token);
        await server.DisposeAsync();

        server = await world.AcceptAsync();
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        held.SetResult();

        Assert.Equal(Answer(5, 1), await ReceiveAsync(server, FrameType.Answer));
        Assert.Equal("begin 0005, end 0005, begin 0005, end 0005", string.Join(", ", _calls));
    }

    [Fact]
    public async Task More_scripts_than_it_takes_end_the_connection()
    {
        await using var world = new World(this) { Hold = new TaskCompletionSource().Task };
        var server = await world.AcceptAsync();
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        await world.Begun.WaitAsync(Token);

        for (byte number = 2; number < 8; number++)
            await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, number)), Token);

        Assert.Equal(ByeReason.Overrun, (await ReceiveAsync(server, FrameType.Bye)).Read<Bye>().Reason);
    }

    [Theory]
    [InlineData("01 00000A 01 5555555555555556 00", ByeReason.Protocol)]
    [InlineData("01 00000A 02 5555555555555555 00", ByeReason.Version)]
    [InlineData("01 000009 01 5555555555555555", ByeReason.Protocol)]
    [InlineData("02 00000D AA0BC00401000501C103200000", ByeReason.Protocol)]
    [InlineData("03 00000B AB09C00401000501800100", ByeReason.Protocol)]
    public async Task A_server_that_greets_wrongly_is_left(string frame, ByeReason reason)
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync(greet: false);
        await ReceiveAsync(server, FrameType.Hello);

        await server.SendAsync(Bytes.FromHex(frame).Read<LinkFrame>(), Token);

        Assert.Equal(reason, (await ReceiveAsync(server, FrameType.Bye)).Read<Bye>().Reason);
        Assert.Empty(_calls);
        Assert.False(world.Client.Status.Connected);
    }

    [Theory]
    [InlineData("01 00000A 01 5555555555555555 00")]
    [InlineData("03 00000B AB09C00401000501800100")]
    [InlineData("04 000018 D616990106 82028281 A001F0 A1043B800181 FE0400050000")]
    [InlineData("07 000002 0000")]
    [InlineData("08 000001 00")]
    [InlineData("05 000000")]
    public async Task A_frame_out_of_place_or_malformed_ends_the_connection(string frame)
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync();

        await server.SendAsync(Bytes.FromHex(frame).Read<LinkFrame>(), Token);

        Assert.Equal(ByeReason.Protocol, (await ReceiveAsync(server, FrameType.Bye)).Read<Bye>().Reason);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task A_server_that_never_greets_is_left()
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync(greet: false);
        await ReceiveAsync(server, FrameType.Hello);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(ByeReason.Silent, (await ReceiveAsync(server, FrameType.Bye)).Read<Bye>().Reason);
    }

    [Fact]
    public async Task Tells_how_it_stands_with_its_server()
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync();
        Assert.Equal(new LinkStatus(Connected: true, Resumed: true, PairingCode.None, ""), _statuses.Take(Token));

        var code = new PairingCode("483912", "https://x");
        await server.SendAsync(LinkFrame.Of(FrameType.Pairing, code), Token);
        Assert.Equal(code, _statuses.Take(Token).Pairing);

        await server.SendAsync(LinkFrame.Of(FrameType.Bye, new Bye(ByeReason.GoingAway, "for tea")), Token);
        Assert.Equal(
            new LinkStatus(Connected: false, Resumed: true, PairingCode.None, "GoingAway by Peer: for tea", ByeReason.GoingAway),
            _statuses.Take(Token));
    }

    [Fact]
    public async Task A_line_that_returns_to_voice_is_told_and_forgotten_when_it_is_data_again()
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync();
        Assert.Null(_statuses.Take(Token).Bye);

        await server.SendAsync(LinkFrame.Of(FrameType.Bye, new Bye(ByeReason.Voice, "")), Token);

        Assert.Equal(ByeReason.Voice, _statuses.Take(Token).Bye);
        await world.AcceptAsync();
        Assert.Null(_statuses.Take(Token).Bye);
    }

    [Fact]
    public async Task Waits_before_it_tries_again()
    {
        await using var world = new World(this)
        {
            Refuses = 1,
            Options = Options() with { FirstDelay = TimeSpan.FromSeconds(60), MaxDelay = TimeSpan.FromSeconds(30) },
        };
        world.Start();
        Assert.Equal("refused", _statuses.Take(Token).Reason);

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, world.Attempts);
        _time.Advance(TimeSpan.FromSeconds(16));

        await world.AcceptAsync();
        Assert.Equal(2, world.Attempts);
        Assert.True(_statuses.Take(Token).Connected);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up()
    {
        var client = new LinkClient(Options(), _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = client.RunAsync(HangAsync, stop.Token);

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Contains("in time", _statuses.Take(Token).Reason, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        static async Task<IFrameChannel> HangAsync(CancellationToken cancel)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            throw new InvalidOperationException("Never.");
        }
    }

    [Fact]
    public async Task The_time_for_connecting_ends_with_it()
    {
        await using var world = new World(this);
        var server = await world.AcceptAsync();
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        await ReceiveAsync(server, FrameType.Answer);

        _time.Advance(TimeSpan.FromMinutes(1));

        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 2)), Token);
        Assert.Equal(Answer(5, 2), await ReceiveAsync(server, FrameType.Answer));
        Assert.False(world.Connecting.IsCancellationRequested);
    }

    [Fact]
    public async Task Says_bye_when_it_stops_and_fails_when_a_script_cannot_be_run()
    {
        var world = new World(this);
        var server = await world.AcceptAsync();
        var stopped = world.StopAsync();
        Assert.Equal(ByeReason.GoingAway, (await ReceiveAsync(server, FrameType.Bye)).Read<Bye>().Reason);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);

        var broken = new World(this) { Hold = Task.FromException(new InvalidDataException("no journal")) };
        server = await broken.AcceptAsync();
        await server.SendAsync(new LinkFrame(FrameType.Script, Script(5, 1)), Token);
        await broken.Begun;
        await Assert.ThrowsAsync<InvalidDataException>(
            () => _time.AdvanceUntilAsync(broken.Running, TimeSpan.FromSeconds(1)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<Bytes> ReceiveAsync(IFrameChannel server, FrameType type)
    {
        var frame = await server.ReceiveAsync(Token);
        Assert.Equal(type, frame?.Type);
        if (type == FrameType.Bye) await server.DisposeAsync();
        return frame!.Value.Body;
    }

    private LinkClientOptions Options() => new()
    {
        Name = "Kiosk",
        Profile = KioskProfile,
        Server = Server,
        Run = (script, _) => Task.FromResult(AnswerTo(script)),
        Reopen = (_, _) => Task.CompletedTask,
        Changed = _statuses.Add,
        FirstDelay = TimeSpan.Zero,
    };

    /// <summary>A client that runs, and the server ends of its connections.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly LinkClientTests _test;
        private readonly CancellationTokenSource _stop = new();
        private readonly System.Threading.Channels.Channel<IFrameChannel> _accepted =
            System.Threading.Channels.Channel.CreateUnbounded<IFrameChannel>();
        private readonly TaskCompletionSource _begun = new();
        private LinkClient? _client;

        public World(LinkClientTests test)
        {
            _test = test;
            Options = test.Options() with { Run = RunAsync, Reopen = ReopenAsync };
        }

        public LinkClientOptions Options { get; init; }

        public Task Hold { get; init; } = Task.CompletedTask;

        public int Refuses { get; set; }

        public int Attempts { get; private set; }

        /// <summary>The token of the last attempt.</summary>
        public CancellationToken Connecting { get; private set; }

        public LinkClient Client => _client ??= new LinkClient(Options, _test._time);

        public Task Begun => _begun.Task;

        public Task Running { get; private set; } = Task.CompletedTask;

        public void Start() => Running = Client.RunAsync(ConnectAsync, _stop.Token);

        public async Task<IFrameChannel> AcceptAsync(bool greet = true)
        {
            if (Running.IsCompleted) Start();
            var server = await _accepted.Reader.ReadAsync(Token);
            if (!greet) return server;

            await ReceiveAsync(server, FrameType.Hello);
            await server.SendAsync(LinkFrame.Of(FrameType.Hello, Greeting), Token);
            return server;
        }

        /// <summary>Without a clock: the peer reads the Bye and closes.</summary>
        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Running;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => _test._time.AdvanceUntilAsync(Running, TimeSpan.FromSeconds(1)));
            _stop.Dispose();
        }

        private Task<IFrameChannel> ConnectAsync(CancellationToken cancel)
        {
            (Attempts, Connecting) = (Attempts + 1, cancel);
            if (Refuses-- > 0) throw new ConnectionLostException("refused");
            var (left, right) = Wires.Channels();
            _accepted.Writer.TryWrite(right);
            return Task.FromResult<IFrameChannel>(left);
        }

        private async Task<Bytes> RunAsync(Bytes script, CancellationToken cancel)
        {
            var session = ScriptMessage.HeadOf(script, ScriptTags.Script)!.Value.Session;
            _test._calls.Enqueue($"begin {session:X4}");
            _begun.TrySetResult();
            await Hold.WaitAsync(cancel);
            _test._calls.Enqueue($"end {session:X4}");
            return AnswerTo(script);
        }

        private Task ReopenAsync(ushort session, CancellationToken cancel)
        {
            _test._calls.Enqueue($"open {session:X4}");
            return Task.CompletedTask;
        }
    }
}

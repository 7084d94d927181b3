using System.Collections.Concurrent;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;
using static Tessera.Toolkit.Tests.Links.PlayedTerminal;
using static Tessera.Toolkit.Tests.Links.Scripts;

namespace Tessera.Toolkit.Tests.Links;

public sealed class LinkListenerRulesTests : IAsyncDisposable
{
    private static readonly ReaderState Open5 = ReaderState.Open(Atr, 5);

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<TerminalStatus> _changes = new();
    private readonly LinkListenerOptions _options;
    private readonly LinkListener _listener;

    public LinkListenerRulesTests()
    {
        _options = new LinkListenerOptions { Server = Identity(0x55), MaxTerminals = 2, Changed = _changes.Enqueue };
        _listener = new LinkListener(_options, _time);
    }

    public async ValueTask DisposeAsync() =>
        await _time.AdvanceUntilAsync(_listener.DisposeAsync().AsTask(), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_peer_that_never_says_hello_is_let_go()
    {
        var terminal = Connect(_listener);
        _time.Advance(_options.Hello - TimeSpan.FromSeconds(1));
        Assert.False(terminal.Served.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ByeReason.Silent, (await terminal.ReceiveByeAsync()).Reason);
        Assert.Equal(ByeReason.Silent, (await terminal.Served).Reason);
        Assert.Empty(_listener.Terminals);
    }

    [Theory]
    [InlineData("03 00000B AB09C00401000501800100")]
    [InlineData("04 000018 D616990106 82028281 A001F0 A1043B800181 FE0400050000")]
    [InlineData("02 00000D AA0BC00401000501C103200000")]
    [InlineData("01 000001 01")]
    [InlineData("05 000000")]
    [InlineData("06 000001 01")]
    public async Task Nothing_counts_before_hello(string frame)
    {
        var terminal = Connect(_listener);

        await terminal.SendAsync(Bytes.FromHex(frame).Read<LinkFrame>());

        Assert.Equal(ByeReason.Protocol, (await terminal.ReceiveByeAsync()).Reason);
        Assert.Empty(_listener.Terminals);
    }

    [Theory]
    [InlineData("01 00002C 01 A0A1A2A3A4A5A6A7A8A9AAABACADAEAF 054B696F736B 0401001701 01 A001F0 A1043B800181 FE0400050000")]
    [InlineData("02 00000D AA0BC00401000501C103200000")]
    [InlineData("03 000000")]
    [InlineData("03 00000C AB09C0040100050180010000")]
    [InlineData("03 000008 AB06C00301000501")]
    [InlineData("04 000003 D60100")]
    [InlineData("04 000018 D616990106 82028281 A001F0 A1043B800182 FE0400050000")]
    [InlineData("05 000000")]
    [InlineData("06 000002 0001")]
    [InlineData("07 000002 0005")]
    [InlineData("08 000002 0000")]
    public async Task A_frame_out_of_place_or_malformed_ends_the_connection_but_not_the_session(string frame)
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);

        await terminal.SendAsync(Bytes.FromHex(frame).Read<LinkFrame>());

        Assert.Equal(ByeReason.Protocol, (await terminal.ReceiveByeAsync()).Reason);
        Assert.Equal(EndedBy.Us, (await terminal.Served).By);
        Assert.False(link.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Octets_that_are_no_frame_end_the_connection()
    {
        var (left, right) = Wires.Pipes();
        var served = _listener.ServeAsync(new StreamFrameChannel(right), Identity(0xAA), Token);

        await left.Output.WriteAsync(Bytes.FromHex("01 FFFFFF").Memory, Token);
        await left.Output.CompleteAsync();

        Assert.Equal(ByeReason.Protocol, (await served).Reason);
    }

    [Fact]
    public async Task Another_version_is_answered_with_its_own_reason()
    {
        var terminal = Connect(_listener);
        var hello = Hello(Open5).Body.ToArray();
        hello[0] = 2;

        await terminal.SendAsync(new LinkFrame(FrameType.Hello, new Bytes(hello)));

        Assert.Equal(ByeReason.Version, (await terminal.ReceiveByeAsync()).Reason);
    }

    [Fact]
    public async Task A_terminal_that_takes_no_frames_loses_its_connection()
    {
        var (left, right) = Wires.Channels();
        var served = _listener.ServeAsync(new StuckChannel(right), Identity(0xAA), Token);
        await left.SendAsync(Hello(Open5), Token);
        await _listener.Links.ReadAsync(Token);

        for (var code = 0; code < 20; code++)
            Assert.True(_listener.Show(Identity(0xAA).Id, new PairingCode($"{code}", "")));
        await _time.TimerAsync(TimeSpan.FromSeconds(2), Token);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ByeReason.Overrun, (await served).Reason);
    }

    [Fact]
    public async Task Terminals_are_limited_and_one_that_is_away_without_a_session_makes_room()
    {
        var (first, _) = await GreetAsync(_listener, ReaderState.Empty, peer: Identity(1));
        await GreetAsync(_listener, Open5, peer: Identity(2));
        var refused = Connect(_listener, Identity(3));
        await refused.SendAsync(Hello(Open5));
        Assert.Equal(ByeReason.NoRoom, (await refused.ReceiveByeAsync()).Reason);

        await first.BreakAsync();
        await GreetAsync(_listener, Open5, peer: Identity(3));

        Assert.Equal(
            [Identity(2).Id, Identity(3).Id],
            _listener.Terminals.Select(terminal => terminal.Terminal).OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sessions_nobody_takes_are_limited()
    {
        await GreetAsync(_listener, Open5, peer: Identity(1));
        var (terminal, _) = await GreetAsync(_listener, Open5, peer: Identity(2));

        await terminal.ReportAsync(ReaderState.Open(Atr, 6));

        Assert.Equal(ByeReason.NoRoom, (await terminal.ReceiveByeAsync()).Reason);
        var (again, _) = await GreetAsync(_listener, ReaderState.Open(Atr, 6), peer: Identity(2));
        await again.ReceiveAsync(FrameType.Open);
        await _listener.Links.ReadAsync(Token);
        await again.ReportAsync(ReaderState.Open(Atr, 7, follows: 6));
        Assert.Equal(5, (await _listener.Links.ReadAsync(Token)).Session);
        Assert.Equal(7, (await _listener.Links.ReadAsync(Token)).Session);
    }

    [Fact]
    public async Task A_session_reopened_goes_to_whoever_asked()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        var reopened = link.ReopenAsync(Token);
        Assert.Equal(new OpenRequest(5), (await terminal.ReceiveAsync(FrameType.Open)).Read<OpenRequest>());
        await terminal.BreakAsync();
        (terminal, _) = await GreetAsync(_listener, Open5);
        await terminal.ReceiveAsync(FrameType.Open);

        await terminal.ReportAsync(ReaderState.Open(Atr, 6, follows: 5));

        var next = await reopened;
        Assert.Equal(6, next.Session);
        await Assert.ThrowsAsync<ConnectionLostException>(() => link.SendAsync(1, Script(5, 1), Token));
        Assert.False(_listener.Links.TryRead(out _));
        var answer = next.SendAsync(1, Script(6, 1), Token);
        await terminal.ReceiveAsync(FrameType.Script);
        await terminal.AnswerAsync(Answer(6, 1));
        Assert.Equal(Answer(6, 1), await answer);
    }

    [Fact]
    public async Task Another_insertion_is_no_reopened_session()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        var reopened = link.ReopenAsync(Token);

        await terminal.ReportAsync(ReaderState.Open(Atr, 6));

        await Assert.ThrowsAsync<ConnectionLostException>(() => reopened);
        Assert.Equal(6, (await _listener.Links.ReadAsync(Token)).Session);
    }

    [Fact]
    public async Task A_pairing_code_is_shown_at_hello_and_whenever_it_changes()
    {
        await using var listener = new LinkListener(
            _options with { Pair = terminal => new PairingCode("1234", $"https://x/{terminal}") }, _time);
        var (terminal, _) = await GreetAsync(listener, ReaderState.Empty);
        Assert.Equal(
            new PairingCode("1234", "https://x/AAAAAAAAAAAAAAAA"),
            (await terminal.ReceiveAsync(FrameType.Pairing)).Read<PairingCode>());

        listener.Show(Identity(0xAA).Id, new PairingCode("5678", ""));
        Assert.Equal("5678", (await terminal.ReceiveAsync(FrameType.Pairing)).Read<PairingCode>().Digits);
        await terminal.BreakAsync();

        var (again, _) = await GreetAsync(listener, ReaderState.Empty);
        Assert.Equal("5678", (await again.ReceiveAsync(FrameType.Pairing)).Read<PairingCode>().Digits);
        Assert.False(listener.Show(Identity(0xBB).Id, PairingCode.None));
        await again.BreakAsync();
    }

    [Fact]
    public async Task Tells_when_a_terminal_comes_and_goes_and_its_reader_changes()
    {
        var (terminal, _) = await GreetAsync(_listener, ReaderState.Empty);
        await terminal.ReportAsync(Open5);
        await _listener.Links.ReadAsync(Token);
        await terminal.BreakAsync();

        Assert.Equal(
            [(true, ReaderState.Empty), (true, Open5), (false, Open5)],
            _changes.Select(status => (status.Connected, status.Reader)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}

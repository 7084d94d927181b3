using System.Security.Authentication;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>Terminals that a listener takes in by codes (docs/protocols/link.md §7).</summary>
public sealed class EnrolmentTests : IAsyncDisposable
{
    private static readonly PeerIdentity Server = PlayedTerminal.Identity(0x55);
    private static readonly PeerIdentity Terminal = PlayedTerminal.Identity(0x66);
    private static readonly PeerIdentity Other = PlayedTerminal.Identity(0x77);
    private static readonly PeerIdentity Between = PlayedTerminal.Identity(0xEE);

    private readonly ManualTime _time = new();
    private readonly Dictionary<PeerIdentity, string> _known = [];
    private readonly EnrolmentDesk _desk;
    private readonly LinkListener _listener;

    public EnrolmentTests()
    {
        _desk = new EnrolmentDesk(Server, Register, _time);
        _listener = new LinkListener(
            new LinkListenerOptions { Server = Server, Knows = _known.ContainsKey, Enrolments = _desk });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _desk.Dispose();
    }

    [Fact]
    public async Task A_terminal_that_knows_the_code_is_taken_in()
    {
        var code = _desk.NewCode();

        await EnrolAsync(Terminal, code.Digits);

        Assert.Equal("Kiosk", _known[Terminal]);
        Assert.False(_desk.IsOpen);
        Assert.Equal(_time.GetUtcNow() + EnrolmentDesk.Life, code.Until);
    }

    [Fact]
    public async Task A_code_takes_in_one_terminal_and_that_one_as_often_as_it_asks()
    {
        var code = _desk.NewCode().Digits;
        await EnrolAsync(Terminal, code);

        await EnrolAsync(Terminal, code);
        await Assert.ThrowsAsync<AuthenticationException>(() => EnrolAsync(Other, code));

        Assert.Equal([Terminal], _known.Keys);
    }

    [Fact]
    public async Task A_code_is_over_after_a_quarter_of_an_hour()
    {
        var code = _desk.NewCode().Digits;
        _time.Advance(EnrolmentDesk.Life - TimeSpan.FromSeconds(1));
        Assert.True(_desk.IsOpen);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_desk.IsOpen);
        await Assert.ThrowsAsync<AuthenticationException>(() => EnrolAsync(Terminal, code));
        Assert.Empty(_known);
    }

    [Fact]
    public async Task Digits_that_are_no_code_do_no_harm_to_one_that_is()
    {
        var code = _desk.NewCode().Digits;
        var mistyped = code[..^1] + (code[^1] is '0' ? '1' : '0');

        await Assert.ThrowsAsync<AuthenticationException>(() => EnrolAsync(Terminal, mistyped));

        await EnrolAsync(Terminal, code);
    }

    [Fact]
    public async Task A_code_that_was_named_and_not_proven_is_used_up()
    {
        var code = _desk.NewCode().Digits;
        using var key = EnrolmentKey.OfCode(code);
        var guesser = PlayedTerminal.Connect(_listener, Other);
        await guesser.SendAsync(Request(key));
        await guesser.ReceiveAsync(FrameType.Challenge);

        await guesser.SendAsync(LinkFrame.Of(FrameType.Proof, new EnrolProof(new Bytes(new byte[32]))));

        Assert.Equal(ByeReason.Refused, (await guesser.ReceiveByeAsync()).Reason);
        await Assert.ThrowsAsync<AuthenticationException>(() => EnrolAsync(Terminal, code));
        Assert.Empty(_known);
    }

    /// <summary>He passes every frame on, and each side sees his key in TLS.</summary>
    [Fact]
    public async Task Who_stands_between_gets_nobody_to_know_him()
    {
        using var key = EnrolmentKey.OfCode(_desk.NewCode().Digits);
        var (terminal, left) = Wires.Channels();
        var (right, server) = Wires.Channels();
        var serving = _listener.ServeAsync(server, Between, Cancel);
        var enrolling = EnrolmentClient.EnrolAsync(terminal, Terminal, Between, "Kiosk", key, Cancel);
        await PassAsync(left, right);
        await PassAsync(right, left);
        await PassAsync(left, right);
        await PassAsync(right, left);

        await Assert.ThrowsAsync<AuthenticationException>(() => enrolling);

        await right.DisposeAsync();
        Assert.Equal(ByeReason.Refused, (await serving).Reason);
        Assert.Empty(_known);
        await left.DisposeAsync();
    }

    [Fact]
    public async Task A_terminal_does_not_believe_a_server_that_cannot_prove_the_code()
    {
        using var key = EnrolmentKey.OfCode(_desk.NewCode().Digits);
        var (terminal, impostor) = Wires.Channels();
        var enrolling = EnrolmentClient.EnrolAsync(terminal, Terminal, Between, "Kiosk", key, Cancel);
        await impostor.ReceiveAsync(Cancel);
        await impostor.SendAsync(LinkFrame.Of(FrameType.Challenge, new EnrolChallenge(new Bytes(new byte[16]))), Cancel);
        var own = (await impostor.ReceiveAsync(Cancel))!.Value;

        // The terminal's own proof, sent back.
        await impostor.SendAsync(own, Cancel);

        await Assert.ThrowsAsync<AuthenticationException>(() => enrolling);
        await impostor.DisposeAsync();
    }

    /// <summary>After any message the connection breaks: the same code, or the next, ends with both knowing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_broke_after_any_message_is_repeated_with_the_same_code(int messages)
    {
        var code = _desk.NewCode().Digits;
        using var key = EnrolmentKey.OfCode(code);
        var (terminal, left) = Wires.Channels();
        var (right, server) = Wires.Channels();
        var serving = _listener.ServeAsync(server, Terminal, Cancel);
        var enrolling = EnrolmentClient.EnrolAsync(terminal, Terminal, Server, "Kiosk", key, Cancel);
        for (var message = 1; message < messages; message++)
            await (message % 2 == 1 ? PassAsync(left, right) : PassAsync(right, left));
        _ = await (messages % 2 == 1 ? left : right).ReceiveAsync(Cancel);

        await left.DisposeAsync();
        await right.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => enrolling);
        await serving;
        Assert.Equal(messages == 4, _known.ContainsKey(Terminal));
        await EnrolAsync(Terminal, code);
        Assert.Equal([Terminal], _known.Keys);
    }

    [Fact]
    public async Task A_stranger_may_ask_to_be_taken_in_and_nothing_else()
    {
        _desk.NewCode();
        var stranger = PlayedTerminal.Connect(_listener, Terminal);

        await stranger.SendAsync(PlayedTerminal.Hello(ReaderState.Empty));

        Assert.Equal(ByeReason.Unknown, (await stranger.ReceiveByeAsync()).Reason);
        Assert.Empty(_listener.Terminals);
    }

    [Fact]
    public async Task Frames_of_an_enrolment_in_another_order_are_refused()
    {
        using var key = EnrolmentKey.OfCode(_desk.NewCode().Digits);
        var early = PlayedTerminal.Connect(_listener, Terminal);
        await early.SendAsync(LinkFrame.Of(FrameType.Proof, new EnrolProof(new Bytes(new byte[32]))));
        Assert.Equal(ByeReason.Protocol, (await early.ReceiveByeAsync()).Reason);

        var twice = PlayedTerminal.Connect(_listener, Terminal);
        await twice.SendAsync(Request(key));
        await twice.ReceiveAsync(FrameType.Challenge);
        await twice.SendAsync(Request(key));
        Assert.Equal(ByeReason.Protocol, (await twice.ReceiveByeAsync()).Reason);
    }

    [Fact]
    public async Task A_listener_without_enrolments_refuses_them()
    {
        await using var listener = new LinkListener(new LinkListenerOptions { Server = Server });
        using var key = EnrolmentKey.OfCode(_desk.NewCode().Digits);
        var terminal = PlayedTerminal.Connect(listener, Terminal);

        await terminal.SendAsync(Request(key));

        Assert.Equal(ByeReason.Protocol, (await terminal.ReceiveByeAsync()).Reason);
    }

    [Fact]
    public async Task A_terminal_that_is_withdrawn_is_sent_away_and_its_session_ends()
    {
        var code = _desk.NewCode().Digits;
        await EnrolAsync(Terminal, code);
        var (terminal, _) = await PlayedTerminal.GreetAsync(
            _listener, ReaderState.Open(PlayedTerminal.Atr, 0x2A), peer: Terminal);
        var link = await _listener.Links.ReadAsync(Cancel);

        _known.Remove(Terminal);
        _desk.Void(Terminal);
        _listener.Dismiss(Terminal.Id);

        Assert.Equal(ByeReason.Unknown, (await terminal.ReceiveByeAsync()).Reason);
        Assert.True(link.Ended.IsCancellationRequested);
        Assert.Empty(_listener.Terminals);
        await Assert.ThrowsAsync<AuthenticationException>(() => EnrolAsync(Terminal, code));
    }

    [Fact]
    public async Task A_register_that_is_full_uses_no_code_up()
    {
        var full = true;
        using var desk = new EnrolmentDesk(
            Server, (_, _) => { if (full) throw new InvalidOperationException("Full."); }, _time);
        await using var listener = new LinkListener(new LinkListenerOptions { Server = Server, Enrolments = desk });
        var code = desk.NewCode().Digits;

        await Assert.ThrowsAsync<ConnectionLostException>(() => EnrolAsync(Terminal, code, listener));

        full = false;
        await EnrolAsync(Terminal, code, listener);
    }

    [Fact]
    public void There_is_an_end_to_open_codes()
    {
        for (var code = 0; code < EnrolmentDesk.MaxCodes; code++) _desk.NewCode();

        Assert.Throws<InvalidOperationException>(_desk.NewCode);
    }

    [Fact]
    public void A_code_is_read_as_people_write_it_and_not_told_by_accident()
    {
        var code = _desk.NewCode();
        Assert.Matches("^\\d{5}(-\\d{5}){4}$", code.Digits);
        using var plain = EnrolmentKey.OfCode(code.Digits);
        using var typed = EnrolmentKey.OfCode($" {code.Digits.Replace('-', ' ')}\n");

        Assert.Equal(plain.Selector, typed.Selector);
        Assert.DoesNotContain(code.Digits[..5], code.ToString(), StringComparison.Ordinal);
        foreach (var wrong in (string[])["", code.Digits[..^1], code.Digits + "0", "x" + code.Digits[1..]])
            Assert.Throws<FormatException>(() => EnrolmentKey.OfCode(wrong));
    }

    /// <summary>Code, identities and frames of docs/protocols/link.md §7.3; computed by a program that is not this one.</summary>
    [Fact]
    public void Every_frame_of_the_document_is_what_is_sent()
    {
        using var key = EnrolmentKey.OfCode("04839-15527-60441-83906-27715");
        var terminal = new PeerIdentity(Counted(0x40, 32));
        var server = new PeerIdentity(Counted(0x80, 32));
        var request = new EnrolRequest(key.Selector, Counted(0xC0, 16), "Kiosk");
        var challenge = new EnrolChallenge(Counted(0xD0, 16));

        Assert.Equal(
        [
            $"T Enrol {Bytes.Of(LinkFrame.Of(FrameType.Enrol, request))}",
            $"S Challenge {Bytes.Of(LinkFrame.Of(FrameType.Challenge, challenge))}",
            $"T Proof {Bytes.Of(LinkFrame.Of(FrameType.Proof, Prove(EnrolmentSide.Terminal)))}",
            $"S Proof {Bytes.Of(LinkFrame.Of(FrameType.Proof, Prove(EnrolmentSide.Server)))}",
        ], WorkedFrames.Of("enrolment"), StringComparer.Ordinal);

        EnrolProof Prove(EnrolmentSide side) => key.Prove(side, terminal, server, request, challenge);
    }

    private static Bytes Counted(int first, int count) =>
        new(Enumerable.Range(first, count).Select(octet => (byte)octet).ToArray());

    private static LinkFrame Request(EnrolmentKey key) =>
        LinkFrame.Of(FrameType.Enrol, new EnrolRequest(key.Selector, PlayedTerminal.Run, "Kiosk"));

    private static async Task PassAsync(StreamFrameChannel from, StreamFrameChannel to) =>
        await to.SendAsync((await from.ReceiveAsync(Cancel))!.Value, Cancel);

    private void Register(PeerIdentity terminal, string name) => _known[terminal] = name;

    private Task EnrolAsync(PeerIdentity terminal, string code) => EnrolAsync(terminal, code, _listener);

    private static async Task EnrolAsync(PeerIdentity terminal, string code, LinkListener listener)
    {
        using var key = EnrolmentKey.OfCode(code);
        var (near, far) = Wires.Channels();
        var serving = listener.ServeAsync(far, terminal, Cancel);
        await EnrolmentClient.EnrolAsync(near, terminal, Server, "Kiosk", key, Cancel);
        Assert.Equal(EndedBy.Transport, (await serving).By);
    }
}

using System.Threading.Channels;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>A relayed card at the server's side of a link (docs/protocols/link.md §8).</summary>
public sealed class RelayedCardTests : IAsyncDisposable
{
    private static readonly Bytes Select = Bytes.FromHex("00A40400");
    private static readonly Bytes Success = Bytes.FromHex("9000");
    private static readonly LinkFrame On = LinkFrame.Of(FrameType.Relay, RelayState.On(PlayedTerminal.Atr));

    private readonly Channel<RelayedCard> _cards = Channel.CreateUnbounded<RelayedCard>();
    private readonly List<PlayedTerminal> _terminals = [];
    private readonly LinkListenerOptions _options;
    private readonly LinkListener _listener;

    public RelayedCardTests()
    {
        _options = new LinkListenerOptions
        {
            Server = PlayedTerminal.Identity(0x55), Relayed = card => _cards.Writer.TryWrite(card),
        };
        _listener = new LinkListener(_options);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals) await terminal.BreakAsync();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task A_command_is_one_message_each_way()
    {
        var (terminal, card) = await BeginAsync();
        for (ushort number = 1; number <= 3; number++)
        {
            var sent = card.TransmitAsync(Select, reset: number == 2, Cancel);

            Assert.Equal(
                new RelayCommand(number, number == 2, Select), (await terminal.ReceiveAsync(FrameType.Command)).Read<RelayCommand>());
            await AnswerAsync(terminal, number);

            Assert.Equal(Success, await sent);
        }
    }

    [Fact]
    public async Task One_command_at_a_time_and_none_that_is_too_long()
    {
        var (terminal, card) = await BeginAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            () => card.TransmitAsync(new Bytes(new byte[RelayCommand.MaxApdu + 1]), reset: false, Cancel));
        var first = card.TransmitAsync(new Bytes(new byte[RelayCommand.MaxApdu]), reset: false, Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => card.TransmitAsync(Select, reset: false, Cancel));

        await terminal.ReceiveAsync(FrameType.Command);
        await AnswerAsync(terminal, 1);
        Assert.Equal(Success, await first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_nobody_asked_for_ends_the_connection(bool asked)
    {
        var (terminal, card) = await BeginAsync();
        var sent = asked ? card.TransmitAsync(Select, reset: false, Cancel) : Task.FromResult(Bytes.Empty);
        if (asked) await terminal.ReceiveAsync(FrameType.Command);

        await AnswerAsync(terminal, 2);

        Assert.Equal(ByeReason.Protocol, (await terminal.ReceiveByeAsync()).Reason);
        if (asked) await Assert.ThrowsAsync<ConnectionLostException>(() => sent);
        await terminal.Served;
        Assert.True(card.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_command_that_is_not_answered_is_a_timeout()
    {
        var hasty = new LinkListener(_options with { RelayAnswer = TimeSpan.FromMilliseconds(1) });
        var (_, card) = await BeginAsync(hasty);

        await Assert.ThrowsAsync<TimeoutException>(() => card.TransmitAsync(Select, reset: false, Cancel));
    }

    [Fact]
    public async Task The_holder_ends_it_in_the_middle_of_a_command()
    {
        var (terminal, card) = await BeginAsync();
        var sent = card.TransmitAsync(Select, reset: false, Cancel);
        await terminal.ReceiveAsync(FrameType.Command);

        await terminal.SendAsync(LinkFrame.Of(FrameType.Relay, RelayState.Off("The holder ended it.")));

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => sent);
        Assert.Equal("The holder ended it.", lost.Message);
    }

    [Fact]
    public async Task A_session_that_opens_ends_it()
    {
        var (terminal, card) = await BeginAsync();

        await terminal.ReportAsync(ReaderState.Open(PlayedTerminal.Atr, 0x2A));
        await _listener.Links.ReadAsync(Cancel);

        Assert.True(card.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Beside_a_session_and_without_anybody_to_use_it_a_card_is_sent_back()
    {
        var busy = await GreetAsync(_listener, ReaderState.Open(PlayedTerminal.Atr, 0x2A));
        await busy.SendAsync(On);
        Assert.False((await busy.ReceiveAsync(FrameType.Relay)).Read<RelayState>().IsOn);

        var listener = new LinkListener(new LinkListenerOptions { Server = PlayedTerminal.Identity(0x55) });
        var terminal = await GreetAsync(listener, ReaderState.Empty);
        await terminal.SendAsync(On);
        Assert.False((await terminal.ReceiveAsync(FrameType.Relay)).Read<RelayState>().IsOn);
        Assert.False(_cards.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_card_that_is_returned_is_told_to_its_terminal_once()
    {
        var (terminal, card) = await BeginAsync();

        card.Return("Enough.");
        card.Return("Enough!");

        Assert.Equal(RelayState.Off("Enough."), (await terminal.ReceiveAsync(FrameType.Relay)).Read<RelayState>());
        await terminal.SendAsync(On);
        Assert.NotSame(card, await _cards.Reader.ReadAsync(Cancel));
    }

    [Fact]
    public void Every_frame_of_the_document_is_what_is_sent() => Assert.Equal(
    [
        $"T Relay {Bytes.Of(On)}",
        $"S Command {Bytes.Of(LinkFrame.Of(FrameType.Command, new RelayCommand(1, Reset: true, Bytes.FromHex("00A4040004A0000003"))))}",
        $"T Response {Bytes.Of(LinkFrame.Of(FrameType.Response, new RelayAnswer(1, Bytes.FromHex("6A82"))))}",
        $"S Command {Bytes.Of(LinkFrame.Of(FrameType.Command, new RelayCommand(2, Reset: true, Bytes.Empty)))}",
        $"T Response {Bytes.Of(LinkFrame.Of(FrameType.Response, new RelayAnswer(2, Bytes.Empty)))}",
        $"T Relay {Bytes.Of(LinkFrame.Of(FrameType.Relay, RelayState.Off("The holder ended it.")))}",
    ], WorkedFrames.Of("relay"), StringComparer.Ordinal);

    private static Task AnswerAsync(PlayedTerminal terminal, ushort number) =>
        terminal.SendAsync(LinkFrame.Of(FrameType.Response, new RelayAnswer(number, Success)));

    private async Task<PlayedTerminal> GreetAsync(LinkListener listener, ReaderState reader)
    {
        var (terminal, _) = await PlayedTerminal.GreetAsync(listener, reader);
        _terminals.Add(terminal);
        return terminal;
    }

    private async Task<(PlayedTerminal Terminal, RelayedCard Card)> BeginAsync(LinkListener? listener = null)
    {
        var terminal = await GreetAsync(listener ?? _listener, ReaderState.Empty);
        await terminal.SendAsync(On);
        return (terminal, await _cards.Reader.ReadAsync(Cancel));
    }
}

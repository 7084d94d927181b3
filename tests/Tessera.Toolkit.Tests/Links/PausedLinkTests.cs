using System.Collections.Concurrent;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;
using static Tessera.Toolkit.Tests.Links.PlayedTerminal;
using static Tessera.Toolkit.Tests.Links.Scripts;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>A line that goes to data and back to voice while its session goes on.</summary>
public sealed class PausedLinkTests : IAsyncDisposable
{
    private static readonly ReaderState Open5 = ReaderState.Open(Atr, 5);

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<Bytes> _wanted = new();
    private readonly LinkListener _listener;

    public PausedLinkTests() => _listener = new LinkListener(
        new LinkListenerOptions { Server = Identity(0x55), Wanted = _wanted.Enqueue }, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() =>
        await _time.AdvanceUntilAsync(_listener.DisposeAsync().AsTask(), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_paused_connection_ends_with_voice_and_its_session_goes_on()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);

        Assert.True(_listener.Pause(link.Terminal));

        Assert.Equal(ByeReason.Voice, (await terminal.ReceiveByeAsync()).Reason);
        Assert.Equal((EndedBy.Us, ByeReason.Voice), ((await terminal.Served).By, (await terminal.Served).Reason));
        Assert.False(link.Ended.IsCancellationRequested);
        Assert.False(_listener.Pause(link.Terminal));
        Assert.Empty(_wanted);
        Assert.Equal([false], _listener.Terminals.Select(status => status.Connected));
    }

    [Fact]
    public async Task A_script_sent_while_paused_is_wanted_and_is_sent_on_the_next_connection_once()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        _listener.Pause(link.Terminal);

        // The farewell is still under way: nothing of the session goes with it.
        var answer = link.SendAsync(1, Script(5, 1), Token);
        await terminal.ReceiveByeAsync();
        await terminal.Served;
        Assert.Equal([link.Terminal], _wanted);

        var (again, hello) = await GreetAsync(_listener, Open5);
        Assert.True(hello.Resumed);
        Assert.Equal(Script(5, 1), await again.ReceiveAsync(FrameType.Script));
        await again.AnswerAsync(Answer(5, 1));
        Assert.Equal(Answer(5, 1), await answer);

        var next = link.SendAsync(2, Script(5, 2), Token);
        Assert.Equal(Script(5, 2), await again.ReceiveAsync(FrameType.Script));
        await again.AnswerAsync(Answer(5, 2));
        Assert.Equal(Answer(5, 2), await next);
        Assert.Single(_wanted);
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_script_is_wanted_again()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        var answer = link.SendAsync(1, Script(5, 1), Token);
        await terminal.ReceiveAsync(FrameType.Script);
        Assert.Empty(_wanted);

        await terminal.BreakAsync();

        Assert.Equal([link.Terminal], _wanted);
        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task A_session_to_be_opened_anew_is_wanted_too()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        await terminal.BreakAsync();
        Assert.Empty(_wanted);

        var reopened = link.ReopenAsync(Token);

        Assert.Equal([link.Terminal], _wanted);
        var (again, _) = await GreetAsync(_listener, Open5);
        await again.ReceiveAsync(FrameType.Open);
        await again.ReportAsync(ReaderState.Open(Atr, 6, follows: 5));
        Assert.Equal(6, (await reopened).Session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_released_session_has_ended_for_good(bool connected)
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        if (!connected)
        {
            _listener.Pause(link.Terminal);
            await terminal.ReceiveByeAsync();
        }

        var answer = link.SendAsync(1, Script(5, 1), Token);
        Assert.True(_listener.Release(link.Terminal, "The call is over."));

        Assert.Equal("The call is over.", (await Assert.ThrowsAsync<ConnectionLostException>(() => answer)).Message);
        await Assert.ThrowsAsync<ConnectionLostException>(() => link.SendAsync(2, Script(5, 2), Token));
        Assert.False(_listener.Release(link.Terminal, "Again."));
        if (connected)
        {
            await terminal.ReceiveAsync(FrameType.Script);
            Assert.Equal(new Bye(ByeReason.GoingAway, "The call is over."), await terminal.ReceiveByeAsync());
        }

        var (again, _) = await GreetAsync(_listener, Open5);
        Assert.Equal(new OpenRequest(5), (await again.ReceiveAsync(FrameType.Open)).Read<OpenRequest>());
    }

    [Fact]
    public async Task A_paused_terminal_that_stays_away_loses_its_session()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await _listener.Links.ReadAsync(Token);
        _listener.Pause(link.Terminal);
        await terminal.ReceiveByeAsync();
        var answer = link.SendAsync(1, Script(5, 1), Token);

        _time.Advance(TimeSpan.FromMinutes(2));

        await Assert.ThrowsAsync<ConnectionLostException>(() => answer);
    }

    [Fact]
    public void A_terminal_that_nobody_knows_is_neither_paused_nor_released() =>
        Assert.Equal(
            (false, false), (_listener.Pause(Identity(0xBB).Id), _listener.Release(Identity(0xBB).Id, "Who?")));
}

using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;
using static Tessera.Toolkit.Tests.Links.PlayedTerminal;
using static Tessera.Toolkit.Tests.Links.Scripts;

namespace Tessera.Toolkit.Tests.Links;

public sealed class LinkListenerTests : IAsyncDisposable
{
    private static readonly LinkListenerOptions Options = new() { Server = Identity(0x55), MaxTerminals = 2 };
    private static readonly ReaderState Open5 = ReaderState.Open(Atr, 5);
    private static readonly Bytes OtherRun = Bytes.FromHex("B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF");

    private readonly ManualTime _time = new();
    private readonly LinkListener _listener;

    public LinkListenerTests() => _listener = new LinkListener(Options, _time);

    public async ValueTask DisposeAsync() =>
        await _time.AdvanceUntilAsync(_listener.DisposeAsync().AsTask(), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_terminal_with_a_card_opens_a_link()
    {
        var (_, hello) = await GreetAsync(_listener, Open5);

        var link = await TakeAsync();

        Assert.Equal(new ServerHello(Options.Server.Id, Resumed: false), hello);
        Assert.Equal(5, link.Session);
        Assert.Equal(Atr, link.Atr);
        Assert.Equal(KioskProfile, link.Profile);
        Assert.Equal(Bytes.FromHex("AAAAAAAAAAAAAAAA"), link.Terminal);
        Assert.Equal(Options.Traits, link.Traits);
        Assert.False(link.Ended.IsCancellationRequested);
        Assert.Equal(
            [new TerminalStatus(link.Terminal, "Kiosk", KioskProfile, Connected: true, Open5)], _listener.Terminals);
    }

    [Fact]
    public async Task A_script_goes_down_and_its_answer_comes_up()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();

        var first = link.SendAsync(1, Script(5, 1), Token);
        Assert.Equal(Script(5, 1), await terminal.ReceiveAsync(FrameType.Script));
        await terminal.AnswerAsync(Answer(5, 1));
        Assert.Equal(Answer(5, 1), await first);

        var unreadable = link.SendAsync(2, Script(5, 2), Token);
        await terminal.ReceiveAsync(FrameType.Script);
        await terminal.AnswerAsync(Bytes.FromHex("AB03900105"));
        Assert.Equal(Bytes.FromHex("AB03900105"), await unreadable);
    }

    [Fact]
    public async Task A_card_inserted_later_opens_a_link_and_its_removal_ends_it()
    {
        var (terminal, _) = await GreetAsync(_listener, ReaderState.Empty);
        await terminal.ReportAsync(Open5);
        var link = await TakeAsync();
        var waiting = link.SendAsync(1, Script(5, 1), Token);

        await terminal.ReportAsync(ReaderState.Empty);

        await EndOf(link);
        Assert.Contains("removed", (await Assert.ThrowsAsync<ConnectionLostException>(() => waiting)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConnectionLostException>(() => link.SendAsync(2, Script(5, 2), Token));
        await Assert.ThrowsAsync<ConnectionLostException>(() => link.ReopenAsync(Token));
    }

    [Fact]
    public async Task A_broken_connection_resumes_and_the_script_is_sent_again()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        var answer = link.SendAsync(1, Script(5, 1), Token);
        await terminal.ReceiveAsync(FrameType.Script);
        Assert.Equal(EndedBy.Transport, (await terminal.BreakAsync()).By);
        _time.Advance(Options.ResumeWindow - TimeSpan.FromSeconds(1));

        var (again, hello) = await GreetAsync(_listener, Open5);

        Assert.True(hello.Resumed);
        Assert.Equal(Script(5, 1), await again.ReceiveAsync(FrameType.Script));
        await again.AnswerAsync(Answer(5, 1));
        Assert.Equal(Answer(5, 1), await answer);
        _time.Advance(Options.ResumeWindow);
        Assert.False(link.Ended.IsCancellationRequested);
        Assert.False(_listener.Links.TryRead(out _));
    }

    [Fact]
    public async Task A_script_given_while_the_terminal_is_away_is_sent_when_it_is_back()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        await terminal.BreakAsync();
        var answer = link.SendAsync(1, Script(5, 1), Token);

        var (again, _) = await GreetAsync(_listener, Open5);
        await again.ReceiveAsync(FrameType.Script);
        await again.AnswerAsync(Answer(5, 1));

        Assert.Equal(Answer(5, 1), await answer);
    }

    [Fact]
    public async Task A_terminal_that_stays_away_loses_its_session_and_is_asked_for_another()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        await terminal.BreakAsync();

        _time.Advance(Options.ResumeWindow);
        await EndOf(link);

        var (again, hello) = await GreetAsync(_listener, Open5);
        Assert.True(hello.Resumed);
        Assert.Equal(new OpenRequest(5), (await again.ReceiveAsync(FrameType.Open)).Read<OpenRequest>());
        await again.ReportAsync(ReaderState.Open(Atr, 6, follows: 5));
        Assert.Equal(6, (await TakeAsync()).Session);
    }

    [Fact]
    public async Task A_terminal_that_started_again_does_not_continue_its_session()
    {
        await GreetAsync(_listener, Open5);
        var link = await TakeAsync();

        var (again, hello) = await GreetAsync(_listener, Open5, OtherRun);

        Assert.False(hello.Resumed);
        await EndOf(link);
        await again.ReceiveAsync(FrameType.Open);
    }

    [Fact]
    public async Task A_server_that_started_again_takes_up_the_session()
    {
        await GreetAsync(_listener, Open5);
        await TakeAsync();
        await using var restarted = new LinkListener(Options, _time);

        var (terminal, hello) = await GreetAsync(restarted, Open5);

        Assert.False(hello.Resumed);
        Assert.Equal(5, (await restarted.Links.ReadAsync(Token)).Session);
        await terminal.BreakAsync();
    }

    [Fact]
    public async Task A_terminal_that_says_it_shuts_down_is_not_waited_for()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();

        await terminal.SendAsync(LinkFrame.Of(FrameType.Bye, new Bye(ByeReason.GoingAway, "")));

        Assert.Equal(new LinkEnd(EndedBy.Peer, ByeReason.GoingAway, ""), await terminal.Served);
        await EndOf(link);
    }

    [Fact]
    public async Task The_newest_connection_of_a_terminal_counts()
    {
        var (old, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        var answer = link.SendAsync(1, Script(5, 1), Token);
        await old.ReceiveAsync(FrameType.Script);

        var (newest, _) = await GreetAsync(_listener, Open5);

        Assert.Equal(ByeReason.Replaced, (await old.ReceiveByeAsync()).Reason);
        await newest.ReceiveAsync(FrameType.Script);
        await newest.AnswerAsync(Answer(5, 1));
        Assert.Equal(Answer(5, 1), await answer);
    }

    [Fact]
    public async Task Answers_nobody_waits_for_are_dropped()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        await terminal.AnswerAsync(Answer(5, 1));
        var answer = link.SendAsync(2, Script(5, 2), Token);
        await terminal.ReceiveAsync(FrameType.Script);

        await terminal.AnswerAsync(Answer(5, 1));
        await terminal.AnswerAsync(Answer(6, 2));
        await terminal.AnswerAsync(Answer(5, 2, commands: 1));
        await terminal.AnswerAsync(Answer(5, 2, commands: 2));

        Assert.Equal(Answer(5, 2, commands: 1), await answer);
        var next = link.SendAsync(3, Script(5, 3), Token);
        await terminal.ReceiveAsync(FrameType.Script);
        await terminal.AnswerAsync(Answer(5, 3));
        Assert.Equal(Answer(5, 3), await next);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_not_awaited_for_ever_and_may_be_asked_for_again()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        var answer = link.SendAsync(1, Script(5, 1), Token);
        _time.Advance(Options.Answer);
        await Assert.ThrowsAsync<TimeoutException>(() => answer);

        using var impatient = new CancellationTokenSource();
        var cancelled = link.SendAsync(1, Script(5, 1), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var again = link.SendAsync(1, Script(5, 1), Token);
        for (var sent = 0; sent < 3; sent++) Assert.Equal(Script(5, 1), await terminal.ReceiveAsync(FrameType.Script));
        await terminal.AnswerAsync(Answer(5, 1));
        Assert.Equal(Answer(5, 1), await again);
    }

    [Fact]
    public async Task Refuses_what_is_no_script_of_this_session_and_number()
    {
        await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        Bytes[] wrong =
        [
            Script(6, 1), Script(5, 2), Answer(5, 1), Bytes.Empty, Bytes.FromHex("AA00"), Bytes.FromHex("AA02C000"),
            new Bytes(new byte[8193]),
        ];

        foreach (var script in wrong) await Assert.ThrowsAsync<ArgumentException>(() => link.SendAsync(1, script, Token));
    }

    [Fact]
    public async Task A_number_belongs_to_one_script_and_one_script_is_in_flight()
    {
        await GreetAsync(_listener, Open5);
        var link = await TakeAsync();
        var first = link.SendAsync(1, Script(5, 1), Token);

        await Assert.ThrowsAsync<ArgumentException>(() => link.SendAsync(1, Script(5, 1, tone: 9), Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => link.SendAsync(2, Script(5, 2), Token));
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task Disposing_says_bye_and_ends_every_session()
    {
        var (terminal, _) = await GreetAsync(_listener, Open5);
        var link = await TakeAsync();

        var disposing = _listener.DisposeAsync();

        Assert.Equal(ByeReason.GoingAway, (await terminal.ReceiveByeAsync()).Reason);
        await disposing;
        await EndOf(link);
        await _listener.Links.Completion.WaitAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ValueTask<ILink> TakeAsync() => _listener.Links.ReadAsync(Token);

    private static async Task EndOf(ILink link)
    {
        var ended = new TaskCompletionSource();
        await using var registration = link.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(Token);
    }
}

using Tessera.Terminal.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Agents;

public sealed class PcAgentTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly HandReader _reader = new();
    private readonly CardInHand _card = new();
    private Till _till = null!;
    private PcAgent _agent = null!;
    private TerminalPage _page = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _till = new Till(_server.Pin.Id, CardInHand.Id);
        await _till.LoadAsync(_card, 5000, Cancel);
        _agent = await StartAsync(Options());
        _page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _agent.DisposeAsync();
        await _server.DisposeAsync();
        _till.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_greets_with_its_name_its_profile_and_what_is_in_its_reader()
    {
        var status = await _server.StatusAsync(known => known.Connected && known.Reader == ReaderState.Empty, Cancel);

        Assert.Equal(PcAgent.IdentityOf(Options()).Id, status.Terminal);
        Assert.Equal(("Counter 1", TerminalProfile.Rich), (status.Name, status.Profile));
        Assert.Equal(("idle", false, true), await StateAsync(screen => screen.Connected));
    }

    [Fact]
    public async Task A_card_opens_a_session_pays_with_the_PIN_typed_on_its_page_and_ends_it_when_it_is_pulled()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        Assert.Equal((_card.Atr, TerminalProfile.Rich), (link.Atr, link.Profile));
        Assert.Equal(("idle", true, true), await StateAsync(screen => screen is { HasCard: true, Connected: true }));

        var script = await OpenAsync(link);
        var paying = link.SendAsync(2, script, Cancel);
        await _page.ChooseAsync(1, Cancel);
        Assert.Equal("Airport 4.80: 4.80 EUR", (await _page.SeeAsync("secret", Cancel)).Payment);
        await _page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);

        Assert.Equal(480u, _till.Paid(script, await paying)?.Amount);
        Assert.Equal("Paid. Thank you", (await _page.SeeAsync("text", Cancel)).Request);

        _card.Pull();
        await EndedAsync(link);
        Assert.Equal(("idle", false, true), await StateAsync(screen => !screen.HasCard));
    }

    [Fact]
    public async Task A_card_pulled_while_the_PIN_is_asked_takes_the_prompt_from_the_page_and_the_next_card_is_served()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        var paying = link.SendAsync(2, await OpenAsync(link), Cancel);
        await _page.ChooseAsync(0, Cancel);
        await _page.SeeAsync("secret", Cancel);

        _card.Pull();

        await _page.SeeAsync("idle", Cancel);
        await LostAsync(paying);
        await ServesAsync();
    }

    [Fact]
    public async Task A_card_pulled_in_the_middle_of_a_command_is_given_back_and_the_next_card_is_served()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        await _server.StatusAsync(known => known.Reader.HasCard, Cancel);
        var silent = _card.FallSilentAt("80500000");
        var opening = link.SendAsync(1, Till.Opening(link.Session, 1), Cancel);
        await silent;

        _card.Pull();
        await _server.StatusAsync(known => known.Reader == ReaderState.Empty, Cancel);
        Assert.False(_card.IsDisposed);
        _card.Speak();

        await ServesAsync();
        Assert.True(_card.IsDisposed);
        await Assert.ThrowsAsync<ConnectionLostException>(() => opening);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_PIN_is_asked_is_not_noticed_by_the_holder()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        var script = await OpenAsync(link);
        var paying = link.SendAsync(2, script, Cancel);
        await _page.ChooseAsync(0, Cancel);
        await _page.SeeAsync("secret", Cancel);

        _server.Cut();
        await _server.StatusAsync(known => !known.Connected, Cancel);
        await _page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);

        Assert.Equal(320u, _till.Paid(script, await paying)?.Amount);
        Assert.Equal(1, _card.Commands.Count(IsMove));
    }

    [Fact]
    public async Task A_server_that_started_again_takes_up_the_session_and_gets_the_answer_that_was_kept()
    {
        _reader.Insert(_card);
        var before = await _server.SessionAsync(Cancel);
        var script = await OpenAsync(before);
        var paying = before.SendAsync(2, script, Cancel);
        await _page.ChooseAsync(0, Cancel);
        await _page.SeeAsync("secret", Cancel);

        await _server.LeaveAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => paying);
        Assert.True((await _page.SeeAsync(screen => !screen.Connected, Cancel)) is { Kind: "secret" });
        await _page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);
        await _page.SeeAsync("text", Cancel);
        _server.Return();
        var after = await _server.SessionAsync(Cancel);

        Assert.Equal(before.Session, after.Session);
        Assert.Equal(320u, _till.Paid(script, await after.SendAsync(2, script, Cancel))?.Amount);
        Assert.Equal(1, _card.Commands.Count(IsMove));
    }

    [Fact]
    public async Task A_session_reopened_goes_on_with_the_same_card()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);

        var next = await link.ReopenAsync(Cancel);

        Assert.NotEqual(link.Session, next.Session);
        await EndedAsync(link);
        await OpenAsync(next);
    }

    [Fact]
    public async Task A_reader_that_is_unplugged_is_told_and_looked_for_until_it_is_back()
    {
        await using var back = new HandReader();
        var plugged = new TaskCompletionSource();
        await RestartAsync(new ReaderQueue(
            () => _reader,
            () => throw new ConnectionLostException("There is no reader here."),
            () => plugged.Task.IsCompleted ? back : throw new ConnectionLostException("There is still no reader here.")));
        await _server.StatusAsync(known => known.Reader == ReaderState.Empty, Cancel);

        _reader.Unplug();

        await _server.StatusAsync(known => known.Connected && known.Reader == ReaderState.NoReader, Cancel);
        await _page.SeeAsync(screen => screen.Trouble.Contains("still no reader", StringComparison.Ordinal), Cancel);
        Assert.True(_reader.IsDisposed);
        plugged.SetResult();
        await _page.SeeAsync(screen => screen.Trouble.Length == 0, Cancel);
        await ServesAsync(back);
    }

    [Fact]
    public async Task A_reader_that_fails_is_opened_again()
    {
        await using var next = new HandReader();
        await RestartAsync(new ReaderQueue(() => _reader, () => next));

        _reader.Unplug(new IOException("The driver is confused."));

        await ServesAsync(next);
    }

    [Fact]
    public async Task What_it_cannot_survive_is_said_to_its_owner_to_the_holder_and_to_the_server()
    {
        await _server.StatusAsync(known => known.Connected, Cancel);

        _reader.Unplug(new InvalidOperationException("Somebody else has the reader."));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _agent.Completion);
        Assert.Equal("Somebody else has the reader.", failure.Message);
        await _server.StatusAsync(known => !known.Connected, Cancel);
        var screen = await _page.LookAsync(Cancel);
        Assert.Equal(("Somebody else has the reader.", false), (screen.Trouble, screen.Connected));
    }

    [Fact]
    public async Task A_code_to_join_it_to_a_browser_stands_on_its_page_while_it_is_idle()
    {
        var status = await _server.StatusAsync(known => known.Connected, Cancel);

        Assert.True(_server.Listener.Show(status.Terminal, new PairingCode("483912", "http://127.0.0.1/open")));

        Assert.Equal("483912", (await _page.SeeAsync(screen => screen.Code.Length > 0, Cancel)).Code);
    }

    [Fact]
    public async Task A_terminal_of_two_lines_runs_the_same_script()
    {
        await RestartAsync(new ReaderQueue(() => _reader), TerminalProfile.TextOnly);
        await _page.SeeLinesAsync("Insert card", Cancel);
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        Assert.Equal(TerminalProfile.TextOnly, link.Profile);
        var script = await OpenAsync(link);
        var paying = link.SendAsync(2, script, Cancel);

        await _page.SeeLinesAsync("Where to?", Cancel);
        await _page.PressAsync("Down Ok", Cancel);
        await _page.SeeLinesAsync("4.80 EUR", Cancel);
        await _page.PressAsync("Ok Digit1 Digit2 Digit3 Digit4 Digit5 Digit6", Cancel);
        await _page.SeeLinesAsync("******", Cancel);
        await _page.PressAsync("Ok", Cancel);

        Assert.Equal(480u, _till.Paid(script, await paying, TerminalProfile.TextOnly)?.Amount);
        await _page.SeeLinesAsync("Paid. Thank you", Cancel);
    }

    [Fact]
    public async Task Switched_off_while_the_PIN_is_asked_it_ends_at_once_and_says_so()
    {
        _reader.Insert(_card);
        var link = await _server.SessionAsync(Cancel);
        var script = await OpenAsync(link);
        var paying = link.SendAsync(2, script, Cancel);
        await _page.ChooseAsync(0, Cancel);
        await _page.SeeAsync("secret", Cancel);

        await _agent.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => paying);
        Assert.True(_reader.IsDisposed && _card.IsDisposed);
        Assert.True(_agent.Completion.IsCompletedSuccessfully);
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task A_terminal_switched_on_again_opens_the_next_session()
    {
        _reader.Insert(_card);
        var before = await _server.SessionAsync(Cancel);
        await using var again = new HandReader();
        await RestartAsync(new ReaderQueue(() => again));
        await EndedAsync(before);

        await using var card = new CardInHand();
        again.Insert(card);
        var after = await _server.SessionAsync(Cancel);

        Assert.Equal(before.Session + 1, after.Session);
        await OpenAsync(after);
    }

    [Fact]
    public async Task A_folder_serves_one_terminal_at_a_time()
    {
        await Assert.ThrowsAsync<IOException>(() => StartAsync(Options()));

        await ServesAsync();
    }

    [Fact]
    public async Task A_page_whose_port_is_taken_leaves_the_folder_free()
    {
        var options = Options() with { Folder = _folder.File("other"), Port = _agent.Page.Port };

        await Assert.ThrowsAsync<IOException>(() => StartAsync(options));

        await using var agent = await StartAsync(options with { Port = 0 });
        Assert.False(agent.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_name_that_no_Hello_can_carry_is_refused_at_once() =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => StartAsync(Options() with { Folder = _folder.File("other"), Name = new string('x', 65) }));

    [Fact]
    public async Task A_server_with_another_key_gets_no_Hello()
    {
        await using var stranger = new LinkServer();
        var options = Options() with { Folder = _folder.File("other"), Server = stranger.Address };
        stranger.Enrol(PcAgent.IdentityOf(options), options.Name);

        await using var agent = await StartAsync(options);
        using var page = await TerminalPage.OpenAsync(agent.Page, Cancel);
        await Eventually.SeeAsync(() => Task.FromResult(agent.Status), status => status.Reason.Length > 0, Cancel);

        Assert.False(agent.Status.Connected);
        Assert.Empty(stranger.Listener.Terminals);
    }

    private PcAgentOptions Options() => new()
    {
        Name = "Counter 1",
        Folder = _folder.File("terminal"),
        Server = _server.Address,
        Pin = _server.Pin,
        ReaderRetry = TimeSpan.FromMilliseconds(1),
    };

    private Task<PcAgent> StartAsync(PcAgentOptions options) => StartAsync(options, new ReaderQueue(() => _reader));

    private async Task<PcAgent> StartAsync(PcAgentOptions options, ReaderQueue readers)
    {
        _server.Enrol(PcAgent.IdentityOf(options), options.Name);
        return await PcAgent.StartAsync(options, readers.OpenAsync, Cancel);
    }

    private async Task RestartAsync(ReaderQueue readers, TerminalProfile? profile = null)
    {
        _page.Dispose();
        await _agent.DisposeAsync();
        _agent = await StartAsync(Options() with { Profile = profile ?? TerminalProfile.Rich }, readers);
        _page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
    }

    /// <summary>Has the card say S1, and gives the purchase that follows.</summary>
    private async Task<Bytes> OpenAsync(ILink link)
    {
        _till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        return _till.Purchase(link.Session, 2);
    }

    /// <summary>A new card gets its session, and a script runs.</summary>
    private async Task ServesAsync(HandReader? reader = null)
    {
        var card = new CardInHand();
        (reader ?? _reader).Insert(card);
        var link = await _server.SessionAsync(Cancel);
        var script = new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Hello", DisplayQualifier.None));
        var answer = await link.SendAsync(1, Bytes.Of(script.Build(link.Session, 1)), Cancel);
        Assert.Null(answer.Read<ResponseScript>().End);
        Assert.Equal("Hello", (await _page.SeeAsync("text", Cancel)).Request);
    }

    private async Task<(string Kind, bool HasCard, bool Connected)> StateAsync(Func<ShownScreen, bool> wanted)
    {
        var screen = await _page.SeeAsync(wanted, Cancel);
        return (screen.Kind, screen.HasCard, screen.Connected);
    }

    /// <summary>The end of the script and that of its session leave the terminal together: either may come first.</summary>
    private static async Task LostAsync(Task<Bytes> sending)
    {
        try
        {
            Assert.Equal(StopReason.CardLost, (await sending).Read<ResponseScript>().Stopped?.Reason);
        }
        catch (ConnectionLostException)
        {
            Assert.True(sending.IsFaulted);
        }
    }

    private static bool IsMove(string command) => string.Equals(command, "80540100", StringComparison.Ordinal);

    private static async Task EndedAsync(ILink link)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = link.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(Cancel);
    }
}

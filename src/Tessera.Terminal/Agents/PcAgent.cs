using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Agents;

/// <summary>
/// The terminal beside a PC: it waits for a card in its reader, opens a session with its server and runs the scripts that come,
/// with its own page on 127.0.0.1 as display and keypad.
/// </summary>
public sealed class PcAgent : IAsyncDisposable
{
    private const string CertificateFile = "terminal.pem";
    private const string JournalFile = "scripts.journal";

    private readonly PcAgentOptions _options;
    private readonly TimeProvider _time;
    private readonly X509Certificate2 _certificate;
    private readonly FileScriptJournal _journal;
    private readonly Screen _screen;
    private readonly ScreenPage _page;
    private readonly ScriptRunner _runner;
    private readonly LinkClient _link;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private bool _cardIn;
    private Task _running = Task.CompletedTask;

    private PcAgent(PcAgentOptions options, X509Certificate2 certificate, FileScriptJournal journal, Screen screen, ScreenPage page, TimeProvider time)
    {
        (_options, _certificate, _journal, _screen, _page, _time) = (options, certificate, journal, screen, page, time);
        _runner = new ScriptRunner(
            journal, TerminalRules.ForTerminal(options.Pin.Id, options.Profile), new ScreenHolder(screen), new ScriptLimits(), time);
        _link = new LinkClient(
            new LinkClientOptions
            {
                Name = options.Name,
                Profile = options.Profile,
                Server = options.Pin,
                Run = _runner.RunAsync,
                Reopen = ReopenAsync,
                Changed = _ => ShowIdle(),
            },
            time);
    }

    /// <summary>Its display and keypad.</summary>
    public Uri Page => _page.Address;

    /// <summary>What a program that drives its page sends as <c>X-Tessera-Token</c>.</summary>
    public string PageToken => _page.Token;

    /// <summary>How it stands with its server.</summary>
    public LinkStatus Status => _link.Status;

    /// <summary>Who a terminal of that folder is; makes its key at the first time. The server must know it before it connects.</summary>
    public static PeerIdentity IdentityOf(PcAgentOptions options)
    {
        using var certificate = OpenCertificate(options);
        return PeerIdentity.Of(certificate);
    }

    /// <summary>Switches the terminal on.</summary>
    /// <param name="reader">Where cards come in; stays the caller's.</param>
    public static async Task<PcAgent> StartAsync(
        PcAgentOptions options, ICardReader reader, CancellationToken cancel, TimeProvider? time = null)
    {
        var certificate = OpenCertificate(options);
        FileScriptJournal? journal = null;
        try
        {
            journal = FileScriptJournal.Open(Path.Combine(options.Folder, JournalFile));
            Screen screen = options.Profile.HasRichPages ? new RichScreen() : new KeypadScreen();
            var page = await ScreenPage.StartAsync(
                screen, new ScreenPageOptions { Port = options.Port, Ancestors = options.Ancestors }, cancel);
            var agent = new PcAgent(options, certificate, journal, screen, page, time ?? TimeProvider.System);
            agent._running = agent.RunAsync(reader);
            return agent;
        }
        catch
        {
            journal?.Dispose();
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the terminal cannot go on, with the reason, or is disposed.</summary>
    public Task Completion => _running;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _page.DisposeAsync();
        _journal.Dispose();
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private static X509Certificate2 OpenCertificate(PcAgentOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        return LinkCertificate.LoadOrCreate(Path.Combine(options.Folder, CertificateFile), options.Name);
    }

    private async Task RunAsync(ICardReader reader)
    {
        ShowIdle();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var connection = new TerminalConnectionOptions { Server = _options.Server, Pin = _options.Pin, Certificate = _certificate };
        var reading = ReadAsync(reader, stop.Token);
        var linking = _link.RunAsync(cancel => TerminalConnection.OpenAsync(connection, cancel), stop.Token);
        try
        {
            await await Task.WhenAny(reading, linking);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Switched off.
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, linking).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>One card after the other, each from insertion to removal.</summary>
    private async Task ReadAsync(ICardReader reader, CancellationToken cancel)
    {
        _link.Report(ReaderState.Empty);
        while (true)
        {
            await using var card = await reader.InsertedAsync(cancel);
            try
            {
                Report(_runner.Insert(card));
                await card.Removed.WaitAsync(cancel);
            }
            finally
            {
                Report(_runner.Remove());
            }
        }
    }

    private Task ReopenAsync(ushort session, CancellationToken cancel)
    {
        if (_runner.Reopen(session) is { } reopened) _link.Report(reopened);
        return Task.CompletedTask;
    }

    private void Report(ReaderState state)
    {
        lock (_gate) _cardIn = state.HasCard;
        _link.Report(state);
        ShowIdle();
    }

    private void ShowIdle()
    {
        lock (_gate)
        {
            var status = _link?.Status ?? LinkStatus.Initial;
            _screen.Idle(new IdleState(_options.Name, _cardIn, status.Connected, status.Pairing.Digits, status.Pairing.Page));
        }
    }
}

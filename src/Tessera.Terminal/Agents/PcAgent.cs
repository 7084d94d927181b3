using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Pages;
using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Agents;

/// <summary>
/// The terminal beside a PC: it waits for a card in its reader, opens a session with its server and runs the scripts
/// that come,
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
    private readonly ITimer _silence;
    private ReaderState _reader = ReaderState.Empty;
    private string _trouble = "";
    private string? _failure;
    private Task _running = Task.CompletedTask;

    private PcAgent(
        PcAgentOptions options, X509Certificate2 certificate, FileScriptJournal journal, Screen screen, ScreenPage page,
        TimeProvider time)
    {
        (_options, _certificate, _journal, _screen, _page, _time) = (options, certificate, journal, screen, page, time);
        _runner = new ScriptRunner(
            journal, TerminalRules.ForTerminal(options.Pin.Id, options.Profile), new ScreenHolder(screen),
            new ScriptLimits(), time);
        _link = new LinkClient(
            new LinkClientOptions
            {
                Name = options.Name,
                Profile = options.Profile,
                Server = options.Pin,
                Run = RunScriptAsync,
                Reopen = ReopenAsync,
                Changed = _ => ShowIdle(),
            },
            time);
        _silence = time.CreateTimer(
            _ => EndSilent(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its display and keypad.</summary>
    public Uri Page => _page.Address;

    /// <summary>What a program that drives its page sends as <c>X-Tessera-Token</c>.</summary>
    public string PageToken => _page.Token;

    /// <summary>How it stands with its server.</summary>
    public LinkStatus Status => _link.Status;

    /// <summary>
    /// Who a terminal of that folder is; makes its key at the first time. The server must know it before it connects.
    /// </summary>
    public static PeerIdentity IdentityOf(PcAgentOptions options)
    {
        using var certificate = OpenCertificate(options);
        return PeerIdentity.Of(certificate);
    }

    /// <summary>Switches the terminal on.</summary>
    /// <param name="openReader">
    /// Opens the reader where cards come in, which is the terminal's from then on; asked again, until it succeeds, when
    /// there is none or it went away (<see cref="IOException"/>).
    /// </param>
    /// <exception cref="IOException">Another terminal uses the folder, or the port of the page is taken.</exception>
    public static async Task<PcAgent> StartAsync(
        PcAgentOptions options, Func<CancellationToken, Task<ICardReader>> openReader, CancellationToken cancel,
        TimeProvider? time = null)
    {
        var certificate = OpenCertificate(options);
        FileScriptJournal? journal = null;
        ScreenPage? page = null;
        try
        {
            journal = FileScriptJournal.Open(Path.Combine(options.Folder, JournalFile));
            Screen screen = options.Profile.HasRichPages ? new RichScreen() : new KeypadScreen();
            page = await ScreenPage.StartAsync(
                screen, new LocalPageOptions { Port = options.Port, Ancestors = options.Ancestors }, cancel);
            var agent = new PcAgent(options, certificate, journal, screen, page, time ?? TimeProvider.System);
            agent._running = agent.RunAsync(openReader);
            return agent;
        }
        catch
        {
            if (page is not null) await page.DisposeAsync();
            journal?.Dispose();
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the terminal cannot go on, with the reason, or is disposed.</summary>
    public Task Completion => _running;

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _silence.DisposeAsync();
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

    private async Task RunAsync(Func<CancellationToken, Task<ICardReader>> openReader)
    {
        ShowIdle();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var connection = new TerminalConnectionOptions
        {
            Server = _options.Server, Pin = _options.Pin, Certificate = _certificate,
        };
        var reading = ReadAsync(openReader, stop.Token);
        var linking = _link.RunAsync(cancel => TerminalConnection.OpenAsync(connection, cancel), stop.Token);
        try
        {
            await await Task.WhenAny(reading, linking);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Switched off.
        }
        catch (Exception e)
        {
            lock (_gate) _failure = e.Message;
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, linking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ShowIdle();
        }
    }

    /// <summary>One reader after the other: one that went away, or is not there yet, is looked for again.</summary>
    private async Task ReadAsync(Func<CancellationToken, Task<ICardReader>> openReader, CancellationToken cancel)
    {
        while (true)
        {
            var reason = await ServeReaderAsync(openReader, cancel);
            Report(() => ReaderState.NoReader, reason);
            await Task.Delay(_options.ReaderRetry, _time, cancel);
        }
    }

    /// <summary>One card after the other, until the reader is gone.</summary>
    /// <returns>Why it is gone.</returns>
    private async Task<string> ServeReaderAsync(Func<CancellationToken, Task<ICardReader>> openReader, CancellationToken cancel)
    {
        ICardReader reader;
        try
        {
            reader = await openReader(cancel);
        }
        catch (IOException e)
        {
            return e.Message;
        }

        await using var opened = reader;
        Report(() => ReaderState.Empty);
        while (true)
        {
            ICard card;
            try
            {
                card = await reader.InsertedAsync(cancel);
            }
            catch (IOException e)
            {
                return e.Message;
            }

            await ServeCardAsync(card, cancel);
        }
    }

    /// <summary>From insertion to removal; a script at work has let go of the card before it is given back.</summary>
    private async Task ServeCardAsync(ICard card, CancellationToken cancel)
    {
        await using var inserted = card;
        try
        {
            Report(() => _runner.Insert(card));
            await card.Removed.WaitAsync(cancel);
        }
        finally
        {
            Report(_runner.Remove);
            await _runner.Idle;
        }
    }

    /// <summary>No silence is counted while a script is at work.</summary>
    private async Task<Bytes> RunScriptAsync(Bytes script, CancellationToken cancel)
    {
        lock (_gate) AwaitScript(false);
        try
        {
            return await _runner.RunAsync(script, cancel);
        }
        finally
        {
            lock (_gate) AwaitScript(_reader.Session != 0);
        }
    }

    /// <summary>A session that heard nothing for too long is over; its card has to be inserted again.</summary>
    private void EndSilent() => Report(() => _reader.Session == 0 ? null : _reader.Ended());

    /// <summary>A little longer than a script may be late: none is taken after its session was called over.</summary>
    private void AwaitScript(bool awaited) => _silence.Change(
        awaited ? ScriptGate.Silence + TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private Task ReopenAsync(ushort session, CancellationToken cancel)
    {
        Report(() => _runner.Reopen(session));
        return Task.CompletedTask;
    }

    /// <summary>Changes what is in the reader, where it changes, and tells it, both before the next change.</summary>
    private void Report(Func<ReaderState?> change, string trouble = "")
    {
        lock (_gate)
        {
            if (change() is not { } state) return;
            (_reader, _trouble) = (state, trouble);
            _link.Report(state);
            AwaitScript(state.Session != 0);
        }

        ShowIdle();
    }

    private void ShowIdle()
    {
        lock (_gate)
        {
            var status = _link.Status;
            _screen.Idle(new IdleState(
                _options.Name, _reader.Session != 0, status.Connected, status.Pairing.Digits, status.Pairing.Page,
                _failure ?? _trouble));
        }
    }
}

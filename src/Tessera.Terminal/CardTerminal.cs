using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Scripts;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Terminal;

/// <summary>
/// What every terminal does, whatever road leads to its server: it waits for a card in its reader, opens a session with
/// the server and runs the scripts that come, each at most once.
/// </summary>
public sealed partial class CardTerminal : IAsyncDisposable
{
    private const string CertificateFile = "terminal.pem";
    private const string JournalFile = "scripts.journal";

    private readonly CardTerminalOptions _options;
    private readonly TimeProvider _time;
    private readonly FileScriptJournal _journal;
    private readonly IScreen _screen;
    private readonly CardModule? _module;
    private readonly ScriptRunner _runner;
    private readonly LinkClient _link;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly Lock _gate = new();
    private readonly ITimer _silence;
    private ReaderState _reader = ReaderState.Empty;
    private string _trouble = "";
    private string? _failure;

    private CardTerminal(
        CardTerminalOptions options, X509Certificate2 certificate, FileScriptJournal journal, IScreen screen,
        TimeProvider time)
    {
        (_options, Certificate, _journal, _screen, _time) = (options, certificate, journal, screen, time);
        _stopped = _stopping.Token;
        var profile = options.Ports.Complete(options.Profile);
        var limits = new ScriptLimits();
        _module = options.Ports.Module is { } module ? new CardModule(module, limits.Card, time) : null;
        _runner = new ScriptRunner(
            options.Journaling(journal), RulesOf(options, profile, certificate),
            new PortCommands(Sealing(
                new ScreenHolder(screen, options.Ports.Printer, time, options.Ports.Finger), options.Ports.Verifier), _module,
                options.Ports.Power),
            limits, time);
        _link = new LinkClient(
            new LinkClientOptions
            {
                Name = options.Name,
                Profile = profile,
                Server = options.Pin,
                Run = RunScriptAsync,
                Reopen = ReopenAsync,
                Relay = RelayAsync,
                RelayReturned = EndRelay,
                Changed = status =>
                {
                    if (!status.Connected) EndRelay("The server is not there.");
                    ShowIdle();
                },
                Connect = options.Connect,
                Hello = options.Hello,
                FirstDelay = options.FirstDelay,
                MaxDelay = options.MaxDelay,
            },
            time);
        _relayLimit = time.CreateTimer(
            _ => EndRelay("It was on for long enough."), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _silence = time.CreateTimer(
            _ => EndSilent(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its key and who it is; not the caller's to dispose.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>How it stands with its server.</summary>
    public LinkStatus Status => _link.Status;

    /// <summary>What is in its reader.</summary>
    public ReaderState Reader
    {
        get
        {
            lock (_gate) return _reader;
        }
    }

    /// <summary>Completes when the terminal cannot go on, with the reason, or is disposed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Who a terminal of that folder is; makes its key at the first time. The server must know it before it connects.
    /// </summary>
    /// <param name="folder">Where its certificate is.</param>
    /// <param name="name">For people, in a certificate that is made.</param>
    public static PeerIdentity IdentityOf(string folder, string name)
    {
        using var certificate = OpenCertificate(folder, name);
        return PeerIdentity.Of(certificate);
    }

    /// <summary>Takes possession of its folder; nothing is shown or served before <see cref="Start"/>.</summary>
    /// <param name="screen">Where its holder sees and answers; not owned.</param>
    /// <exception cref="IOException">Another terminal uses the folder.</exception>
    public static CardTerminal Open(CardTerminalOptions options, IScreen screen, TimeProvider? time = null)
    {
        var certificate = OpenCertificate(options.Folder, options.Name);
        FileScriptJournal? journal = null;
        try
        {
            journal = FileScriptJournal.Open(Path.Combine(options.Folder, JournalFile));
            return new CardTerminal(options, certificate, journal, screen, time ?? TimeProvider.System);
        }
        catch
        {
            journal?.Dispose();
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Switches the terminal on, once.</summary>
    /// <param name="openReader">
    /// Opens the reader where cards come in, which is the terminal's from then on; asked again, until it succeeds, when
    /// there is none or it went away (<see cref="IOException"/>).
    /// </param>
    /// <param name="connect">As of <see cref="LinkClient.RunAsync"/>.</param>
    public void Start(
        Func<CancellationToken, Task<ICardReader>> openReader, Func<CancellationToken, Task<IFrameChannel>> connect) =>
        Completion = RunAsync(openReader, connect);

    /// <summary>Shows once more what stands there between requests: what it is made of has changed.</summary>
    public void ShowIdle()
    {
        lock (_gate)
        {
            var status = _link.Status;
            _screen.Idle(_options.Idle(new IdleState(
                _options.Name, _isRelaying || _reader.Session != 0, status.Connected, status.Pairing.Digits, status.Pairing.Page,
                _failure ?? _trouble)
            {
                Words = _isRelaying ? RelayWords : null,
            }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_module is not null) await _module.DisposeAsync();
        await _silence.DisposeAsync();
        await _relayLimit.DisposeAsync();
        _journal.Dispose();
        Certificate.Dispose();
        _stopping.Dispose();
    }

    private static TerminalRules RulesOf(
        CardTerminalOptions options, TerminalProfile profile, X509Certificate2 certificate) =>
        TerminalRules.ForTerminal(options.Pin.Id, profile) with
        {
            Terminal = PeerIdentity.Of(certificate).Id,
            Verifier = options.Ports.Verifier is { } verifier ? new PinnedVerifier(verifier.Id, verifier.Name) : null,
        };

    private static IHolderInterface Sealing(IHolderInterface holder, VerifierKey? verifier) =>
        verifier is null ? holder : new SealedEntries(holder, verifier);

    internal static X509Certificate2 OpenCertificate(string folder, string name)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return LinkCertificate.LoadOrCreate(Path.Combine(folder, CertificateFile), name);
    }

    private async Task RunAsync(
        Func<CancellationToken, Task<ICardReader>> openReader, Func<CancellationToken, Task<IFrameChannel>> connect)
    {
        ShowIdle();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var reading = ReadAsync(openReader, stop.Token);
        var linking = _link.RunAsync(connect, stop.Token);
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
            Report(() =>
            {
                _card = card;
                return _runner.Insert(card);
            });
            await card.Removed.WaitAsync(cancel);
        }
        finally
        {
            Report(() =>
            {
                _card = null;
                return _runner.Remove();
            });
            await EndRelayAsync("The card was removed.");
            await _runner.Idle;
        }
    }

    /// <summary>No silence is counted while a script is at work.</summary>
    private async Task<Bytes> RunScriptAsync(Bytes script, CancellationToken cancel)
    {
        lock (_gate) AwaitScript(false);
        await _turn.WaitAsync(cancel);
        try
        {
            return await _runner.RunAsync(script, cancel);
        }
        finally
        {
            _turn.Release();
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
            _options.ReaderChanged(state);
            AwaitScript(state.Session != 0);
        }

        ShowIdle();
    }
}

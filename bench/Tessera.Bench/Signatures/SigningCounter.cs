using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Interop.Tests.Signing;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Storage.Sessions;
using Tessera.Storage.Signing;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;

namespace Tessera.Bench.Signatures;

/// <summary>
/// A network terminal at the end of a road, its card in it and its link by mutual TLS 1.3 up, and the server at the
/// other end that has documents signed there: database, evidence and the terminal's journal on disk.
/// </summary>
internal sealed class SigningCounter : IAsyncDisposable
{
    private static readonly View Document = View.Titled("Order 4711").Text("Two tons of coal for Ada, 480.00");

    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _certificate = LinkCertificate.Create("server");
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly TcpListener _socket = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly CardId _id;
    private readonly DelayingRelay _road;
    private readonly LinkListener _listener;
    private readonly TrustStore _trust;
    private readonly WillingTerminal _terminal;
    private readonly Task _serving;
    private Database _database = null!;
    private SessionHost _host = null!;
    private SessionHost _sessions = null!;
    private ILink _link = null!;

    private SigningCounter(CardId id, CardOs card, TestAuthority authority)
    {
        _id = id;
        var now = TimeProvider.System.GetUtcNow();
        _trust = TrustStore.Of(
            [authority.Certificate], lists: [RevocationList.Read(authority.List(now.AddHours(-1), now.AddDays(1)))]);
        _socket.Start();
        _road = new DelayingRelay(_socket.LocalEndpoint);
        var pin = PeerIdentity.Of(_certificate);
        _listener = new LinkListener(new LinkListenerOptions { Server = pin });
        _serving = ServeAsync(WillingTerminal.IdentityOf(_folder.Path), _closing.Token);
        _terminal = new WillingTerminal(_folder.Path, new Uri($"tls://{_road.EndPoint}"), pin, card);
    }

    /// <summary>Returns when the terminal is connected and its session open.</summary>
    /// <param name="card">Stays the caller's.</param>
    public static async Task<SigningCounter> OpenAsync(
        CardId id, CardOs card, TestAuthority authority, CancellationToken cancel)
    {
        var counter = new SigningCounter(id, card, authority);
        counter._database = await Database.OpenAsync(counter._folder.File("server.db"), cancel: cancel);
        counter._host = counter.NewHost();
        counter._sessions = counter.NewHost();
        await counter.RegisterAsync(cancel);
        counter._link = await counter._listener.Links.ReadAsync(cancel);
        return counter;
    }

    /// <summary>Signs once over a road of that length, from the order to the evidence on disk.</summary>
    /// <param name="isKnown">The certificates of the card have been filed before, and are not read again.</param>
    /// <exception cref="InvalidOperationException">It was not signed, or not in one exchange.</exception>
    public async Task<TimeSpan> SignAsync(TimeSpan delay, bool isKnown, CancellationToken cancel)
    {
        _road.Delay = delay;
        var before = _terminal.Messages;
        var begun = TimeProvider.System.GetTimestamp();
        var outcome = await _host.SignAsync(_link, "bench", Document, isKnown ? _id : null, cancel);
        var took = TimeProvider.System.GetElapsedTime(begun);
        if (outcome.Transaction is null) throw new InvalidOperationException($"Nothing was signed: {outcome.Words}");
        if (_terminal.Messages != (before.Scripts + 1, before.Answers + 1))
            throw new InvalidOperationException($"{before} became {_terminal.Messages}: that is not one exchange.");
        return took;
    }

    /// <summary>
    /// Signs once in the session of an application that begins with it, the card's login by its certificate included: from
    /// the beginning of the session until the application has the evidence, on disk.
    /// </summary>
    /// <param name="isKnown">The card was at the terminal before: it gives its S1 in the same script.</param>
    /// <exception cref="InvalidOperationException">It was not signed, or not in one exchange.</exception>
    public async Task<TimeSpan> SignInSessionAsync(TimeSpan delay, bool isKnown, CancellationToken cancel)
    {
        _road.Delay = delay;
        var host = isKnown ? _sessions : NewHost();
        var before = _terminal.Messages;
        var (took, after) = (TimeSpan.Zero, before);
        var begun = TimeProvider.System.GetTimestamp();
        var outcome = await host.RunAsync(
            _link, null,
            new Signing(() => (took, after) = (TimeProvider.System.GetElapsedTime(begun), _terminal.Messages)), cancel);
        _link = outcome.Link;
        if (outcome.End != SessionEnd.Completed)
            throw new InvalidOperationException($"Nothing was signed: {outcome.End}.", outcome.Fault);
        if (after != (before.Scripts + 1, before.Answers + 1))
            throw new InvalidOperationException($"{before} became {after}: that is not one exchange.");
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _closing.CancelAsync();
        await _listener.DisposeAsync();
        _socket.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _road.DisposeAsync();
        await _database.DisposeAsync();
        _trust.Dispose();
        _masters.Dispose();
        _certificate.Dispose();
        _closing.Dispose();
        _folder.Dispose();
    }

    private Treasury NewTreasury() =>
        new(new SqliteMoneyStore(_database), new PurseKeyring(_masters), TimeProvider.System);

    private SessionHost NewHost() => new(
        NewTreasury(), new SqliteHolderStore(_database), new SqliteSessionStore(_database),
        PeerIdentity.Of(_certificate).Id, new SessionOptions(), TimeProvider.System, fields: null,
        new Notary(
            new SqliteEvidenceStore(_database), _certificate, _ => Task.FromResult(_trust), TimeProvider.System),
        new CertificateLogin(_ => Task.FromResult(_trust), isRequired: true, TimeProvider.System));

    private async Task RegisterAsync(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var holders = new SqliteHolderStore(_database);
        var holder = new Holder(HolderId.New(now), "Ada Lovelace", now);
        await holders.AddAsync(holder, cancel);
        var card = new CardRegistration(
            _id, holder.Id, CardKind.Iso, [PurseCommands.Aid, StoreCommands.Aid, PivCommands.Aid],
            DemonstrationKeys.Version, Currency: 0x0978, GreatestBalance: 100_000, CardState.Active, now);
        await holders.RegisterAsync(card, cancel);
        await NewTreasury().OpenAsync(card, cancel);
    }

    private async Task ServeAsync(PeerIdentity known, CancellationToken cancel)
    {
        while (true)
        {
            using var socket = await _socket.AcceptSocketAsync(cancel);
            socket.NoDelay = true;
            await using var stream = new SslStream(new NetworkStream(socket));
            var tls = LinkTls.ForServer(_certificate, peer => peer == known);
            tls.EnabledSslProtocols = LinkTls.StreamProtocols;
            await stream.AuthenticateAsServerAsync(tls, cancel);
            await _listener.ServeAsync(new StreamFrameChannel(stream), LinkTls.PeerOf(stream), cancel);
        }
    }

    /// <summary>Has the document signed, and no more.</summary>
    private sealed class Signing(Action signed) : IOpeningApplication
    {
        private static readonly Dialogue<SignedTransaction> Sign = Dialogue.Sign(Document);

        public string Name => "bench";

        public string Title => "Signing";

        public Dialogue Opening(SessionReference session, DateTimeOffset opened) => Sign;

        public async Task RunAsync(CardSession session, CancellationToken cancel)
        {
            await session.RunAsync(Sign, cancel);
            signed();
        }
    }
}

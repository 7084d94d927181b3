using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A server that files evidence, a holder with a real card in software, an authority that both believe.</summary>
internal sealed partial class SigningWorld : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 5, 6, TimeSpan.Zero);

    public static readonly CardId CardId = CardId.Parse("0102030405060708");

    public static readonly View Contract = View.Titled("Order 4711").Text("Two tons of coal for Ada, 480.00");

    private readonly X509Certificate2 _server;
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly Treasury _treasury;
    private readonly CardFields? _fields;
    private readonly SessionOptions _options;
    private readonly KeyLogin? _keyLogin;
    private TrustStore _trust;

    private SigningWorld(
        PivAlgorithm algorithm, bool withCardKey, bool hasPurse, bool signs, X509Certificate2? server, bool? certificates,
        SessionOptions? options, HolderNaming? naming, ICardApplication? keeper)
    {
        _options = options ?? new SessionOptions();
        _server = server is null ? LinkCertificate.Create("server") : new X509Certificate2(server);
        if (certificates is { } required)
            Login = new CertificateLogin(_ => Task.FromResult(_trust!), required, new At(Now));
        Keys = new MemoryKeyRegister(Holders);
        if (naming is { } named)
            _keyLogin = new KeyLogin(Keys, _ => Task.FromResult(_trust!), named, certificates is not null, new At(Now));
        _trust = TrustStore.Of([Authority.Certificate], lists: [List()]);
        Card = signs
            ? SigningCard.Make(CardId, Authority, Now, algorithm, withCardKey, hasPurse, one => Certificate = one)
            : SigningCard.Plain(CardId);
        Registration = new CardRegistration(
            CardId, new HolderId(Guid.NewGuid()), CardKind.Iso,
            hasPurse ? [PurseCommands.Aid, StoreCommands.Aid] : [StoreCommands.Aid], DemonstrationKeys.Version, World.Euro,
            100_000, Tessera.Platform.Holders.CardState.Active, Now);
        _treasury = new Treasury(new MemoryMoneyStore(Holders, Power), new PurseKeyring(_masters), TimeProvider.System);
        _fields = new CardFields(
            new ChangeLog(new MemoryChangeStore(Holders, Power), TimeProvider.System), new StoreKeyring(_masters),
            keeper is null ? [] : [keeper]);
        Evidence = new MemoryEvidenceStore(Power);
        Host = NewHost();
    }

    public TestAuthority Authority { get; } = TestAuthority.Root("CN=Test authority", Now.AddYears(-1));

    public CardRegistration Registration { get; }

    public CardOs Card { get; }

    public X509Certificate2? Certificate { get; private set; }

    public Power Power { get; } = new();

    public MemoryHolderStore Holders { get; } = new();

    public MemoryKeyRegister Keys { get; }

    public MemorySessionStore Sessions { get; private set; } = null!;

    public MemoryEvidenceStore Evidence { get; }

    public SessionHost Host { get; private set; }

    public Treasury Treasury => _treasury;

    public ScriptedHolder Person { get; } = new();

    public ScriptedPage Page { get; } = new();

    /// <summary>Whoever sets it disposes the one before.</summary>
    public TrustStore Trust
    {
        get => _trust;
        set => _trust = value;
    }

    /// <summary>What the server wants of certificates when a session begins; null for nothing.</summary>
    public CertificateLogin? Login { get; }

    public Bytes ServerId => PeerIdentity.Of(_server).Id;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SigningWorld> WithAsync(
        PivAlgorithm algorithm = PivAlgorithm.P256, bool withCardKey = true, bool hasPurse = true, bool signs = true,
        X509Certificate2? server = null, bool? certificates = null, SessionOptions? options = null,
        HolderNaming? naming = null, ICardApplication? keeper = null)
    {
        var world = new SigningWorld(algorithm, withCardKey, hasPurse, signs, server, certificates, options, naming, keeper);
        await world.Holders.AddAsync(new Holder(world.Registration.Holder, "Ada", Now), Cancel);
        await world.Holders.RegisterAsync(world.Registration, Cancel);
        if (hasPurse) await world._treasury.OpenAsync(world.Registration, Cancel);
        return world;
    }

    public SigningLink Insert(TerminalProfile? profile = null, CardOs? card = null, ushort session = 0x2A) =>
        new(card ?? Card, Person, profile ?? TerminalProfile.TextOnly, ServerId, session);

    public void Restart()
    {
        Power.Restore();
        Host = NewHost();
    }

    public void Revoke()
    {
        _trust.Dispose();
        _trust = TrustStore.Of([Authority.Certificate], lists: [List((Certificate!, Now.AddMinutes(-1)))]);
    }

    /// <summary>Runs one dialogue in a session.</summary>
    public async Task<(T? Result, DialogueEnd? End)> RunAsync<T>(SigningLink link, Dialogue<T> dialogue)
    {
        var (result, end) = (default(T), default(DialogueEnd?));
        var outcome = await Host.RunAsync(
            link, link.Profile.HasRichPages ? Page : null,
            new World.Script(async (session, cancel) =>
            {
                try
                {
                    result = await session.RunAsync(dialogue, cancel);
                }
                catch (DialogueEndedException ended)
                {
                    end = ended.End;
                }
            }), Cancel);
        if (outcome.Fault is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        return (result, end);
    }

    public void Dispose()
    {
        _trust.Dispose();
        Authority.Dispose();
        Certificate?.Dispose();
        Card.Dispose();
        _server.Dispose();
        _masters.Dispose();
    }

    private SessionHost NewHost() => new(
        _treasury, Holders, Sessions ??= new MemorySessionStore(Power), ServerId, _options, TimeProvider.System,
        _fields, new Notary(Evidence, _server, _ => Task.FromResult(_trust), new At(Now)), Login, keyLogin: _keyLogin);

    private RevocationList List(params (X509Certificate2, DateTimeOffset)[] revoked) =>
        RevocationList.Read(Authority.List(Now.AddHours(-1), Now.AddDays(1), revoked));

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

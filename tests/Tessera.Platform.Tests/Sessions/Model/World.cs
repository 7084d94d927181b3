using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>A server with one holder and one card, all in memory; the server can die and start again.</summary>
internal sealed class World : IDisposable
{
    public const ushort Euro = 0x0978;

    /// <summary>12.50, with the PIN.</summary>
    public static readonly Dialogue<Receipt> Lunch =
        Dialogue.Pay(Amount.Of(12.50m), "Lunch").ThenShow("Enjoy it.");

    public static readonly Bytes Server = Bytes.FromHex("5345525645523031");

    private static readonly IReadOnlyList<Bytes> Everything = [PurseCommands.Aid, StoreCommands.Aid];

    private static int _cards;

    private readonly MasterKeys _masters = MasterKeys.Generate(1);
    private readonly List<CardKeys> _keys = [];
    private readonly CardFields? _fields;
    private SessionVerifier? _verifier;
    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly TimeProvider _time;
    private readonly PurseKeyring _purses;

    private World(
        TimeProvider time, CardKind kind, IReadOnlyList<Bytes> applications, ICardApplication? keeper, SessionOptions options)
    {
        (_time, Options) = (time, options);
        _purses = new PurseKeyring(_masters);
        Changes = new MemoryChangeStore(Holders, Power);
        Log = new ChangeLog(Changes, time);
        Issuer = new ObjectIssuer(new MemoryObjectBook(Power), () => [_issuerKey], time);
        if (keeper is not null) _fields = new CardFields(Log, new StoreKeyring(_masters), keeper) { Issuer = Issuer };
        Holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Ada", DateTimeOffset.UnixEpoch);
        Card = NewCard(kind, applications);
        Registration = Card.Registration;
        Money = new MemoryMoneyStore(Holders, Power);
        Treasury = new Treasury(Money, _purses, time);
        Sessions = new MemorySessionStore(Power);
        Host = NewHost();
    }

    public Holder Holder { get; }

    public ObjectIssuer Issuer { get; }

    /// <summary>It was signed here for that card.</summary>
    public bool IsSigned(SignedObject one, ModelCard card) => one.IsSignedBy(_issuerKey, card.Registration.Card);

    public CardRegistration Registration { get; }

    public ModelCard Card { get; }

    public MemoryHolderStore Holders { get; } = new();

    public MemoryMoneyStore Money { get; }

    public MemoryChangeStore Changes { get; }

    public ChangeLog Log { get; }

    public MemorySessionStore Sessions { get; }

    public Power Power { get; } = new();

    public Treasury Treasury { get; private set; }

    public SessionHost Host { get; private set; }

    public ScriptedHolder Person { get; } = new();

    public ScriptedPage Page { get; } = new();

    public SessionOptions Options { get; }

    /// <summary>The one that terminals are set up for whose profile says so; null for none.</summary>
    public VerifierKey? Verifier { get; set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A world whose holder has that much on the account.</summary>
    public static async Task<World> WithAsync(
        uint account, TimeProvider? time = null, CardKind kind = CardKind.Iso, ICardApplication? keeper = null,
        SessionOptions? options = null)
    {
        var applications = keeper is null ? [PurseCommands.Aid] : Everything;
        var world = new World(time ?? TimeProvider.System, kind, applications, keeper, options ?? new SessionOptions());
        await world.Holders.AddAsync(world.Holder, Cancel);
        await world.Holders.RegisterAsync(world.Registration, Cancel);
        await world.Treasury.OpenAsync(world.Registration, Cancel);
        if (account > 0) await world.Treasury.FundAsync(world.Holder.Id, account, "bank", "first", Cancel);
        return world;
    }

    /// <summary>Another card of the holder.</summary>
    public async Task<ModelCard> AddAsync(CardKind kind, params Bytes[] applications)
    {
        var card = NewCard(kind, applications.Length == 0 ? Everything : applications);
        await Holders.RegisterAsync(card.Registration, Cancel);
        if (card.Registration.Carries(PurseCommands.Aid)) await Treasury.OpenAsync(card.Registration, Cancel);
        return card;
    }

    /// <summary>From here on the issuer wants that of its cards.</summary>
    public void Want(PursePolicy policy)
    {
        Treasury = new Treasury(Money, _purses, _time, policy);
        Host = NewHost();
    }

    /// <summary>From here on that verifier identifies holders.</summary>
    public void Believe(SessionVerifier verifier)
    {
        _verifier = verifier;
        Host = NewHost();
    }

    /// <summary>What was in memory is gone; what was durable is there.</summary>
    public void Restart()
    {
        Power.Restore();
        Host = NewHost();
    }

    public ModelLink Insert(
        TerminalProfile profile, ushort session = 0x2A, int maxScript = 8192, double roundTrip = 0.02,
        ModelCard? card = null) =>
        new(card ?? Card, Person, profile, session, Server, Power, maxScript, roundTrip) { Verifier = Verifier };

    /// <summary>A phone whose SIM opens a session by itself, over short messages.</summary>
    public ModelLink Open(ushort session = 0x2A, int maxScript = 242, Opening? opening = null, ModelCard? card = null) =>
        new(card ?? Card, Person, TerminalProfile.Phone, session, Server, Power, maxScript, roundTripSeconds: 15)
        {
            Opening = opening ?? (card ?? Card).Open(session, TerminalProfile.Phone),
        };

    /// <summary>The card where it belongs: a SIM in its phone, another in a terminal that shows text.</summary>
    public ModelLink Begin(ushort session = 0x2A) =>
        Registration.Kind == CardKind.Sim ? Open(session) : Insert(TerminalProfile.TextOnly, session);

    public async Task<SessionEnd> RunAsync(ModelLink link, ICardApplication application) =>
        EndOf(await Host.RunAsync(link, null, application, Cancel))!.Value;

    public async Task<SessionEnd> RunAsync(
        ModelLink link, Func<CardSession, CancellationToken, Task> application,
        Verification verification = Verification.Either) => EndOf(await Host.RunAsync(
        link, link.Profile.HasRichPages ? Page : null, new Script(application) { Verification = verification }, Cancel))!.Value;

    /// <summary>A session that is led by a page beside a terminal of any kind, as a voice leads one.</summary>
    public async Task<SessionEnd> LeadAsync(ModelLink link, Func<CardSession, CancellationToken, Task> application) =>
        EndOf(await Host.RunAsync(link, Page, new Script(application), Cancel))!.Value;

    public async Task<SessionEnd?> ResumeAsync(ModelLink link, Func<CardSession, CancellationToken, Task> application) =>
        EndOf(await Host.ResumeAsync(link, link.Profile.HasRichPages ? Page : null, _ => new Script(application), Cancel));

    /// <summary>A test hears of a fault as it was thrown.</summary>
    private static SessionEnd? EndOf(SessionOutcome? outcome)
    {
        if (outcome?.Fault is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        return outcome?.End;
    }

    /// <summary>What the book says of the holder and the first card.</summary>
    public async Task<PurseView> ViewAsync() =>
        (await Treasury.ViewAsync(Holder.Id, Registration.Card, long.MaxValue, 20, Cancel))!;

    public long Account => Money.BalanceOf(AccountId.Purse(Holder.Id, Euro));

    public long Sold(string merchant = "test") => Money.BalanceOf(AccountId.Merchant(merchant, Euro));

    public void Dispose()
    {
        foreach (var keys in _keys) keys.Dispose();
        _masters.Dispose();
        _issuerKey.Dispose();
    }

    private SessionHost NewHost() => new(Treasury, Holders, Sessions, Server, Options, _time, _fields, verifier: _verifier);

    private ModelCard NewCard(CardKind kind, IReadOnlyList<Bytes> applications)
    {
        var registration = new CardRegistration(
            new CardId(0x0102030405060000 + (ulong)Interlocked.Increment(ref _cards)), Holder.Id, kind, applications, 1, Euro,
            100_000, CardState.Active, DateTimeOffset.UnixEpoch);
        _keys.Add(CardKeys.Of(_masters, registration.Card));
        return new ModelCard(registration, _keys[^1]);
    }

    internal sealed class Script(Func<CardSession, CancellationToken, Task> run) : ICardApplication
    {
        public string Name => "test";

        public string Title => "Test";

        public Verification Verification { get; init; } = Verification.Either;

        public Task RunAsync(CardSession session, CancellationToken cancel) => run(session, cancel);
    }
}

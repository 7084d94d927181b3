using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Applications;

/// <summary>
/// Runs an application or a dialogue without card, terminal and stores: the holder does what the test says, and
/// everything shown is kept. The same dialogue on another profile shows what a telephone makes of it.
/// </summary>
/// <remarks>
/// <code>
/// var test = new TestSession(TerminalProfile.Phone, Amount.Of(20)).Chooses("Coffee 2.80").EntersPin();
/// await test.RunAsync(new PurseApplication(), cancel);
/// Assert.Equal(Amount.Of(17.20m), test.Account);
/// </code>
/// </remarks>
/// <param name="maxScript">Octets of the longest script the link carries.</param>
/// <param name="isCostly">A SIM whose messages cost: each errand is a session of its own.</param>
public sealed class TestSession(TerminalProfile profile, Amount account, int maxScript = 8192, bool isCostly = false)
{
    private readonly TestHolder _holder = new(account);

    /// <summary>The card carries a purse. Default true.</summary>
    public bool HasPurse { get; init; } = true;

    /// <summary>The card carries the sections of all applications. Default true.</summary>
    public bool HasStore { get; init; } = true;

    /// <summary>The card in the second reader, where the profile has one. Default none.</summary>
    public Func<CommandApdu, ResponseApdu>? SecondCard
    {
        init => _holder.SecondCard = value;
    }

    /// <summary>What page and terminal showed, in order.</summary>
    public IReadOnlyList<string> Shown => _holder.Shown;

    /// <summary>What came out of the printer, where the profile has one; a receipt as the server knows it.</summary>
    public IReadOnlyList<string> Printed => _holder.Printed;

    /// <summary>Octets of each script that page and terminal would have got, but for those that settle money.</summary>
    public IReadOnlyList<int> Scripts => _holder.Scripts;

    /// <summary>The documents that the card signed, in order.</summary>
    public IReadOnlyList<View> Signed => _holder.Signed;

    /// <summary>The application had the card disabled.</summary>
    public bool IsDisabled { get; private set; }

    /// <summary>What is left on the account.</summary>
    public Amount Account => new((uint)_holder.Account);

    /// <summary>Payments and loads, the newest first.</summary>
    public IReadOnlyList<HistoryLine> History => _holder.History;

    /// <summary>The ticket, coupon or receipt in a place of the card; null where there is none.</summary>
    public SignedObject? Object(CardField place) => StoredObject.Of(_holder.Fields.GetValueOrDefault(place.Name));

    /// <summary>The card of all tests.</summary>
    public static CardId Card => TestHolder.Card;

    /// <summary>The time of the test: it stands still.</summary>
    public static DateTimeOffset Time => TestHolder.Now;

    /// <summary>The public key of who signs what comes to the card, PEM.</summary>
    public string IssuerKey => _holder.Issuer.ExportSubjectPublicKeyInfoPem();

    /// <summary>What the card has in a field.</summary>
    public string Field(CardField field) => field.Text(_holder.Fields.GetValueOrDefault(field.Name));

    /// <summary>The holder takes the item with that label, wherever in a long list it is.</summary>
    public TestSession Chooses(string label) => Does(new Act(ActKind.Choose, label));

    /// <summary>The holder types a text, or an amount such as <c>12.50</c>.</summary>
    public TestSession Types(string text) => Does(new Act(ActKind.Type, text));

    /// <summary>The holder enters the right PIN or PUK, and a new PIN where one is asked.</summary>
    public TestSession EntersPin() => Does(new Act(ActKind.RightPin));

    /// <summary>The holder enters a wrong PIN or PUK.</summary>
    public TestSession MistypesPin() => Does(new Act(ActKind.WrongPin));

    /// <summary>The holder confirms a payment that needs no PIN.</summary>
    public TestSession Confirms() => Does(new Act(ActKind.Confirm));

    /// <summary>The holder presses cancel.</summary>
    public TestSession Cancels() => Does(new Act(ActKind.Cancel));

    /// <summary>Runs an application to its end, or until the holder leaves it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The holder is asked and the test says nothing, or says something else.
    /// </exception>
    public async Task RunAsync(ICardApplication application, CancellationToken cancel)
    {
        try
        {
            await application.RunAsync(NewSession(application.Name), cancel);
        }
        catch (DialogueEndedException)
        {
            // The holder left: a session ends so, too.
        }
        catch (CardDisabledException)
        {
            IsDisabled = true;
        }
    }

    /// <summary>Runs one dialogue.</summary>
    /// <exception cref="DialogueEndedException">It ended without a result.</exception>
    /// <exception cref="InvalidOperationException">
    /// The holder is asked and the test says nothing, or says something else.
    /// </exception>
    public Task<T> RunAsync<T>(Dialogue<T> dialogue, CancellationToken cancel) => NewSession("test").RunAsync(dialogue, cancel);

    private CardSession NewSession(string merchant) => new(
        new TestSteps(_holder, profile, maxScript, isCostly, merchant) { HasPurse = HasPurse, HasStore = HasStore });

    private TestSession Does(Act act)
    {
        _holder.Acts.Enqueue(act);
        return this;
    }

    private sealed class TestSteps(
        TestHolder holder, TerminalProfile profile, int maxScript, bool isCostly, string merchant) : ISessionSteps
    {
        private int _effects;

        public SessionReference Id { get; } = SessionReference.New(DateTimeOffset.UnixEpoch);

        public DateTimeOffset Opened => DateTimeOffset.UnixEpoch;

        public Holder Holder { get; } = new(HolderId.New(DateTimeOffset.UnixEpoch), "Test Holder", DateTimeOffset.UnixEpoch);

        public CardId Card => TestHolder.Card;

        public CardKind CardKind => isCostly ? CardKind.Sim : CardKind.Iso;

        public bool IsCostly => isCostly;

        public IReadOnlyList<OpeningField> Fields => [];

        public (TerminalProfile Profile, LinkTraits Traits) Link => (profile, new LinkTraits(maxScript, TimeSpan.Zero));

        public Task<object?> RunAsync(Node dialogue, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(new TestConversation(holder, profile, maxScript, isCostly, merchant).Run(dialogue));
        }

        public Task DisableAsync(CancellationToken cancel) => throw new CardDisabledException();

        public Task<T> OnceAsync<T>(string name, Func<string, CancellationToken, Task<T>> effect, CancellationToken cancel) =>
            effect($"test:{_effects++}", cancel);

        public required bool HasPurse { get; init; }

        public bool MaySign => !isCostly;

        public required bool HasStore { get; init; }

        public bool Carries(CardField field) => HasStore;

        public bool Has(ICardApplication application) => application.IsOn(new CardRegistration(
            Card, Holder.Id, CardKind,
            [
                PivCommands.Aid, .. HasPurse ? [PurseCommands.Aid] : Array.Empty<Bytes>(),
                .. HasStore ? [StoreCommands.Aid] : Array.Empty<Bytes>(),
            ],
            0, 0, 0, CardState.Active, Holder.Since));

        public Task<Bytes> FieldAsync(CardField field, CancellationToken cancel) =>
            Task.FromResult(holder.Fields.GetValueOrDefault(field.Name));

        public Task<PurseView> PurseAsync(CancellationToken cancel) => Task.FromResult(new PurseView(
            Holder.Id, Currency: 0x0978, holder.Account, holder.Account, Holds: 0, Copy: null, holder.History));
    }
}

using System.Text;
using Tessera.Cards;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>One holder with one card at one terminal, as an application sees them; it never sees the bearer.</summary>
public sealed class CardSession
{
    private readonly ISessionSteps _steps;

    internal CardSession(ISessionSteps steps) => _steps = steps;

    public SessionReference Id => _steps.Id;

    /// <summary>When it began, to the millisecond; a replay has the same.</summary>
    public DateTimeOffset Opened => _steps.Opened;

    public Holder Holder => _steps.Holder;

    public CardId Card => _steps.Card;

    public CardKind CardKind => _steps.CardKind;

    /// <summary>What the data store of the card has; empty where there is none. Not authenticated.</summary>
    public IReadOnlyList<OpeningField> Fields => _steps.Fields;

    /// <summary>What the terminal can show and take.</summary>
    public TerminalProfile Profile => _steps.Link.Profile;

    /// <summary>What a message carries and a round trip costs.</summary>
    public LinkTraits Traits => _steps.Link.Traits;

    /// <summary>
    /// Every round trip costs the holder messages or patience: do what they came for and end, instead of asking what
    /// else there is.
    /// </summary>
    public bool IsCostly => _steps.IsCostly;

    /// <summary>Leads holder and card through a dialogue.</summary>
    /// <exception cref="DialogueEndedException">It ended without a result; the holder knows why.</exception>
    public async Task<T> RunAsync<T>(Dialogue<T> dialogue, CancellationToken cancel) =>
        (T)(await _steps.RunAsync(dialogue.Node, cancel))!;

    /// <summary>
    /// Reads something outside, once: a replay gets the same value. It is kept as JSON, at most 64 KiB.
    /// </summary>
    public Task<T> OnceAsync<T>(string name, Func<CancellationToken, Task<T>> effect, CancellationToken cancel) =>
        _steps.OnceAsync(name, (_, token) => effect(token), cancel);

    /// <summary>Does something outside, once; a replay gets its result.</summary>
    /// <param name="effect">
    /// Gets an idempotency key, the same each time: a crash can fall between the effect and its record, and then it is
    /// called again.
    /// </param>
    public Task<T> OnceAsync<T>(string name, Func<string, CancellationToken, Task<T>> effect, CancellationToken cancel) =>
        _steps.OnceAsync(name, effect, cancel);

    /// <summary>Does something outside, once.</summary>
    /// <param name="effect">Gets an idempotency key, the same each time.</param>
    public Task OnceAsync(string name, Func<string, CancellationToken, Task> effect, CancellationToken cancel) =>
        _steps.OnceAsync(
            name,
            async (key, token) =>
            {
                await effect(key, token);
                return true;
            },
            cancel);

    /// <summary>
    /// Takes the card out of use, where application and issuer have reason to: in the books at once, and by an order of the
    /// issuer whose receipt proves that its purse obeyed; the holder is told, and the session is over. Nothing of the money
    /// changes, and the issuer can enable the card again.
    /// </summary>
    /// <returns>Never: it ends the session.</returns>
    public Task DisableAsync(CancellationToken cancel) => _steps.DisableAsync(cancel);

    /// <summary>The card has room for the field: it carries the section of its application.</summary>
    public bool Carries(CardField field) => _steps.Carries(field);

    /// <summary>The card has what that application works with, as its registration says.</summary>
    public bool Has(ICardApplication application) => _steps.Has(application);

    /// <summary>What the card is known to have in a field; empty where nothing is known.</summary>
    public async Task<string> FieldAsync(CardField field, CancellationToken cancel) =>
        Encoding.UTF8.GetString((await _steps.FieldAsync(field, cancel)).Span);

    /// <summary>
    /// A card is there that may sign, and a server that files what it signs: a SIM signs nothing. Whether it has a key is
    /// seen when it is asked.
    /// </summary>
    public bool MaySign => _steps.MaySign;

    /// <summary>The card carries a purse; without one it can neither pay nor load.</summary>
    public bool HasPurse => _steps.HasPurse;

    /// <summary>The holder's money as it stands: account, what is on this card, the last movements.</summary>
    public Task<PurseView> PurseAsync(CancellationToken cancel) => _steps.PurseAsync(cancel);
}

/// <summary>
/// What stands behind a session: links and stores in the product, a script of answers in an application's tests.
/// </summary>
internal interface ISessionSteps
{
    SessionReference Id { get; }

    DateTimeOffset Opened { get; }

    Holder Holder { get; }

    CardId Card { get; }

    CardKind CardKind { get; }

    IReadOnlyList<OpeningField> Fields { get; }

    (TerminalProfile Profile, LinkTraits Traits) Link { get; }

    bool IsCostly { get; }

    Task<object?> RunAsync(Node dialogue, CancellationToken cancel);

    Task DisableAsync(CancellationToken cancel);

    Task<T> OnceAsync<T>(string name, Func<string, CancellationToken, Task<T>> effect, CancellationToken cancel);

    bool HasPurse { get; }

    bool MaySign { get; }

    bool Carries(CardField field);

    bool Has(ICardApplication application);

    Task<Bytes> FieldAsync(CardField field, CancellationToken cancel);

    Task<PurseView> PurseAsync(CancellationToken cancel);
}

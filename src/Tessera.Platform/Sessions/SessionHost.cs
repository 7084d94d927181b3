using System.Collections.Concurrent;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>How sessions are run; the defaults suit a closed-loop purse.</summary>
public sealed record SessionOptions
{
    /// <summary>How long a session with a page waits for its card to come back. Default 10 minutes.</summary>
    public TimeSpan CardReturn { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Up to this round trip the card is brought up to date at once, above it with the first movement. Default 3 s.
    /// </summary>
    public TimeSpan PromptDelivery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The funding account that loads come from.</summary>
    public string FundingSource { get; init; } = "bank";

    /// <summary>
    /// So many verifications in a row that were declined or failed, and the card is disabled: a signature, payment or
    /// identification that its holder ended, a PIN that was blocked, a signature that is not by its key. Default 0: never.
    /// </summary>
    public int DisableAfter { get; init; }

    /// <summary>By what cards may verify their holders, as the issuer of the purses has it. Default by the PIN alone.</summary>
    public Verification Verification { get; init; } = Verification.Pin;
}

/// <summary>
/// Runs card applications over links: authenticates the card, settles what was open, keeps every step on record.
/// </summary>
/// <param name="fields">What applications keep on cards; null for nothing.</param>
/// <param name="notary">Who files what cards sign; null for nobody, and then nothing is signed.</param>
/// <param name="login">What is wanted of the certificates of cards; null for nothing.</param>
/// <param name="verifier">Who says whether it is a holder who is there; null for nobody but their cards.</param>
/// <param name="keyLogin">Lets cards in that have nothing but keys; null for none.</param>
/// <param name="server">Server identity: the first 8 octets of SHA-256 of its SubjectPublicKeyInfo.</param>
public sealed partial class SessionHost(
    Treasury treasury, IHolderStore holders, ISessionStore store, Bytes server, SessionOptions options, TimeProvider time,
    CardFields? fields = null, Notary? notary = null, CertificateLogin? login = null,
    SessionVerifier? verifier = null, KeyLogin? keyLogin = null)
{
    private readonly ConcurrentDictionary<Bytes, Seats> _waiting = new();
    private readonly ConcurrentDictionary<SessionReference, TaskCompletionSource> _running = new();
    private readonly ConcurrentDictionary<Bytes, SessionRun> _runs = new();
    private readonly CardStandings _standings = new(treasury, holders, time);
    private readonly Turns _turns = new();
    private readonly CardsBefore _cards = new();

    /// <summary>Runs an application from login to end for the card at <paramref name="link"/>.</summary>
    /// <param name="page">
    /// The application's page, where the terminal has rich pages; null where it shows everything itself.
    /// </param>
    public async Task<SessionOutcome> RunAsync(
        ILink link, IPage? page, ICardApplication application, CancellationToken cancel)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var record = new SessionRecord(SessionReference.New(now), application.Name, Insertion.Of(link), now);
        await store.OpenAsync(record, cancel);
        using var turn = await TurnAsync(record, page, cancel);
        return await RunAsync(record, [], link, page, application, cancel);
    }

    /// <summary>
    /// Goes on with the session that a restart interrupted at this very insertion: the application runs from its start
    /// with the recorded results, and the script under way is sent again, octet for octet. Sessions that a restart
    /// interrupted at earlier insertions of the terminal are run to their ends first: nobody is asked any more, but
    /// what is on record as done has its effects.
    /// </summary>
    /// <param name="find">The application of that name, or null.</param>
    /// <returns>Null where no session was open at the insertion.</returns>
    public async Task<SessionOutcome?> ResumeAsync(
        ILink link, IPage? page, Func<string, ICardApplication?> find, CancellationToken cancel)
    {
        SessionOutcome? outcome = null;
        foreach (var record in await store.OpenAtAsync(link.Terminal, cancel))
        {
            if (_running.ContainsKey(record.Id)) continue;
            var here = record.At == Insertion.Of(link);
            var ended = await ReplayAsync(record, link, page, find, cancel);
            if (here) outcome = ended;
        }

        return outcome;
    }

    /// <summary>Offers a new insertion to the session that waits for its card at that terminal.</summary>
    /// <returns>True where a session takes it; false where a new one may begin.</returns>
    public bool Return(ILink link) => _waiting.TryGetValue(link.Terminal, out var waiting) && waiting.TryOffer(link);

    /// <returns>Null where it has ended meanwhile.</returns>
    private async Task<SessionOutcome?> ReplayAsync(
        SessionRecord record, ILink link, IPage? page, Func<string, ICardApplication?> find, CancellationToken cancel)
    {
        using var turn = await TurnAsync(record, page, cancel);
        if (!(await store.OpenAtAsync(record.At.Terminal, cancel)).Any(open => open.Id == record.Id)) return null;
        var steps = await store.StepsAsync(record.Id, cancel);
        if (record.At != Insertion.Of(link))
            (page, link) = (EndedPageOf(steps, link, page), new EndedLink(link, record.At));
        return find(record.Application) is { } application
            ? await RunAsync(record, steps, link, page, application, cancel)
            : new SessionOutcome(await CloseAsync(record.Id, SessionEnd.Differs, cancel), link);
    }

    /// <summary>
    /// A page that nobody looks at any more, where the session had one: with rich pages each has, beside another terminal
    /// one that was led by voice.
    /// </summary>
    private static EndedPage? EndedPageOf(IReadOnlyList<SessionStep> steps, ILink link, IPage? page) =>
        (link.Profile.HasRichPages ? page is not null : steps.Any(step => step.Kind == StepKind.Page))
            ? new EndedPage()
            : null;

    /// <summary>A session with a page needs none, because it goes on at the new insertion.</summary>
    private async Task<IDisposable?> TurnAsync(SessionRecord record, IPage? page, CancellationToken cancel) =>
        page is null ? await _turns.TakeAsync(record.At.Terminal, cancel) : null;

    private async Task<SessionOutcome> RunAsync(
        SessionRecord record, IReadOnlyList<SessionStep> steps, ILink link, IPage? page, ICardApplication application,
        CancellationToken cancel)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[record.Id] = running;
        var journal = new Journal(store, record.Id, steps);
        var wait = link is EndedLink ? TimeSpan.Zero : options.CardReturn;
        var seats = new Seats(store, journal, record.Id, link, wait, time);
        if (page is not null && link is not EndedLink) _waiting[link.Terminal] = seats;
        try
        {
            var first = steps.FirstOrDefault(step => step.Script is not null)?.Script?.At ?? record.At;
            var seat = new Seat(link, first, await store.LastNumberAsync(record.At, cancel));
            var run = new SessionRun(
                treasury, holders, journal, record, server, options, seats, seat, page, fields, _cards, notary,
                login, verifier, keyLogin, _standings);
            _runs[link.Terminal] = run;
            var end = await CloseAsync(record.Id, await run.RunAsync(application, cancel), cancel);
            return new SessionOutcome(end, seats.Close(), Card: run.Registration, Refused: run.Refused);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            var end = await CloseAsync(record.Id, SessionEnd.Failed, CancellationToken.None);
            return new SessionOutcome(end, seats.Close(), fault);
        }
        finally
        {
            seats.Close();
            _runs.TryRemove(link.Terminal, out _);
            _waiting.TryRemove(new KeyValuePair<Bytes, Seats>(link.Terminal, seats));
            _running.TryRemove(record.Id, out _);
            running.SetResult();
        }
    }

    /// <summary>What the session sent and has no answer to is for the card to prove, whenever it comes again.</summary>
    private async Task<SessionEnd> CloseAsync(SessionReference session, SessionEnd end, CancellationToken cancel)
    {
        foreach (var intent in await treasury.OpenIntentsAsync(session, cancel)) await treasury.UnknownAsync(intent.Id, cancel);
        await store.CloseAsync(session, end, time.GetUtcNow(), cancel);
        return end;
    }
}

/// <summary>How a session ended, and where: at its last insertion, or at one that came too late for it.</summary>
/// <param name="Fault">What the application failed with; null unless it failed.</param>
/// <param name="Card">Whose session it was; null where nobody knows the card, or the application failed.</param>
/// <param name="Refused">What its holder was told of a card that was not accepted; null where there is nothing to tell.</param>
public sealed record SessionOutcome(
    SessionEnd End, ILink Link, Exception? Fault = null, CardRegistration? Card = null, string? Refused = null);

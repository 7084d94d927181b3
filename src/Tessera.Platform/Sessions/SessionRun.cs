using Tessera.Cards;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>One session from login to end, in this life of the server.</summary>
internal sealed class SessionRun : ISessionSteps
{
    private readonly IHolderStore _holders;
    private readonly Journal _journal;
    private readonly SessionOptions _options;
    private readonly IPage? _page;
    private readonly CardSide _card;
    private readonly SessionReference _id;
    private readonly Func<ICardApplication, Conversation> _converse;
    private readonly FieldSide _fields;
    private Conversation? _conversation;
    private Holder? _holder;

    public SessionRun(
        Treasury treasury, IHolderStore holders, Journal journal, SessionRecord record, Bytes server, SessionOptions options,
        Seats seats, Seat seat, IPage? page, CardFields? fields, CardsBefore before, Notary? notary,
        CertificateLogin? login, SessionVerifier? verifier, KeyLogin? keyLogin, CardStandings standings)
    {
        var id = record.Id;
        (_holders, _journal, _id, _options, _page) = (holders, journal, id, options, page);
        Opened = record.Opened;
        _card = new CardSide(
            journal, treasury, standings, holders, server, seats, seat, id, fields?.Keys, before, login, keyLogin,
            settlement => _conversation!.Settled(settlement));
        _fields = new FieldSide(journal, fields, _card, holders, id);
        _converse = application => new Conversation(
            journal, _card, _fields, new GoodsSide(journal, _fields, _card, fields?.Issuer), treasury,
            new SessionFacts(
                id, Opened, application.Name, Display(seat.Link.Profile), IsCostly, options.FundingSource,
                Common(options.Verification, application.Verification)),
            notary, verifier, new Failures(journal, _card, holders, options.DisableAfter), page,
            page is null ? null : token => ReturnedAsync(page, seats, token));
    }

    /// <summary>Null until the card has said who it is.</summary>
    public CardRegistration? Registration => _card.Registration;

    /// <summary>What its holder was told of a card that was not accepted; null where nothing was said of that one.</summary>
    public string? Refused { get; private set; }

    public SessionReference Id => _id;

    public DateTimeOffset Opened { get; }

    public Holder Holder => _holder!;

    public CardId Card => _card.Card;

    public CardKind CardKind => _card.Registration.Kind;

    public IReadOnlyList<OpeningField> Fields => _card.Fields;

    public (TerminalProfile Profile, LinkTraits Traits) Link => (_card.Seat.Link.Profile, _card.Seat.Link.Traits);

    public bool IsCostly => Link.Traits.RoundTrip > _options.PromptDelivery;

    /// <summary>Somebody wants the card out of use.</summary>
    public void Unwant() => _card.Unwant();

    public Task DisableAsync(CancellationToken cancel) => _card.DisableAsync(cancel);

    public async Task<SessionEnd> RunAsync(ICardApplication application, CancellationToken cancel)
    {
        _conversation = _converse(application);
        try
        {
            try
            {
                await OpenAsync(application as IOpeningApplication, cancel);
                await application.RunAsync(new CardSession(this), cancel);
            }
            catch (DialogueEndedException) when (Registration is null)
            {
                // The holder did not log in: nobody is known whose session could be brought to its end.
                await TellAsync(PageState.Ended, Wording.Goodbye, cancel);
                return SessionEnd.Left;
            }
            catch (DialogueEndedException)
            {
                return await EndAsync(SessionEnd.Left, cancel);
            }

            return await EndAsync(SessionEnd.Completed, cancel);
        }
        catch (ConnectionLostException)
        {
            await TellAsync(PageState.Ended, Wording.Interrupted, cancel);
            return SessionEnd.Lost;
        }
        catch (CardRefusedException refused)
        {
            Refused = refused.Said;
            await SayAsync(refused.Said ?? Wording.CardRefused, cancel);
            return SessionEnd.CardRefused;
        }
        catch (ReplayDiffersException)
        {
            await SayAsync(Wording.Differs, cancel);
            return SessionEnd.Differs;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await SayAsync(Wording.Failed, cancel);
            throw;
        }
    }

    public Task<object?> RunAsync(Node dialogue, CancellationToken cancel) => _conversation!.RunAsync(dialogue, cancel);

    public Task<T> OnceAsync<T>(
        string name, Func<string, CancellationToken, Task<T>> effect, CancellationToken cancel) =>
        _journal.EffectAsync($"once {name}", effect, cancel);

    public bool HasPurse => _card.HasPurse;

    public bool MaySign => _conversation!.MaySign;

    public bool Carries(CardField field) => _fields.Carries(field);

    public async Task<Bytes> FieldAsync(CardField field, CancellationToken cancel)
    {
        await _conversation!.AlignAsync(cancel);
        return await _fields.ContentAsync(field, cancel);
    }

    public bool Has(ICardApplication application) => application.IsOn(_card.Registration);

    public async Task<PurseView> PurseAsync(CancellationToken cancel)
    {
        await _conversation!.AlignAsync(cancel);
        return await _conversation.ViewAsync(cancel);
    }

    public static TextDisplay Display(TerminalProfile profile) => new(
        profile.Width ?? TextDisplay.Small.Columns, profile.Height ?? TextDisplay.Small.Rows);

    private static Verification Common(Verification issuer, Verification application) =>
        (issuer & application) is var common && common != default ? common : issuer;

    private async Task OpenAsync(IOpeningApplication? opening, CancellationToken cancel)
    {
        await TellAsync(PageState.Working, Wording.Working, cancel);
        var with = opening is null ? null : _conversation!.Opening(opening.Opening(_id, Opened).Node);
        if (with is not null) await _conversation!.TellOpeningAsync(cancel);
        await _card.OpenAsync(with, cancel);
        _holder = await _journal.EffectAsync(
            "holder", (_, token) => _holders.FindAsync(_card.Registration.Holder, token), cancel)
            ?? throw new CardRefusedException("The holder is not registered.");
        if (_card.Led is null) await _conversation!.AlignAsync(cancel);
    }

    /// <summary>Waits for the card while somebody is there who could insert it.</summary>
    private async Task<Seat> ReturnedAsync(IPage page, Seats seats, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(page.Gone, cancel);
        try
        {
            return await seats.ReturnedAsync(_card.Seat.At, either.Token);
        }
        catch (OperationCanceledException e) when (page.Gone.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ConnectionLostException("Nobody is there any more.", e);
        }
    }

    /// <summary>Says what is still to be said, and goodbye.</summary>
    private async Task<SessionEnd> EndAsync(SessionEnd end, CancellationToken cancel)
    {
        await _card.CheckAsync(cancel);
        await AlignLastAsync(cancel);
        if (_conversation!.HasTidings) await _conversation.RunAsync(new Finished(null), cancel);
        await TellAsync(PageState.Ended, Wording.Goodbye, cancel);
        return end;
    }

    /// <summary>What was put off until the session had done what it began with.</summary>
    private async Task AlignLastAsync(CancellationToken cancel)
    {
        if (_card.Led is not null)
            throw new InvalidOperationException("The application does not lead the dialogue that it opens with.");
        try
        {
            await _conversation!.AlignAsync(cancel);
        }
        catch (ConnectionLostException)
        {
            // The card is out: another time.
        }
    }

    /// <summary>The last words, on whatever is there to show them.</summary>
    private async Task SayAsync(string text, CancellationToken cancel)
    {
        _journal.Abandon();
        await TellAsync(PageState.Ended, text, cancel);
        if (_page is not null) return;
        try
        {
            await _card.ShowAsync(text, cancel);
        }
        catch (ConnectionLostException)
        {
            // Nobody is there any more to be told.
        }
    }

    private async ValueTask TellAsync(PageState state, string text, CancellationToken cancel)
    {
        if (_page is not null && !_journal.IsReplaying) await _page.TellAsync(new PageStatus(state, text), cancel);
    }
}

using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions.Signatures;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;

namespace Tessera.Platform.Sessions;

/// <summary>
/// Leads a holder and a card through dialogues, on pages and by scripts, until each has a result or an end.
/// </summary>
/// <param name="page">The application's page; null where the terminal shows and asks everything.</param>
/// <param name="returned">Waits for the card to come back; null where the session ends with the card.</param>
internal sealed partial class Conversation(
    Journal journal,
    CardSide card,
    FieldSide fields,
    GoodsSide goods,
    Treasury treasury,
    SessionFacts facts,
    Notary? notary,
    SessionVerifier? verifier,
    Failures failures,
    IPage? page,
    Func<CancellationToken, Task<Seat>>? returned)
{
    private readonly HolderCheck _check = new(facts.Verification, card);
    private readonly VerifierSide _verifier = new(journal, card, verifier, facts.Verification);
    private readonly SigningSide _signing = new(journal, card, notary, facts);
    private readonly Tidings _tidings = new(journal, treasury);
    private readonly List<IntentId> _paid = [];
    private int _answers;

    /// <summary>Something was signed and filed.</summary>
    private bool _signed;

    /// <summary>Something that the holder was to be verified for came to nothing.</summary>
    private bool _failed;

    /// <summary>What was paid last.</summary>
    private Receipt? _receipt;

    public bool MaySign => _signing.IsThere;

    /// <summary>Something is still to be said.</summary>
    public bool HasTidings => _tidings.Any;

    /// <summary>Runs a dialogue of the application to its result.</summary>
    /// <exception cref="DialogueEndedException">It ended without one; the holder knows why.</exception>
    public async Task<object?> RunAsync(Node dialogue, CancellationToken cancel)
    {
        if (card.TakeLed() is { } led) return await LeadAsync(() => TakeOpeningAsync(led, dialogue, cancel), cancel);
        await AlignAsync(cancel);
        return await LeadAsync(dialogue, cancel);
    }

    private Task<object?> LeadAsync(Node dialogue, CancellationToken cancel) =>
        LeadAsync(async () => Form(Begin(await StockAsync(dialogue, cancel))), cancel);

    private async Task<object?> LeadAsync(Func<Task<Node>> begin, CancellationToken cancel)
    {
        _paid.Clear();
        _receipt = null;
        (_answers, _signed, _failed) = (0, false, false);
        _check.Begin();
        try
        {
            var node = await begin();
            while (true)
            {
                node = _tidings.Before(node, Remarks);
                await card.CheckAsync(cancel);
                if (node.Head is null)
                {
                    await OweUndeliveredAsync(cancel);
                    await failures.TakeBackAsync(cancel);
                    return ((Finished)node).Result;
                }

                node = await StepAsync(node, cancel);
            }
        }
        catch (Exception end) when (end is not OperationCanceledException)
        {
            if (end is DialogueEndedException ended)
            {
                ended.Answers = _answers;
                await _tidings.EndedAsync(cancel);
            }

            await OweAsync(cancel);
            if (end is DialogueEndedException { End: var how })
                await (_failed && how != DialogueEnd.TimedOut ? failures.FailAsync(cancel) : failures.TakeBackAsync(cancel));
            throw;
        }
    }

    private async Task<Node> StepAsync(Node node, CancellationToken cancel) => node.Head switch
    {
        SignLeaf when await _signing.AgainstAsync(cancel) is { } words => Remarks.Ending(words, DialogueEnd.CardRefused, node),
        EndLeaf end => throw new DialogueEndedException(end.End),
        PayLeaf or LoadLeaf or IdentifyLeaf when !card.HasPurse =>
            Remarks.Ending(Wording.NoPurse, DialogueEnd.CardRefused, node),
        IdentifyLeaf when _verifier.IsUsed && await _verifier.AgainstAsync(cancel) is var (words, end) =>
            Remarks.Ending(words, end, node),
        PayLeaf or IdentifyLeaf when !IsFree(node.Head) && _check.Method is null =>
            _check.Impossible(Remarks, node),
        KeepLeaf { Order.Field: var field } when !fields.Carries(field) => Unkept(node) ??
            Remarks.Ending(Wording.NoField, DialogueEnd.CardRefused, node),
        PrintLeaf { WithPayment: true, Text: "" } when _receipt is null => node.Feed(false),
        LoadLeaf load => await FundAsync(load, node, cancel),
        RedeemLeaf redeem => await RedeemAsync(redeem, node, cancel),
        CreditLeaf credit => await CreditAsync(credit, node, cancel),
        DeliverLeaf when await PendingAsync(cancel) == 0 => node.Feed(null),
        var head when page is not null && Request(head!) is { } request =>
                    await PresentAsync(page, request, head!, node, cancel),
        _ => await RunScriptAsync(node, cancel),
    };

    /// <summary>Something was paid or signed: what stands behind it, texts and notes, stands in nobody's way.</summary>
    private bool IsDone => _paid.Count > 0 || _signed;

    /// <summary>A payment that a key press confirms.</summary>
    private bool IsFree(Node? head) => head is PayLeaf { Payment: { WithoutPin: true, Amount.MinorUnits: var amount } } &&
        amount <= card.GreatestWithoutPin;

    /// <summary>Its receipt proves that the holder was verified.</summary>
    private bool Verified(Node? head) => head is IdentifyLeaf || (head is PayLeaf && !IsFree(head));

    /// <summary>The dialogue as this terminal takes it.</summary>
    private Node Form(Node node) => Remarks.Form(node);

    private Remarks Remarks => new(
        page is not null ? null : TextForm.For(facts.Display, card.Seat.Link.Traits.MaxScript, facts.IsCostly),
        card.Seat.Link.Profile);

    private static PageRequest? Request(Node head) => head switch
    {
        ShowLeaf show => new NotePage(show.View),
        Choice choice => new ChoicePage(choice.View, [.. choice.Options.Select(option => option.Label)]),
        TextLeaf text => new TextPage(text.View, text.Least, text.Most),
        AmountLeaf amount => new AmountPage(amount.View, amount.Least, amount.Most),
        _ => null,
    };

    private async Task<Node> PresentAsync(
        IPage page, PageRequest request, Node head, Node node, CancellationToken cancel)
    {
        var answer = await journal.PresentAsync(page, request, cancel);
        _answers = answer switch
        {
            Chosen or Sessions.Typed => _answers + 1,
            Left => 0,
            _ => _answers,
        };
        await _tidings.PassedAsync(1, cancel);
        return (head, answer) switch
        {
            (ShowLeaf, Cancelled or Left) when IsDone => node.Feed(null),
            (_, Cancelled or Left) => throw new DialogueEndedException(DialogueEnd.Cancelled),
            (ShowLeaf, Continued) => node.Feed(null),
            (Choice choice, Chosen chosen) when (uint)chosen.Place < (uint)choice.Options.Count => node.Feed(chosen.Place),
            (TextLeaf text, Typed typed) => Remarks.Feed(text, typed.Text, node),
            (AmountLeaf amount, Typed typed) => Remarks.Feed(amount, typed.Text, node),
            _ => node,
        };
    }

    private async ValueTask TellAsync(PageState state, string text, CancellationToken cancel)
    {
        if (page is not null && !journal.IsReplaying) await page.TellAsync(new PageStatus(state, text), cancel);
    }
}

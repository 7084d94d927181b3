using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>The card of a session is not accepted.</summary>
/// <param name="said">To its holder; null where there is nothing to be said of this card.</param>
internal class CardRefusedException(string reason, string? said = null) : Exception(reason)
{
    public string? Said => said;
}

/// <summary>The card of a session was reported stolen; its purse is told so before.</summary>
internal sealed class CardStolenException()
    : CardRefusedException("The card was reported stolen.", Wording.CardStolen);

/// <summary>The card of a session was disabled by its issuer; its purse is told so before.</summary>
internal sealed class CardDisabledException()
    : CardRefusedException("The card was disabled by its issuer.", Wording.CardDisabled);

/// <summary>The card that was inserted is not the one the session began with.</summary>
internal sealed class OtherCardException() : Exception("Another card was inserted.");

/// <summary>The card's side of a session: where it is, whose it is, and the S1 that is in force on it.</summary>
/// <param name="keys">Of data stores; null on a server that keeps nothing on cards.</param>
/// <param name="last">Which card may be expected.</param>
/// <param name="login">What is wanted of certificates; null for nothing.</param>
/// <param name="keyLogin">Lets cards in that have nothing but keys; null for none.</param>
/// <param name="settled">Takes what an S1 proved about earlier movements.</param>
internal sealed partial class CardSide(
    Journal journal, Treasury treasury, CardStandings standings, IHolderStore holders, Bytes server, Seats seats, Seat seat,
    SessionReference session, StoreKeyring? keys, CardsBefore last, CertificateLogin? login, KeyLogin? keyLogin,
    Action<Settlement> settled)
{
    /// <summary>What the lists say that a script with a movement names: a late answer is read by it.</summary>
    public const string ListsStep = "lists";

    private const int MaxContacts = 3;

    /// <summary>Numbers that one script asks the card to prove: answers of 43 octets.</summary>
    private const int ProofsPerScript = 5;

    private Contact? _live;
    private bool _wasLimited;
    private bool _provesLater;

    public Seat Seat { get; private set; } = seat;

    /// <summary>Known once the card has said who it is.</summary>
    public CardRegistration Registration { get; private set; } = null!;

    public ushort Currency { get; private set; }

    public CardId Card => Registration.Card;

    /// <summary>What the terminal enforces, so that what happened there can be computed here.</summary>
    private TerminalRules Rules => IsSim
        ? TerminalRules.ForSim(Bytes.Of(Card), Seat.Link.Profile)
        : TerminalRules.ForTerminal(server, Seat.Link.Profile) with { Terminal = Seat.Link.Terminal };

    private CardSituation Situation =>
        IsSim ? CardSituation.Sim(Currency, _live is not null) : CardSituation.Inserted(_live is not null);

    private bool IsSim => Registration is { Kind: CardKind.Sim };

    /// <summary>On a SIM the purse is selected from the start.</summary>
    public bool SelectsPurse => !IsSim && HasPurse;

    /// <summary>A clone may be limited to other applications.</summary>
    public bool HasPurse => Registration.HasPurse;

    /// <summary>As its last S1 says, the card knows a finger of its holder that has tries left.</summary>
    public bool KnowsFinger { get; private set; }

    /// <summary>As its last S1 says, a debit can bring goods in its own step.</summary>
    public bool BringsGoods { get; private set; }

    /// <summary>The greatest debit that the card takes without PIN, as it was ordered; minor units.</summary>
    public uint GreatestWithoutPin { get; private set; } = uint.MaxValue;

    /// <summary>What the data store of the card has; not authenticated, to know what to bring up to date.</summary>
    public IReadOnlyList<OpeningField> Fields { get; private set; } = [];

    /// <summary>What the card keeps of lists.</summary>
    public KeptLists Lists { get; private set; } = KeptLists.None;

    /// <summary>The card proves what it is: by an S1, or without a purse by what its data store says over a nonce.</summary>
    private async Task ProveAsync(CancellationToken cancel)
    {
        if (HasPurse)
        {
            await InitializeAsync(cancel);
            return;
        }

        CheckStanding(Registration);
        var answer = await SendAsync(
            "authenticate",
            () => Task.FromResult<ScriptStep[]>(
            [
                CardSteps.SelectStore,
                new CardStep(StoreCommands.Read(1, new Bytes(RandomNumberGenerator.GetBytes(StoreMac.NonceLength)))),
            ]),
            cancel);
        if (Selected(answer, StoreCommands.Select)?.Card != Card) throw new OtherCardException();
        if (answer.LastRead is not { Answer.Status.IsSuccess: true } read ||
            keys?.Open(Registration, read.Command, read.Answer) is null)
            throw new CardRefusedException("The data store does not prove that it is this card.");
    }

    /// <summary>Goes on at another insertion, if it is the same card that is there.</summary>
    /// <exception cref="OtherCardException">It is another card.</exception>
    public async Task ReturnAsync(Seat seat, CancellationToken cancel)
    {
        (Seat, _live) = (seat, null);
        if (Registration.HasOwnId) await ProveAsync(cancel);
        else await ReturnByKeyAsync(cancel);
    }

    /// <summary>The S1 in force, or a fresh one.</summary>
    public async Task<Contact> ContactAsync(CancellationToken cancel) =>
        _live is { } live && !Seat.IsUsedUp ? live : await InitializeAsync(cancel);

    /// <summary>A fresh S1 over a new nonce: it settles what was open, and movements can be authorised on it.</summary>
    public async Task<Contact> InitializeAsync(CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MaxContacts; attempt++)
        {
            var answer = await SendAsync(
                "initialize",
                async () =>
                {
                    var initialize = CardSteps.Initialize(await treasury.NonceAsync(Card, cancel));
                    return SelectsPurse ? [CardSteps.SelectPurse, initialize] : [initialize];
                },
                cancel);
            if (SelectsPurse && Selected(answer, PurseCommands.Select)?.Card != Card) throw new OtherCardException();
            if (await TakeStateAsync(answer, cancel) is { IsSettled: true } contact) return contact;
        }

        throw new CardRefusedException("The card does not settle what is open.");
    }

    /// <summary>Sends a planned script; an S1 in force before is dead after it.</summary>
    public async Task<ScriptReading> SendAsync(
        ScriptPlan plan, IReadOnlyDictionary<FieldOrder, IssuedOrder> orders, Intent? intent, bool preparesMovement,
        CancellationToken cancel)
    {
        await SitAsync(cancel);
        var lists = plan.NamedLists;
        if (lists.Count > 0 && intent is not null)
            await journal.EffectAsync(ListsStep, (_, _) => Task.FromResult(lists.Select(Bytes.Of).ToArray()), cancel);
        var before = Situation;
        _live = null;
        var exchange = await journal.SendAsync(
            Seat,
            Journal.Hash(plan.Asked.Span),
            async (session, number) => intent?.Script ?? plan.Encode(
                session, number, [], orders, preparesMovement ? await treasury.NonceAsync(Card, cancel) : null),
            cancel);
        var reading = ScriptReading.Of(exchange, Rules with { CachedList = KeptLists.Among(lists) }, before);
        Lists = reading.Stop == StopReason.NoSuchList ? Lists.Doubted : Lists.With(reading.ToldLists);
        if (preparesMovement) await TakeStateAsync(reading, cancel);
        return reading;
    }

    /// <summary>Shows a text and nothing else.</summary>
    public Task ShowAsync(string text, CancellationToken cancel) =>
        SendAsync("show", () => Task.FromResult<ScriptStep[]>([CardSteps.Show(text)]), cancel);

    /// <summary>Sends a script that may be repeated when its answer is lost.</summary>
    /// <exception cref="ConnectionLostException">The insertion is over.</exception>
    private async Task<ScriptReading> SendAsync(string name, Func<Task<ScriptStep[]>> steps, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MaxContacts; attempt++)
        {
            await SitAsync(cancel);
            var before = Situation;
            _live = null;
            var exchange = await journal.SendAsync(Seat, Journal.Hash(name), async (session, number) =>
                Bytes.Of(new CommandScript(session, number, Sequence.Of<ScriptStep>(await steps()))), cancel);
            var reading = ScriptReading.Of(exchange, Rules, before);
            if (reading.IsOver) break;
            if (reading.Stop != StopReason.Interrupted) return reading;
        }

        throw new ConnectionLostException("The insertion of the card is over.");
    }

    /// <summary>Sees to it that there is a number for the next script.</summary>
    private async ValueTask SitAsync(CancellationToken cancel)
    {
        if (!Seat.IsUsedUp) return;
        _live = null;
        Seat = await seats.ReopenedAsync(Seat.At, cancel);
    }

    private static ApplicationTemplate? Selected(ScriptReading answer, CommandApdu select) =>
        answer.Answer(select) is { Status.IsSuccess: true } selected
            ? selected.Data.Read<ApplicationTemplate>()
            : null;

    private async Task<CardRegistration> FindAsync(CardId card, CancellationToken cancel)
    {
        // What was on record when the session was cut off may have been true then only.
        var isOnRecord = journal.IsReplaying;
        var found = await journal.EffectAsync("card", (_, token) => holders.FindCardAsync(card, token), cancel)
            ?? throw new CardRefusedException("The card is not registered.");
        if (isOnRecord && await holders.FindCardAsync(card, cancel) is { HasPurse: false, State: CardState.Disabled }) Unwant();
        return found;
    }

    /// <summary>Takes the S1 of an INITIALIZE in the script, if it came to that.</summary>
    private async Task<Contact?> TakeStateAsync(ScriptReading reading, CancellationToken cancel)
    {
        if (reading.LastInitialize is not { } initialized) return null;
        if (!initialized.Answer.Status.IsSuccess) throw new CardRefusedException($"INITIALIZE: {initialized.Answer.Status}.");

        return await TakeStateAsync(initialized.Answer.Data.Read<PurseState>(), initialized.Command.Data, cancel);
    }

    private async Task<Contact> TakeStateAsync(PurseState state, Bytes nonce, CancellationToken cancel)
    {
        var contact = await journal.EffectAsync(
            "contact", (_, token) => treasury.ContactAsync(Card, Currency, state, nonce, token), cancel);
        foreach (var settlement in contact.Settlements) settled(settlement);
        foreach (var numbers in contact.Missing.Chunk(ProofsPerScript)) await TakeProofsAsync(contact, numbers, cancel);
        contact = WithoutSecondLimit(contact);
        if (contact.Order is not null) await OrderAsync(contact, cancel);
        if (contact is { Refusal.IsOut: true, Order: MoveKind.Allow }) return contact;
        if (contact.Refusal?.Reason == RefusalReason.CardDisabled) throw new CardDisabledException();
        if (contact.Refusal?.Reason == RefusalReason.CardStolen) throw new CardStolenException();
        if (contact.Refusal is { Reason: not RefusalReason.Stale } refusal) throw new CardRefusedException(refusal.Detail);
        GreatestWithoutPin = contact.GreatestWithoutPin;
        KnowsFinger = contact.S1.Flags.HasFlag(PurseCondition.FingerKnown);
        BringsGoods = contact.S1.Flags.HasFlag(PurseCondition.Goods);
        _live = contact.IsSettled ? contact : null;
        return contact;
    }

    /// <summary>What the card did without the issuer: it proves each movement, before anything else is asked of it.</summary>
    private async Task TakeProofsAsync(Contact contact, uint[] numbers, CancellationToken cancel)
    {
        var nonce = await journal.EffectAsync("nonce", (_, token) => treasury.NonceAsync(Card, token), cancel);
        var asked = numbers.Select(number => PurseCommands.Prove(nonce, number)).ToArray();
        var answer = await SendAsync(
            "prove",
            () => Task.FromResult<ScriptStep[]>(
            [
                .. SelectsPurse ? [CardSteps.SelectPurse] : Array.Empty<ScriptStep>(),
                .. asked.Select(command => new CardStep(command)),
            ]),
            cancel);
        foreach (var command in asked)
        {
            if (answer.Answer(command) is not { Status.IsSuccess: true } proven) continue;
            await journal.EffectAsync(
                "proven",
                (_, token) => treasury.ProveAsync(contact, proven.Data.Read<PurseProof>(), nonce, token), cancel);
        }
    }

    /// <summary>
    /// A limit is ordered once a session: a card that does not take it can be used for everything else.
    /// </summary>
    private Contact WithoutSecondLimit(Contact contact)
    {
        if (contact.Order is not (MoveKind.Allow or MoveKind.Limit)) return contact;
        if (_wasLimited) return contact with { Order = null };
        _wasLimited = true;
        return contact;
    }

    /// <summary>Has the purse do what the issuer wants of it; whether it did is known by its receipt or its next S1.</summary>
    private async Task OrderAsync(Contact contact, CancellationToken cancel)
    {
        await SitAsync(cancel);
        var authorised = await journal.EffectAsync("order", (_, token) => treasury.OrderAsync(
            contact, session,
            moves => Bytes.Of(new CommandScript(Seat.At.Number, Seat.NextNumber, Sequence.Of<ScriptStep>(
                [.. SelectsPurse ? [CardSteps.SelectPurse] : Array.Empty<ScriptStep>(), .. CardSteps.Move(moves[0])]))),
            token), cancel);
        if (authorised.Intent is not { } intent) return;

        var before = IsSim
            ? CardSituation.Sim(Currency, initializeInForce: true)
            : CardSituation.Inserted(initializeInForce: true);
        var exchange = await journal.SendAsync(Seat, Journal.Hash("order"), (_, _) => Task.FromResult(intent.Script), cancel);
        var reading = ScriptReading.Of(exchange, Rules, before);
        if (reading.Moved is { } moved)
            await journal.EffectAsync("settle", (_, token) => treasury.SettleAsync(
                intent.Id, 0, intent.Moves[0].Amount, reading.Digest(moved.Ordinal),
                moved.Answer.Data.Read<PurseReceipt>(), token), cancel);
    }
}

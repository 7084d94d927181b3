using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

internal sealed partial class CardSide
{
    private const string OpeningStep = "opening";
    private const string CertificateStep = "certificate";

    /// <summary>What was led in the script that opened the session; null where it did not come to it, or was taken.</summary>
    public LedOpening? Led { get; private set; }

    public LedOpening? TakeLed()
    {
        var led = Led;
        Led = null;
        return led;
    }

    /// <summary>The session begins with a certificate of the card, where it has one.</summary>
    public bool IsByCertificate => login is not null;

    /// <summary>The first scripts of a session: who are you, and prove it.</summary>
    /// <param name="with">What goes with the first of them, if any is sent; null for nothing.</param>
    /// <exception cref="CardRefusedException">The card has no purse, is not registered or not authentic.</exception>
    public Task OpenAsync(ScriptPlan? with, CancellationToken cancel) =>
        Seat.Link.Opening is not null || journal.IsNext(OpeningStep)
            ? OpenBySelfAsync(cancel)
            : OpenByScriptAsync(with, cancel);

    /// <summary>The S1 that a card need not give before what it came for, because its certificate had proven it.</summary>
    public async Task ProveLaterAsync(CancellationToken cancel)
    {
        if (!_provesLater) return;
        _provesLater = false;
        await ProveAsync(cancel);
    }

    /// <summary>The card has said who it is, under its keys, and which S1 is in force.</summary>
    private async Task OpenBySelfAsync(CancellationToken cancel)
    {
        var opening = (await journal.EffectAsync(
            OpeningStep, (_, _) => Task.FromResult(Bytes.Of(Seat.Link.Opening!)), cancel)).Read<Opening>();
        var card = Seat.At.Terminal.Read<CardId>();
        Registration = await FindAsync(card, cancel);
        Currency = Registration.Currency;
        (Fields, Lists) = ([.. opening.Fields], KeptLists.Of(opening.Lists));
        if (!HasPurse) await ProveAsync(cancel);
        else if (opening.Purse is null || !(await TakeStateAsync(opening.Purse, Opening.Nonce, cancel)).IsSettled)
            await InitializeAsync(cancel);
    }

    /// <summary>
    /// Asks the card who it is, and in the same script for an S1 if it is the one that was here before: a nonce is
    /// issued for a card, so that one is known beforehand.
    /// </summary>
    private async Task OpenByScriptAsync(ScriptPlan? with, CancellationToken cancel)
    {
        var expected = await journal.EffectAsync(
            "card before", (_, _) => Task.FromResult(last.Of(Seat.At.Terminal)), cancel);
        var answer = expected is null ? null : await IdentifyAsync(CardId.Parse(expected), with, cancel);
        if (answer is null || (Led is null && Selected(answer, PurseCommands.Select) is null))
            answer = await IdentifyAsync(null, with, cancel);
        var purse = Selected(answer, PurseCommands.Select);
        if ((purse ?? Selected(answer, StoreCommands.Select)) is not { } template)
        {
            await OpenByKeyAsync(cancel);
            return;
        }

        Registration = await FindAsync(template.Card, cancel);
        var verdict = await LogInAsync(answer, cancel);
        if (HasPurse) Currency = purse?.Purse?.Currency ?? throw new CardRefusedException("The purse names no currency.");
        if (answer.Answer(StoreCommands.List) is { Status.IsSuccess: true } list)
            Fields = [.. FieldVersion.ReadList(list.Data).Select(one => new OpeningField(one.Field, one.Version))];
        var isExpected = HasPurse && string.Equals(expected, Card.ToString(), StringComparison.Ordinal);
        if (!isExpected || await TakeStateAsync(answer, cancel) is not { IsSettled: true })
        {
            _provesLater = Led is not null && verdict.NamesCard && Registration.State == CardState.Active;
            if (!_provesLater) await ProveAsync(cancel);
        }

        last.Remember(Seat.At.Terminal, Card);
    }

    private Task<ScriptReading> IdentifyAsync(CardId? expected, ScriptPlan? with, CancellationToken cancel)
    {
        var name = expected is null ? "identify" : "identify again";
        return with is null
            ? SendAsync(
                name,
                async () =>
                [
                    CardSteps.Anything, CardSteps.SelectPurse, .. await InitializeAsync(expected, cancel),
                    CardSteps.Anything, CardSteps.SelectStore, new CardStep(StoreCommands.List), .. Certificate(),
                ],
                cancel)
            : IdentifyAsync($"{name} with {with.Asked}", expected, with, cancel);
    }

    /// <summary>
    /// What the card says of its money stands behind the dialogue: it is no business of who reads what was signed.
    /// </summary>
    private async Task<ScriptReading> IdentifyAsync(
        string name, CardId? expected, ScriptPlan with, CancellationToken cancel)
    {
        var reading = await SendAsync(
            name,
            async () =>
            [
                .. Who(), .. with.Fresh(),
                .. expected is null ? Array.Empty<ScriptStep>() : [CardSteps.Anything, CardSteps.SelectPurse],
                .. await InitializeAsync(expected, cancel),
                CardSteps.Anything, CardSteps.SelectStore, new CardStep(StoreCommands.List),
            ],
            cancel);
        var before = Count(Who());
        if (reading.CameTo(before + 1))
            Led = new LedOpening(with.Asked, reading.UpTo(before + Count([.. with.Piece.Steps])), before);
        return reading;

        ScriptStep[] Who() =>
            [CardSteps.Anything, CardSteps.SelectPurse, CardSteps.Anything, CardSteps.SelectStore, .. Certificate()];
    }

    private ScriptStep[] Certificate() => login is null ? [] : CertificateLogin.Steps();

    private async Task<ScriptStep[]> InitializeAsync(CardId? expected, CancellationToken cancel) => expected is { } card
        ? [CardSteps.Anything, CardSteps.Initialize(await treasury.NonceAsync(card, cancel))]
        : [];

    private static int Count(ScriptStep[] steps) => new CommandScript(0, 1, steps.ToSequence()).Numbered().Count();

    /// <summary>
    /// The certificate of the card is one that is believed, and the card has its key. Asked in a script of its own only
    /// where the opening one stopped before, at a card without data store.
    /// </summary>
    private async Task<CertificateVerdict> LogInAsync(ScriptReading answer, CancellationToken cancel)
    {
        if (login is null) return CertificateVerdict.None;
        if (!CertificateLogin.CameTo(answer))
            answer = await SendAsync("log in", () => Task.FromResult(CertificateLogin.Steps()), cancel);
        var verdict = await journal.EffectAsync(
            CertificateStep, (_, token) => login.JudgeAsync(answer, Card, token), cancel);
        if (!verdict.IsAccepted) throw new CardRefusedException($"{verdict.Subject}: {verdict.Words}", verdict.Said);
        return verdict;
    }
}

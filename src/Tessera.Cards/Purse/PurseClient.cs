using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>
/// The purse of a card at hand, selected (docs/protocols/purse.md). It holds no keys: who has them checks the codes.
/// </summary>
/// <remarks>
/// A status that is an answer comes back as one; any other than 9000 is a <see cref="CardStatusException"/>, an answer
/// of another form a <see cref="WireFormatException"/>.
/// </remarks>
public sealed class PurseClient
{
    private readonly ICardChannel _card;

    private PurseClient(ICardChannel card, ApplicationTemplate template, PurseTraits traits) =>
        (_card, Template, Traits) = (card, template, traits);

    public ApplicationTemplate Template { get; }

    public PurseTraits Traits { get; }

    /// <summary>
    /// Selects the purse of <paramref name="card"/>, which stays the caller's; null when the card has none.
    /// </summary>
    public static async Task<PurseClient?> SelectAsync(ICardChannel card, CancellationToken cancel)
    {
        var template = await card.SelectAsync(PurseCommands.Select, cancel);
        if (template is null) return null;
        return template.Purse is { } traits
            ? new PurseClient(card, template, traits)
            : throw new WireFormatException("FCI", 0, "of a purse without currency");
    }

    public Task<PurseBalance> BalanceAsync(CancellationToken cancel) =>
        _card.ReadAsync<PurseBalance>(PurseCommands.Balance, cancel);

    /// <summary>S1 over <paramref name="nonce"/>: the card is ready for one movement.</summary>
    public Task<PurseState> InitializeAsync(Bytes nonce, CancellationToken cancel) =>
        _card.ReadAsync<PurseState>(PurseCommands.Initialize(nonce), cancel);

    /// <summary>Moves value. A lost answer leaves the outcome unknown: <see cref="ProveAsync"/> tells.</summary>
    /// <param name="move">As the issuer authorised it: <see cref="PurseCommands.Move"/>.</param>
    /// <param name="amount">The amount where <paramref name="move"/> states a ceiling, null otherwise.</param>
    /// <param name="digest">What was shown to the holder; zero where nothing was.</param>
    public Task<PurseReceipt> MoveAsync(CommandApdu move, uint? amount, Bytes digest, CancellationToken cancel) =>
        _card.ReadAsync<PurseReceipt>(PurseCommands.Complete(move, amount, digest), cancel);

    /// <summary>
    /// Proof of the movement <paramref name="number"/> over <paramref name="nonce"/>, null when the log has none.
    /// </summary>
    public Task<PurseProof?> ProveAsync(Bytes nonce, uint number, CancellationToken cancel) =>
        _card.FindAsync<PurseProof>(PurseCommands.Prove(nonce, number), StatusWord.RecordNotFound, cancel);

    /// <summary>O1 over <paramref name="nonce"/>: the card is ready for one offline debit.</summary>
    public Task<OfflineState> InitializeOfflineAsync(Bytes nonce, CancellationToken cancel) =>
        _card.ReadAsync<OfflineState>(PurseCommands.InitializeOffline(nonce), cancel);

    /// <summary>Takes an offline debit. A lost answer leaves the outcome unknown: <see cref="ReceiptAsync"/>.</summary>
    /// <param name="debit">As an acceptor authorised it: <see cref="PurseCommands.DebitOffline"/>.</param>
    public Task<OfflineAnswer> DebitOfflineAsync(CommandApdu debit, CancellationToken cancel) =>
        _card.ReadAsync<OfflineAnswer>(debit, cancel);

    /// <summary>The receipt of offline debit <paramref name="number"/>, null when the log has none of that number.</summary>
    public Task<ReceiptAnswer?> ReceiptAsync(uint number, CancellationToken cancel) =>
        _card.FindAsync<ReceiptAnswer>(PurseCommands.Receipt(number), StatusWord.RecordNotFound, cancel);

    /// <summary>The last movements, newest first, at most 20.</summary>
    public async Task<IReadOnlyList<LoggedMovement>> LogAsync(CancellationToken cancel)
    {
        var log = new List<LoggedMovement>();
        for (var index = 1; index <= PurseCommands.LogRecords; index++)
        {
            var command = PurseCommands.ReadLog(index);
            var entry = await _card.FindAsync<LoggedMovement>(command, StatusWord.RecordNotFound, cancel);
            if (entry is null) break;
            log.Add(entry);
        }

        return log;
    }

    /// <summary>Forgets INITIALIZE: every S2 issued before is dead.</summary>
    public async Task EndAsync(CancellationToken cancel) =>
        (await _card.TransmitAsync(PurseCommands.End, cancel)).EnsureSuccess(PurseCommands.End);
}

using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>
/// The data store of a card at hand, selected (docs/protocols/store.md). It holds no keys: who has them checks the
/// codes.
/// </summary>
/// <remarks>
/// A status that is an answer comes back as one; any other than 9000 is a <see cref="CardStatusException"/>, an answer
/// of another form a <see cref="WireFormatException"/>.
/// </remarks>
public sealed class StoreClient
{
    private readonly ICardChannel _card;

    private StoreClient(ICardChannel card, ApplicationTemplate template) => (_card, Template) = (card, template);

    public ApplicationTemplate Template { get; }

    /// <summary>
    /// Selects the store of <paramref name="card"/>, which stays the caller's; null when the card has none.
    /// </summary>
    public static async Task<StoreClient?> SelectAsync(ICardChannel card, CancellationToken cancel) =>
        await card.SelectAsync(StoreCommands.Select, cancel) is { } template ? new StoreClient(card, template) : null;

    /// <summary>The fields that are there. Not authenticated: for display, and to know what to read.</summary>
    public async Task<IReadOnlyList<FieldVersion>> ListAsync(CancellationToken cancel)
    {
        var answer = await _card.TransmitAsync(StoreCommands.List, cancel);
        return FieldVersion.ReadList(answer.EnsureSuccess(StoreCommands.List).Data);
    }

    /// <summary>The field with its code over <paramref name="nonce"/>; version 0 when it was never written.</summary>
    public Task<StoredField> ReadAsync(byte field, Bytes nonce, CancellationToken cancel) =>
        _card.ReadAsync<StoredField>(StoreCommands.Read(field, nonce), cancel);

    /// <summary>Writes what the issuer coded. The card's yes is no proof: <see cref="ReadAsync"/> is.</summary>
    public async Task WriteAsync(byte field, FieldWrite write, CancellationToken cancel)
    {
        var command = StoreCommands.Write(field, write);
        (await _card.TransmitAsync(command, cancel)).EnsureSuccess(command);
    }
}

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

    /// <summary>The fields that are there, and what they are. Not authenticated.</summary>
    public async Task<IReadOnlyList<DefinedField>> ListDefinitionsAsync(CancellationToken cancel)
    {
        var answer = await _card.TransmitAsync(StoreCommands.ListDefinitions, cancel);
        return DefinedField.ReadList(answer.EnsureSuccess(StoreCommands.ListDefinitions).Data);
    }

    /// <summary>The field with its code over <paramref name="nonce"/>; version 0 when it was never written.</summary>
    /// <param name="isSecured">The content comes ciphered: <see cref="FieldCodes"/> open it.</param>
    public Task<StoredField> ReadAsync(byte field, Bytes nonce, bool isSecured, CancellationToken cancel) =>
        _card.ReadAsync<StoredField>(StoreCommands.Read(field, nonce, isSecured), cancel);

    /// <summary>Writes what the issuer coded. The card's yes is no proof: <see cref="ReadAsync"/> is.</summary>
    /// <param name="isSecured">The content is ciphered.</param>
    public Task WriteAsync(byte field, FieldWrite write, bool isSecured, CancellationToken cancel) =>
        SendAsync(StoreCommands.Write(field, write, isSecured), cancel);

    /// <summary>Defines and writes, as <see cref="WriteAsync"/> writes.</summary>
    /// <param name="isSecured">The content is ciphered.</param>
    public Task DefineAsync(byte field, FieldDefine define, bool isSecured, CancellationToken cancel) =>
        SendAsync(StoreCommands.Define(field, define, isSecured), cancel);

    private async Task SendAsync(CommandApdu command, CancellationToken cancel) =>
        (await _card.TransmitAsync(command, cancel)).EnsureSuccess(command);
}

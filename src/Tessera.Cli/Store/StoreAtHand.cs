using System.CommandLine;
using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Cli.Store;

/// <summary>The data store of a card at hand, and its key where one is named.</summary>
internal sealed class StoreAtHand : IAsyncDisposable
{
    private static readonly Option<string?> Key = KeyAtHand.Option("--key", "The key of this card's store");
    private static readonly Option<string?> Master =
        KeyAtHand.Option("--master", "The master key of stores, of which the card's is derived");

    private static readonly Option<bool> Demonstration = new("--demonstration")
    {
        Description = "The published master key of demonstration cards.",
    };

    private readonly SecretKey? _key;

    private StoreAtHand(CardAtHand card, StoreClient store, SecretKey? key) => (Card, Client, _key) = (card, store, key);

    /// <summary>Every verb that opens a store has them.</summary>
    public static IReadOnlyList<Option> Options => CardAtHand.OptionsWithImage;

    /// <summary>Where its key is.</summary>
    public static IReadOnlyList<Option> KeyOptions { get; } = [Key, Master, Demonstration];

    public CardAtHand Card { get; }

    public CardId Id => Client.Template.Card;

    public StoreClient Client { get; }

    public bool HasKey => _key is not null;

    /// <exception cref="FormatException">The key is named more than once.</exception>
    /// <exception cref="InvalidDataException">The card has no data store.</exception>
    public static async Task<StoreAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var sources = ((string?[])[parsed.GetValue(Key), parsed.GetValue(Master)]).Count(source => source is not null)
            + (parsed.GetValue(Demonstration) ? 1 : 0);
        if (sources > 1) throw new FormatException($"Name the key once: {Key.Name}, {Master.Name} or {Demonstration.Name}.");

        var card = await CardAtHand.OpenAsync(parsed, cancel);
        try
        {
            var store = await StoreClient.SelectAsync(card.Channel, cancel)
                ?? throw new InvalidDataException($"The card in {card.Reader} has no data store.");
            return new StoreAtHand(card, store, await KeyAsync(parsed, store.Template.Card, cancel));
        }
        catch
        {
            await card.DisposeAsync();
            throw;
        }
    }

    /// <summary>From two hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 01 to FF.</exception>
    public static byte FieldOf(string text) =>
        byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var field) && field > 0
            ? field
            : throw new FormatException($"A field is 01 to FF, not '{text}'.");

    /// <summary>What the card knows of a field; null where it was never written.</summary>
    public async Task<DefinedField?> FindAsync(byte field, CancellationToken cancel) =>
        (await Client.ListDefinitionsAsync(cancel)).FirstOrDefault(one => one.Field.Field == field);

    /// <summary>The field as the card itself says it is, ciphered on its way; without the key, as it says to anybody.</summary>
    /// <exception cref="InvalidDataException">The card has another key.</exception>
    public async Task<StoredField> ReadAsync(byte field, CancellationToken cancel)
    {
        var nonce = StoreReport.NewNonce();
        var answer = await Client.ReadAsync(field, nonce, isSecured: HasKey, cancel);
        if (_key is null) return answer;
        return new FieldCodes(_key, Id, field).Open(answer, nonce, isSecured: true)
            ?? throw new InvalidDataException($"The card has another key of version {Client.Template.KeyVersion:X2}.");
    }

    /// <summary>Writes, and defines where there is a definition; what the card has then is proven.</summary>
    /// <exception cref="FormatException">No key is named.</exception>
    /// <exception cref="InvalidDataException">The card has another key, or did not keep it.</exception>
    public async Task<StoredField> WriteAsync(
        byte field, FieldDefinition? definition, Bytes content, CancellationToken cancel)
    {
        if (_key is null)
            throw new FormatException($"Writing takes the key: {Key.Name}, {Master.Name} or {Demonstration.Name}.");
        var before = await ReadAsync(field, cancel);
        if (before.Version == ushort.MaxValue) throw new InvalidDataException($"Field {field:X2} cannot change any more.");
        var (codes, version) = (new FieldCodes(_key, Id, field), (ushort)(before.Version + 1));
        if (definition is { } defined)
            await Client.DefineAsync(field, codes.Define(version, defined, content, isSecured: true), isSecured: true, cancel);
        else
            await Client.WriteAsync(field, codes.Write(version, content, isSecured: true), isSecured: true, cancel);
        var after = await ReadAsync(field, cancel);
        return after.Version == version && after.Content == content
            ? after
            : throw new InvalidDataException($"The card says that it wrote field {field:X2}, and did not.");
    }

    public async ValueTask DisposeAsync()
    {
        _key?.Dispose();
        await Card.DisposeAsync();
    }

    private static async Task<SecretKey?> KeyAsync(ParseResult parsed, CardId card, CancellationToken cancel)
    {
        if (parsed.GetValue(Key) is { } own) return await KeyAtHand.ReadAsync(Key.Name, own, cancel);
        if (parsed.GetValue(Demonstration))
        {
            using var masters = DemonstrationKeys.Create();
            return CardKeys.Diversify(masters.Store, card, StoreCommands.Aid);
        }

        if (parsed.GetValue(Master) is not { } source) return null;
        using var master = await KeyAtHand.ReadAsync(Master.Name, source, cancel);
        return CardKeys.Diversify(master, card, StoreCommands.Aid);
    }
}

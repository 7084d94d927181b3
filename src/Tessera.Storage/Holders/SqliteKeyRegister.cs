using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Holders;

/// <summary>Cards that are known by their keys, in SQLite.</summary>
public sealed class SqliteKeyRegister(Database database) : IKeyRegister
{
    public Task<KnownKey?> FindAsync(Bytes digest, CancellationToken cancel) =>
        database.ReadAsync(transaction => FindAsync(transaction, digest), cancel);

    public Task<KnownKey> WelcomeAsync(KnownKey key, Holder stranger, CancellationToken cancel) => database.WriteAsync(
        "card key",
        async transaction =>
        {
            if (await FindAsync(transaction, key.Digest) is { } known) return known;
            var holder = await transaction.FindAsync<string>(
                "SELECT holder_id FROM holder_names WHERE name = @Name", new { key.Name });
            if (holder is null)
            {
                holder = stranger.Id.ToString();
                await SqliteHolderStore.AddAsync(transaction, stranger);
                await transaction.ExecuteAsync(
                    "INSERT INTO holder_names (name, holder_id) VALUES (@Name, @holder)", new { key.Name, holder });
            }

            await AddAsync(transaction, KnownKey.Registration(key.Card, HolderId.Parse(holder), stranger.Since), [key]);
            return key;
        },
        cancel);

    public Task RegisterAsync(CardRegistration card, IReadOnlyList<KnownKey> keys, CancellationToken cancel) =>
        database.WriteAsync("card key", transaction => AddAsync(transaction, card, keys), cancel);

    /// <summary>The same for a holder who is new, and stays unknown where the card is refused.</summary>
    public Task RegisterAsync(
        Holder stranger, CardRegistration card, IReadOnlyList<KnownKey> keys, CancellationToken cancel) =>
        database.WriteAsync(
            "card key",
            async transaction =>
            {
                await SqliteHolderStore.AddAsync(transaction, stranger);
                await AddAsync(transaction, card, keys);
            },
            cancel);

    private static async Task AddAsync(Transaction transaction, CardRegistration card, IReadOnlyList<KnownKey> keys)
    {
        var id = card.Card.ToString();
        var holder = await transaction.FindAsync<string>("SELECT holder_id FROM cards WHERE card_id = @id", new { id });
        if (holder is null) await SqliteHolderStore.RegisterAsync(transaction, card);
        else if (HolderId.Parse(holder) != card.Holder)
            throw new IssuingException($"Card {id} is registered with another holder.");

        foreach (var key in keys)
        {
            if (await FindAsync(transaction, key.Digest) is { } known && known.Card != card.Card)
                throw new IssuingException($"The key of {key.Subject} is registered as that of card {known.Card}.");
            await transaction.ExecuteAsync(
                """
                INSERT INTO card_keys (key_digest, card_id, subject, name) VALUES (@digest, @id, @Subject, @Name)
                ON CONFLICT (key_digest) DO UPDATE SET subject = excluded.subject, name = excluded.name
                """,
                new { digest = key.Digest.ToArray(), id, key.Subject, key.Name });
        }
    }

    private static async Task<KnownKey?> FindAsync(Transaction transaction, Bytes digest) =>
        await transaction.FindAsync<(string Card, string Subject, string? Name)?>(
            "SELECT card_id, subject, name FROM card_keys WHERE key_digest = @digest", new { digest = digest.ToArray() })
            is var (card, subject, name)
            ? new KnownKey(digest, CardId.Parse(card), subject, name)
            : null;
}

using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>A row of <c>intents</c>, with its rows of <c>intent_moves</c>.</summary>
internal sealed class IntentRow
{
    public const string Select =
        """
        SELECT intent_id AS IntentId, holder_id AS HolderId, card_id AS CardId, number AS Number, nonce AS Nonce,
               s1 AS S1, hold AS Hold, script AS Script, session_id AS SessionId, state AS State,
               suspended AS Suspended, opened AS Opened, closed AS Closed
        FROM intents
        """;

    public required string IntentId { get; init; }

    public required string HolderId { get; init; }

    public required string CardId { get; init; }

    public required long Number { get; init; }

    public required byte[] Nonce { get; init; }

    public required byte[] S1 { get; init; }

    public required long Hold { get; init; }

    public required byte[] Script { get; init; }

    public required string SessionId { get; init; }

    public required string State { get; init; }

    public required long Suspended { get; init; }

    public required long Opened { get; init; }

    public required long? Closed { get; init; }

    /// <summary>The intents that <paramref name="condition"/> selects, whole, the oldest first.</summary>
    public static async Task<IReadOnlyList<Intent>> QueryAsync(
        Transaction transaction, string condition, object values, string limit = "")
    {
        List<Intent> intents = [];
        var rows = await transaction.QueryAsync<IntentRow>($"{Select} WHERE {condition} ORDER BY rowid {limit}", values);
        foreach (var row in rows) intents.Add(await row.ToIntentAsync(transaction));
        return intents;
    }

    public async Task<Intent> ToIntentAsync(Transaction transaction)
    {
        var moves = await transaction.QueryAsync<MoveRow>(
            """
            SELECT kind AS Kind, terms AS Terms, adjust AS Adjust, amount AS Amount, s2 AS S2, merchant AS Merchant,
                   what AS What, goods AS Goods
            FROM intent_moves WHERE intent_id = @IntentId ORDER BY position
            """,
            new { IntentId });
        return new Intent(
            Platform.Money.IntentId.Parse(IntentId),
            Platform.Holders.HolderId.Parse(HolderId),
            Cards.CardId.Parse(CardId),
            (uint)Number,
            new Bytes(Nonce),
            new Bytes(S1).Read<PurseState>(),
            [.. moves.Select(move => move.ToMove())],
            Hold,
            new Bytes(Script),
            SessionReference.Parse(SessionId),
            Enum.Parse<IntentState>(State),
            Suspended != 0,
            DateTimeOffset.FromUnixTimeMilliseconds(Opened),
            Closed is { } closed ? DateTimeOffset.FromUnixTimeMilliseconds(closed) : null);
    }

    private sealed class MoveRow
    {
        public required long Kind { get; init; }

        public required long Terms { get; init; }

        public required long Adjust { get; init; }

        public required long Amount { get; init; }

        public required byte[] S2 { get; init; }

        public required string Merchant { get; init; }

        public required string What { get; init; }

        public required byte[] Goods { get; init; }

        public AuthorisedMove ToMove() => new(
            new Alternative((MoveKind)Kind, (MoveTerms)Terms, (uint)Amount, Merchant, What) { Goods = new Bytes(Goods) },
            (int)Adjust,
            new Bytes(S2));
    }
}

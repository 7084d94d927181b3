using Tessera.Platform.Changes;
using Tessera.Wire;

namespace Tessera.Storage.Changes;

/// <summary>A row of <c>field_copies</c>.</summary>
internal sealed class FieldCopyRow
{
    public const string Columns =
        "card_id AS CardId, version AS Version, content AS Content, issued AS Issued, is_open AS IsOpen";

    public required string CardId { get; init; }

    public required long Version { get; init; }

    public required byte[] Content { get; init; }

    public required long Issued { get; init; }

    public required long IsOpen { get; init; }

    public FieldCopy ToCopy() => new(
        Cards.CardId.Parse(CardId), (ushort)Version, new Bytes(Content), (ushort)Issued, IsOpen != 0);

    public static Task WriteAsync(Transaction transaction, FieldKey key, FieldCopy copy) => transaction.ExecuteAsync(
        """
        INSERT INTO field_copies (holder_id, application, field, card_id, version, content, issued, is_open)
        VALUES (@holder, @application, @field, @card, @version, @content, @issued, @IsOpen)
        ON CONFLICT (holder_id, application, field, card_id)
        DO UPDATE SET version = @version, content = @content, issued = @issued, is_open = @IsOpen
        """,
        new
        {
            holder = key.Holder.ToString(),
            application = key.Application.ToArray(),
            field = key.Field,
            card = copy.Card.ToString(),
            version = (long)copy.Version,
            content = copy.Content.ToArray(),
            issued = (long)copy.Issued,
            copy.IsOpen,
        });
}

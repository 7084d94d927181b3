using System.Security.Cryptography;
using System.Text;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cli.Store;

/// <summary>The fields of a data store for display: their codes are not checked.</summary>
internal sealed record StoreReport(int KeyVersion, IReadOnlyList<FieldReport> Fields)
{
    public static async Task<StoreReport> ReadAsync(StoreClient store, CancellationToken cancel)
    {
        var fields = new List<FieldReport>();
        foreach (var (entry, definition) in await store.ListDefinitionsAsync(cancel))
        {
            var field = definition.Reading == FieldReading.Anybody
                ? await store.ReadAsync(entry.Field, NewNonce(), isSecured: false, cancel)
                : null;
            fields.Add(FieldReport.Of(entry, definition, field?.Content));
        }

        return new StoreReport(store.Template.KeyVersion, fields);
    }

    public static Bytes NewNonce() => new(RandomNumberGenerator.GetBytes(StoreMac.NonceLength));

    public IEnumerable<string> Lines() =>
    [
        $"Store          key version {KeyVersion:X2}, {Fields.Count} fields",
        .. Fields.Select(field => $"  {field.Line()}"),
    ];
}

/// <summary>One field. What it says is null where it has no words, the content where the card does not tell it.</summary>
/// <param name="Content">Hexadecimal digits.</param>
internal sealed record FieldReport(
    int Field, int Version, FieldType Type, FieldReading Reading, bool IsMandatory, int Length, string? Content,
    string? Text)
{
    public static FieldReport Of(FieldVersion entry, FieldDefinition definition, Bytes? content) => new(
        entry.Field, entry.Version, definition.Type, definition.Reading, definition.IsMandatory, entry.Length,
        content?.ToString(), content is { } octets ? Words(definition.Type, octets) : null);

    public string Line()
    {
        var words = Text is null ? "" : $" \"{Text}\"";
        return $"field {Field,-6} version {Version}: {Content ?? Hidden()}{words}{Rules()}";
    }

    private string Hidden() => Reading == FieldReading.Holder ? "told behind the PIN" : "told ciphered only";

    private string Rules() => (Type, IsMandatory) switch
    {
        (FieldType.Octets, false) => "",
        var (type, mandatory) => $" ({type.ToString().ToLowerInvariant()}{(mandatory ? ", mandatory" : "")})",
    };

    private static string? Words(FieldType type, Bytes content) => content.Length == 0
        ? null
        : type switch
        {
            FieldType.Object => ObjectReport.Words(content),
            FieldType.Octets => IsReadable(content) ? Encoding.ASCII.GetString(content.Span) : null,
            _ => FieldValue.Text(type, content),
        };

    private static bool IsReadable(Bytes content) => !content.Span.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);
}

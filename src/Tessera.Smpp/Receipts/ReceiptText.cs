namespace Tessera.Smpp;

/// <summary>The labelled fields of a receipt's text.</summary>
internal static class ReceiptText
{
    private static readonly string[] Labels = ["id", "sub", "dlvrd", "submit date", "done date", "stat", "err", "text"];

    /// <summary>Values by label in lower case; what follows the first word without a label is the text.</summary>
    public static Dictionary<string, string> Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = text.AsSpan().TrimStart(' ');
        while (!rest.IsEmpty)
        {
            var label = LabelOf(rest);
            if (label is null or "text")
            {
                fields.TryAdd("text", (label is null ? rest : rest[(label.Length + 1)..]).ToString());
                break;
            }

            rest = rest[(label.Length + 1)..];
            var end = rest.IndexOf(' ');
            var value = end < 0 ? rest : rest[..end];
            fields.TryAdd(label, value.ToString());
            rest = rest[value.Length..].TrimStart(' ');
        }

        return fields;
    }

    private static string? LabelOf(ReadOnlySpan<char> text)
    {
        foreach (var label in Labels)
        {
            if (text.Length > label.Length && text[label.Length] == ':'
                && text.StartsWith(label, StringComparison.OrdinalIgnoreCase))
                return label;
        }

        return null;
    }
}

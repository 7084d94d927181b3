using System.Text.Json;

namespace Tessera.Toolkit.Tests;

/// <summary>Vector files that lie beside the tests.</summary>
internal static class Vectors
{
    public static IReadOnlyList<JsonElement> Of(string folder, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, folder, file)));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.Clone())];
    }

    public static string Field(this JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    public static bool Has(this JsonElement vector, string name, string value) =>
        vector.GetProperty(name).ValueEquals(value);
}

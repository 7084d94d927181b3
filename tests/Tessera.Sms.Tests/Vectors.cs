using System.Text.Json;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests;

/// <summary>Vector files that lie beside the tests.</summary>
internal static class Vectors
{
    public static IReadOnlyList<JsonElement> Of(string folder, string file, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, folder, file)));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(vector => vector.Clone())];
    }

    /// <summary>One row a vector, named by its id.</summary>
    public static IEnumerable<ITheoryDataRow> Rows(string folder, string file, string list) =>
        Of(folder, file, list).Select(vector => new TheoryDataRow<Vector>(new Vector(vector)));
}

/// <summary>One vector, whose fields are octets in hexadecimal or numbers.</summary>
public sealed record Vector(JsonElement Json)
{
    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public Bytes Octets(string name) => Bytes.FromHex(Text(name));

    public byte Octet(string name) => Octets(name) is { Length: 1 } octets ? octets.Span[0] : (byte)0;

    public int Number(string name) => Json.GetProperty(name).GetInt32();

    public override string ToString() => Text("id");
}

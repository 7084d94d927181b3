using System.Text.Json;
using Xunit;

namespace Tessera.Wire.Tests;

public class KdfTests
{
    /// <summary>Each row's output is the next row's key.</summary>
    [Fact]
    public void Chain_of_scp03_derivations()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Vectors", "scp03_kdf_chain.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        var rows = file.RootElement.GetProperty("vectors").EnumerateArray().ToArray();
        Assert.NotEmpty(rows);

        foreach (var row in rows)
        {
            using var key = new SecretKey(Field(row, 0).Span);
            var expected = Field(row, 3);
            var output = new byte[expected.Length];

            Kdf.Derive(key, Field(row, 1).Span[0], Field(row, 2).Span, output);

            Assert.Equal(expected, new Bytes(output));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void Gives_1_to_32_octets(int length)
    {
        using var key = SecretKey.Generate();

        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf.Derive(key, 1, [], new byte[length]));
    }

    private static Bytes Field(JsonElement row, int column) => Bytes.FromHex(row[column].GetString());
}

using System.Globalization;
using System.Text.Json;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.SecureChannels;

/// <summary>A recorded session of a real card (scp03.json says whose).</summary>
internal sealed class Scp03Transcript(JsonElement vector)
{
    public static IReadOnlyList<Scp03Transcript> All { get; } = Load();

    public string Name => $"{vector.GetProperty("keyset").GetString()} {vector.GetProperty("security_level").GetString()}";

    public SecurityLevel Level =>
        (SecurityLevel)byte.Parse(Text("security_level"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    public IReadOnlyList<Scp03Step> Steps =>
        [.. vector.GetProperty("steps").EnumerateArray().Select(step => new Scp03Step(step))];

    public Scp03Keys Keys() => new(Key("K-ENC"), Key("K-MAC"), Key("K-DEK"));

    public Bytes Octets(string name) => Bytes.FromHex(Text(name));

    private static List<Scp03Transcript> Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "SecureChannels", "scp03.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        List<Scp03Transcript> all =
            [.. file.RootElement.GetProperty("vectors").EnumerateArray().Select(each => new Scp03Transcript(each.Clone()))];
        Assert.Equal(5, all.Count);
        return all;
    }

    private SecretKey Key(string name) => new(Octets(name).Span);

    private string Text(string name) => vector.GetProperty(name).GetString()!;
}

/// <summary>One command of a session; some have an answer.</summary>
internal sealed class Scp03Step(JsonElement step)
{
    public Bytes Plain => Octets("plain");

    public Bytes Wrapped => Octets("wrapped");

    public bool HasAnswer => step.TryGetProperty("response_wrapped", out _);

    public Bytes PlainAnswer => Octets("response_plain");

    public Bytes WrappedAnswer => Octets("response_wrapped");

    private Bytes Octets(string name) => Bytes.FromHex(step.GetProperty(name).GetString()!);
}

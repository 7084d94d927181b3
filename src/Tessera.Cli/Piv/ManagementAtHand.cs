using System.CommandLine;
using Tessera.Cards.Piv;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;

namespace Tessera.Cli.Piv;

/// <summary>The management key of a PIV card: named, or that of cards as delivered.</summary>
internal static class ManagementAtHand
{
    private static readonly Dictionary<string, PivAlgorithm> Algorithms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["3des"] = PivAlgorithm.TripleDes,
        ["aes128"] = PivAlgorithm.Aes128,
        ["aes192"] = PivAlgorithm.Aes192,
        ["aes256"] = PivAlgorithm.Aes256,
    };

    public static Option<string?> Key { get; } =
        KeyAtHand.Option("--management-key", "The management key, by default that of cards as delivered");

    public static Option<string> Algorithm { get; } = PivOptions.Of(
        "--management-algorithm", "The algorithm of the management key.", Algorithms.Keys, "3des");

    /// <exception cref="Cards.CardStatusException">The card has another key.</exception>
    public static async Task AuthenticateAsync(ParseResult parsed, PivClient piv, CancellationToken cancel)
    {
        var algorithm = Algorithms[parsed.GetRequiredValue(Algorithm)];
        using var key = parsed.GetValue(Key) is { } source
            ? await KeyAtHand.ReadAsync("The management key", source, cancel)
            : DemonstrationKeys.CreatePivManagementKey();
        if (key.Length != algorithm.KeyLength())
            throw new FormatException($"The management key has {algorithm.KeyLength()} octets, not {key.Length}.");
        await piv.AuthenticateAsync(algorithm, key, cancel);
    }
}

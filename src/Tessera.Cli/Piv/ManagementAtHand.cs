using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Piv;
using Tessera.Cli.Issuing;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Cli.Piv;

/// <summary>The management key of a PIV card: named, that which its issuer gave it, or that of cards as delivered.</summary>
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

    /// <summary>
    /// The key that this issuer gave the card, for who disposes it; null where another is named, and of a card of others.
    /// Another application than PIV is selected then.
    /// </summary>
    public static async Task<SecretKey?> FindAsync(
        ParseResult parsed, IssuerAtHand issuer, CardAtHand card, CancellationToken cancel)
    {
        if (parsed.GetValue(Key) is not null) return null;
        try
        {
            var chip = await Personaliser.ReadChipAsync(card.Channel, cancel);
            return await issuer.Issuances.FindByChipAsync(chip, cancel) is { } issuance
                ? (await issuer.VaultAsync(cancel)).Find(issuance.KeyVersion)?.PivManagementKey(issuance.Card)
                : null;
        }
        catch (Exception other) when (other is CardStatusException or WireFormatException)
        {
            // Without an issuer domain as ours have it, the card is not ours.
            return null;
        }
    }

    /// <param name="issued">AES-128, where the issuer knows it; it stays the caller's.</param>
    /// <exception cref="CardStatusException">The card has another key.</exception>
    public static async Task AuthenticateAsync(
        ParseResult parsed, PivClient piv, SecretKey? issued, CancellationToken cancel)
    {
        if (issued is not null)
        {
            await piv.AuthenticateAsync(PivAlgorithm.Aes128, issued, cancel);
            return;
        }

        var algorithm = Algorithms[parsed.GetRequiredValue(Algorithm)];
        using var key = parsed.GetValue(Key) is { } source
            ? await KeyAtHand.ReadAsync("The management key", source, cancel)
            : DemonstrationKeys.CreatePivManagementKey();
        if (key.Length != algorithm.KeyLength())
            throw new FormatException($"The management key has {algorithm.KeyLength()} octets, not {key.Length}.");
        await piv.AuthenticateAsync(algorithm, key, cancel);
    }
}

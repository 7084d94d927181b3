using System.CommandLine;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Cli.Keys;

/// <summary>The keys of a secure channel: one for all, three, or a master key that the card's are derived from.</summary>
internal sealed class ChannelKeysAtHand : IDisposable
{
    private static readonly Option<string?> One = KeyAtHand.Option("--key", "One key for all three purposes");
    private static readonly Option<string?> Encryption = KeyAtHand.Option("--enc", "K-ENC");
    private static readonly Option<string?> Mac = KeyAtHand.Option("--mac", "K-MAC");
    private static readonly Option<string?> DataEncryption = KeyAtHand.Option("--dek", "K-DEK");
    private static readonly Option<string?> Master = KeyAtHand.Option("--kdf3", "A master key, from which KDF3 derives");

    private static readonly Option<bool> Demonstration = new("--demonstration")
    {
        Description = "The published master key of demonstration cards, by KDF3.",
    };

    private readonly Scp03Keys? _keys;
    private readonly SecretKey? _master;

    private ChannelKeysAtHand(Scp03Keys? keys, SecretKey? master) => (_keys, _master) = (keys, master);

    public static IReadOnlyList<Option> Options { get; } = [One, Encryption, Mac, DataEncryption, Master, Demonstration];

    /// <exception cref="FormatException">No keys are named, or more than once.</exception>
    public static async Task<ChannelKeysAtHand> ReadAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (one, master, published) = (parsed.GetValue(One), parsed.GetValue(Master), parsed.GetValue(Demonstration));
        string?[] three = [parsed.GetValue(Encryption), parsed.GetValue(Mac), parsed.GetValue(DataEncryption)];
        return (one, master, published, three) switch
        {
            (null, null, true, [null, null, null]) => new(null, DemonstrationKeys.CreateDomain()),
            (null, { } source, false, [null, null, null]) =>
                new(null, await KeyAtHand.ReadAsync(Master.Name, source, cancel)),
            ({ } source, null, false, [null, null, null]) => new(await OneAsync(source, cancel), null),
            (null, null, false, [{ } enc, { } mac, { } dek]) => new(
                new Scp03Keys(
                    await KeyAtHand.ReadAsync(Encryption.Name, enc, cancel),
                    await KeyAtHand.ReadAsync(Mac.Name, mac, cancel),
                    await KeyAtHand.ReadAsync(DataEncryption.Name, dek, cancel)),
                null),
            _ => throw new FormatException(
                "Name the keys once: --key, or --enc with --mac and --dek, or --kdf3, or --demonstration."),
        };
    }

    /// <summary>Those of a card that said who it is; the caller disposes them.</summary>
    public Scp03Keys Of(InitializeUpdateAnswer card) => _master is not null
        ? Scp03Keys.OfKdf3(_master, card.Diversification.Span)
        : new Scp03Keys(Copy(_keys!.Encryption), Copy(_keys.Mac), Copy(_keys.DataEncryption));

    public void Dispose()
    {
        _keys?.Dispose();
        _master?.Dispose();
    }

    private static async Task<Scp03Keys> OneAsync(string source, CancellationToken cancel)
    {
        using var key = await KeyAtHand.ReadAsync(One.Name, source, cancel);
        return Scp03Keys.OfOne(key);
    }

    private static SecretKey Copy(SecretKey key) => new(key.Reveal());
}

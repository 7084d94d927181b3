using System.CommandLine;
using Tessera.Cards.SecureChannels;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Cli.SecureChannels;

/// <summary>
/// Options that name the keys of a secure channel: one for all, three, or a master key that the card's are derived from.
/// </summary>
internal sealed class ChannelKeysAtHand
{
    private readonly Option<string?> _one;
    private readonly Option<string?> _encryption;
    private readonly Option<string?> _mac;
    private readonly Option<string?> _dataEncryption;
    private readonly Option<string?> _master;

    /// <summary>Null where keys that everybody knows make no sense.</summary>
    private readonly Option<bool>? _demonstration;

    private ChannelKeysAtHand(string prefix, bool takesDemonstration)
    {
        _one = KeyAtHand.Option($"--{prefix}key", "One key for all three purposes");
        _encryption = KeyAtHand.Option($"--{prefix}enc", "K-ENC");
        _mac = KeyAtHand.Option($"--{prefix}mac", "K-MAC");
        _dataEncryption = KeyAtHand.Option($"--{prefix}dek", "K-DEK");
        _master = KeyAtHand.Option($"--{prefix}kdf3", "A master key, from which KDF3 derives");
        _demonstration = takesDemonstration
            ? new("--demonstration") { Description = "The published master key of demonstration cards, by KDF3." }
            : null;
    }

    /// <summary>Those that the card has.</summary>
    public static ChannelKeysAtHand Card { get; } = new("", takesDemonstration: true);

    /// <summary>Those that it gets.</summary>
    public static ChannelKeysAtHand New { get; } = new("new-", takesDemonstration: false);

    public IReadOnlyList<Option> Options =>
    [
        _one, _encryption, _mac, _dataEncryption, _master, .. _demonstration is null ? (Option[])[] : [_demonstration],
    ];

    /// <exception cref="FormatException">No keys are named, or more than once.</exception>
    public async Task<ChannelKeys> ReadAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (one, master) = (parsed.GetValue(_one), parsed.GetValue(_master));
        var published = _demonstration is not null && parsed.GetValue(_demonstration);
        string?[] three = [parsed.GetValue(_encryption), parsed.GetValue(_mac), parsed.GetValue(_dataEncryption)];
        return (one, master, published, three) switch
        {
            (null, null, true, [null, null, null]) => new(null, DemonstrationKeys.CreateDomain()),
            (null, { } source, false, [null, null, null]) =>
                new(null, await KeyAtHand.ReadAsync(_master.Name, source, cancel)),
            ({ } source, null, false, [null, null, null]) => new(await OneAsync(source, cancel), null),
            (null, null, false, [{ } enc, { } mac, { } dek]) => new(
                new Scp03Keys(
                    await KeyAtHand.ReadAsync(_encryption.Name, enc, cancel),
                    await KeyAtHand.ReadAsync(_mac.Name, mac, cancel),
                    await KeyAtHand.ReadAsync(_dataEncryption.Name, dek, cancel)),
                null),
            _ => throw new FormatException(
                $"Name the keys once: {_one.Name}, or {_encryption.Name} with {_mac.Name} and {_dataEncryption.Name}, or "
                + $"{_master.Name}{(_demonstration is null ? "" : $", or {_demonstration.Name}")}."),
        };
    }

    private async Task<Scp03Keys> OneAsync(string source, CancellationToken cancel)
    {
        using var key = await KeyAtHand.ReadAsync(_one.Name, source, cancel);
        return Scp03Keys.OfOne(key);
    }
}

/// <summary>The keys of a secure channel, or the master key they come from; zeroed when disposed.</summary>
/// <param name="keys">Null where there is a master key; owned from here on.</param>
/// <param name="master">Owned from here on.</param>
internal sealed class ChannelKeys(Scp03Keys? keys, SecretKey? master) : IDisposable
{
    /// <summary>Those of a card that said who it is; the caller disposes them.</summary>
    public Scp03Keys Of(InitializeUpdateAnswer card) => master is not null
        ? Scp03Keys.OfKdf3(master, card.Diversification.Span)
        : new Scp03Keys(Copy(keys!.Encryption), Copy(keys.Mac), Copy(keys.DataEncryption));

    public void Dispose()
    {
        keys?.Dispose();
        master?.Dispose();
    }

    private static SecretKey Copy(SecretKey key) => new(key.Reveal());
}

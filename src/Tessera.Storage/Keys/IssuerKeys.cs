using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Storage.Keys;

/// <summary>What a master key of the issuer is for.</summary>
public enum KeyPurpose : byte
{
    /// <summary>Keys of purses (docs/protocols/purse.md §4).</summary>
    Purse = 1,

    /// <summary>Keys of data stores (docs/protocols/store.md §4).</summary>
    Store = 2,

    /// <summary>Keys of secured packets (docs/protocols/sms.md §2).</summary>
    Ota = 3,

    /// <summary>Keys of secure channels (docs/protocols/scp03.md §6).</summary>
    Channel = 4,

    /// <summary>Management keys of PIV applications.</summary>
    Piv = 5,
}

/// <summary>A master key of the issuer as it may be shown: by its check value.</summary>
public sealed record KeyCheck(KeyPurpose Purpose, Bytes Value);

/// <summary>The issuer's master keys of one version, one for each purpose; zeroed when disposed.</summary>
public sealed class IssuerKeys : IDisposable
{
    private readonly Dictionary<KeyPurpose, SecretKey> _keys;

    /// <param name="keys">One for each purpose; owned from here on, also when this fails.</param>
    /// <exception cref="ArgumentException">A purpose is not there.</exception>
    internal IssuerKeys(byte version, DateTimeOffset made, Dictionary<KeyPurpose, SecretKey> keys)
    {
        (Version, Made, _keys) = (version, made, keys);
        foreach (var purpose in Purposes)
        {
            if (keys.ContainsKey(purpose)) continue;
            foreach (var key in keys.Values) key.Dispose();
            throw new ArgumentException($"Version {version:X2} has no key for {purpose}.", nameof(keys));
        }

        Cards = new MasterKeys(version, keys[KeyPurpose.Purse], keys[KeyPurpose.Store], keys[KeyPurpose.Ota]);
        Checks = [.. Purposes.Select(purpose => new KeyCheck(purpose, KeyCheckValue.Of(keys[purpose])))];
    }

    public static IReadOnlyList<KeyPurpose> Purposes { get; } = Enum.GetValues<KeyPurpose>();

    /// <summary>01 to 7E; 7F is that of demonstration cards.</summary>
    public byte Version { get; }

    /// <summary>To the millisecond.</summary>
    public DateTimeOffset Made { get; }

    /// <summary>Those of purse, store and packets; disposed with this.</summary>
    public MasterKeys Cards { get; }

    /// <summary>Keys of the secure channels of cards come from it by KDF3.</summary>
    public SecretKey Channel => _keys[KeyPurpose.Channel];

    /// <summary>Of each purpose, in the order of the purposes.</summary>
    public IReadOnlyList<KeyCheck> Checks { get; }

    public static IssuerKeys Generate(byte version, DateTimeOffset made) =>
        new(version, made, Purposes.ToDictionary(purpose => purpose, _ => SecretKey.Generate()));

    internal SecretKey Key(KeyPurpose purpose) => _keys[purpose];

    /// <summary>The management key of the PIV application of a card; the caller disposes it.</summary>
    public SecretKey PivManagementKey(CardId card) =>
        An10922.Diversify(_keys[KeyPurpose.Piv], Bytes.Of(card).Span);

    public void Dispose()
    {
        foreach (var key in _keys.Values) key.Dispose();
    }
}

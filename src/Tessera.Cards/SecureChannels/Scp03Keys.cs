using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>The static keys of one key version (GlobalPlatform Amendment D §6.1); zeroed when disposed.</summary>
public sealed class Scp03Keys : IDisposable
{
    /// <param name="encryption">K-ENC; all three are owned from here on, also when this fails.</param>
    /// <param name="mac">K-MAC.</param>
    /// <param name="dataEncryption">K-DEK.</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public Scp03Keys(SecretKey encryption, SecretKey mac, SecretKey dataEncryption)
    {
        (Encryption, Mac, DataEncryption) = (encryption, mac, dataEncryption);
        if (encryption.Length == mac.Length && mac.Length == dataEncryption.Length) return;

        var lengths = $"{encryption.Length}, {mac.Length} and {dataEncryption.Length}";
        Dispose();
        throw new ArgumentException($"The keys of a version have one length, not {lengths} octets.", nameof(mac));
    }

    /// <summary>Session keys for ciphering and the card's pseudo-random challenge come from it.</summary>
    public SecretKey Encryption { get; }

    /// <summary>Session keys for codes come from it.</summary>
    public SecretKey Mac { get; }

    /// <summary>Ciphers keys on their way to the card.</summary>
    public SecretKey DataEncryption { get; }

    /// <summary>Octets of each.</summary>
    public int Length => Encryption.Length;

    /// <summary>Those of a card whose diversification data are known: see <see cref="Kdf3"/>.</summary>
    public static Scp03Keys OfKdf3(SecretKey master, ReadOnlySpan<byte> diversification) => new(
        Kdf3.Derive(master, 1, diversification), Kdf3.Derive(master, 2, diversification),
        Kdf3.Derive(master, 3, diversification));

    /// <summary>One key for all three purposes, as cards for tests have it.</summary>
    public static Scp03Keys OfOne(SecretKey key) =>
        new(new SecretKey(key.Reveal()), new SecretKey(key.Reveal()), new SecretKey(key.Reveal()));

    public void Dispose()
    {
        Encryption.Dispose();
        Mac.Dispose();
        DataEncryption.Dispose();
    }
}

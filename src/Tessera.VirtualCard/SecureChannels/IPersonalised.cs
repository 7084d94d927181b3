using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>An applet that takes data groups from its issuer, through the security domain (STORE DATA).</summary>
internal interface IPersonalised : IApplet
{
    /// <summary>One group, in one atomic step.</summary>
    /// <param name="group">Its identifier.</param>
    /// <param name="data">Erased when this returns.</param>
    /// <param name="dataEncryption">K-DEK: keys come ciphered by it.</param>
    /// <returns>9000, or why it is refused.</returns>
    StatusWord Personalise(ushort group, Bytes data, SecretKey dataEncryption);

    /// <summary>It has all that it cannot work without.</summary>
    bool IsPersonalised { get; }

    /// <summary>What a personalisation that was cut has left is forgotten, with the rest of the transaction.</summary>
    void Blank(MemoryTransaction change);
}

/// <summary>The group in which an applet gets a key (docs/protocols/scp03.md §5).</summary>
/// <remarks><code>key version 1 | encrypted key</code></remarks>
internal static class KeyGroup
{
    private const int KeyLength = 16;

    /// <summary>Hands the key to <paramref name="keep"/>, which must not hold on to it.</summary>
    /// <returns>9000, or what is wrong with it.</returns>
    public static StatusWord Take(Bytes data, SecretKey dataEncryption, Action<byte, SecretKey> keep)
    {
        var reader = new ByteReader(data.Span);
        byte version;
        Cards.SecureChannels.EncryptedKey encrypted;
        try
        {
            version = reader.ReadByte("key version");
            encrypted = Cards.SecureChannels.EncryptedKey.Read(ref reader);
            reader.ReadEnd("key group");
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        if (encrypted.KeyLength != KeyLength) return StatusWord.WrongData;
        using var key = encrypted.Decrypt(dataEncryption);
        if (key is null) return DomainStatus.WrongCheckValue;
        keep(version, key);
        return StatusWord.Success;
    }
}

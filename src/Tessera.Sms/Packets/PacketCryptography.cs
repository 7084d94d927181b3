using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>Runs the algorithms that a packet names, in place.</summary>
internal static class PacketCryptography
{
    public static void Check(
        ReadOnlySpan<byte> message, Span<byte> checksum, in PacketProtection protection, PacketKeys keys)
    {
        switch (protection.Checksum)
        {
            case PacketChecksum.None:
                break;
            case PacketChecksum.Crc16:
                BinaryPrimitives.WriteUInt16BigEndian(checksum, Crc.Crc16(message));
                break;
            case PacketChecksum.Crc32:
                BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc.Crc32(message));
                break;
            case PacketChecksum.AesCmac:
                AesCmac.Compute(keys.Checking, message, checksum);
                break;
            default:
                DesCipher.Mac(keys.OldChecking, message, checksum);
                break;
        }
    }

    public static void Encipher(Span<byte> octets, in PacketProtection protection, PacketKeys keys)
    {
        switch (protection.Cipher)
        {
            case PacketCipher.None:
                break;
            case PacketCipher.Aes:
                AesCbc.Encrypt(keys.Ciphering, octets);
                break;
            default:
                DesCipher.Encrypt(keys.OldCiphering, octets, protection.Cipher == PacketCipher.DesEcb);
                break;
        }
    }

    public static void Decipher(Span<byte> octets, in PacketProtection protection, PacketKeys keys)
    {
        switch (protection.Cipher)
        {
            case PacketCipher.None:
                break;
            case PacketCipher.Aes:
                AesCbc.Decrypt(keys.Ciphering, octets);
                break;
            default:
                DesCipher.Decrypt(keys.OldCiphering, octets, protection.Cipher == PacketCipher.DesEcb);
                break;
        }
    }
}

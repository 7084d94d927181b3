namespace Tessera.Sms.Packets;

internal enum PacketCipher
{
    None,
    Aes,
    Des,
    DesEcb,
}

internal enum PacketChecksum
{
    None,
    Crc16,
    Crc32,
    AesCmac,
    Des,
}

/// <summary>The algorithms of one packet, as its SPI, KIc and KID name them and the policy allows.</summary>
internal readonly record struct PacketProtection(PacketCipher Cipher, PacketChecksum Checksum, int ChecksumLength)
{
    private const int AesBlock = 16;
    private const int DesBlock = 8;

    /// <summary>Why the packet is not made or opened.</summary>
    public string? Refused { get; private init; }

    /// <summary>How many octets fill the ciphered part up to whole blocks.</summary>
    public int Padding(int ciphered) => Cipher switch
    {
        PacketCipher.None => 0,
        PacketCipher.Aes => -ciphered & (AesBlock - 1),
        _ => -ciphered & (DesBlock - 1),
    };

    public static PacketProtection OfCommand(in CommandHeader header, PacketPolicy policy)
    {
        var spi = header.Spi;
        if (!policy.TakesAll)
        {
            var counts = spi.Counter is CounterMode.Higher or CounterMode.OneHigher;
            if (spi.Ciphered && spi.Integrity != Integrity.CryptographicChecksum)
                return Refuse("ciphering without a cryptographic checksum");
            if (spi.Integrity == Integrity.CryptographicChecksum && !counts)
                return Refuse("a cryptographic checksum without a counter that must rise");
        }

        return Of(spi.Integrity, spi.Ciphered, header.Kic, header.Kid, policy);
    }

    public static PacketProtection OfResponse(in CommandHeader header, PacketPolicy policy) =>
        !policy.TakesAll && header.Spi.ProofCiphered && header.Spi.ProofIntegrity != Integrity.CryptographicChecksum
            ? Refuse("ciphering without a cryptographic checksum")
            : Of(header.Spi.ProofIntegrity, header.Spi.ProofCiphered, header.Kic, header.Kid, policy);

    private static PacketProtection Of(
        Integrity integrity, bool ciphered, KeyReference kic, KeyReference kid, PacketPolicy policy)
    {
        var both = ciphered && integrity == Integrity.CryptographicChecksum;
        if (both && kic.KeySet != kid.KeySet) return Refuse("keys of two key sets");

        var cipher = ciphered ? CipherOf(kic, policy) : PacketCipher.None;
        if (cipher is null) return Refuse($"KIc {kic}");
        return ChecksumOf(integrity, kid, policy) is { } checksum
            ? new PacketProtection(cipher.Value, checksum, LengthOf(checksum, policy))
            : Refuse(integrity == Integrity.DigitalSignature ? "digital signatures" : $"KID {kid}");
    }

    private static PacketCipher? CipherOf(KeyReference kic, PacketPolicy policy) => kic.Algorithm switch
    {
        KeyReference.AesAlgorithm => PacketCipher.Aes,
        KeyReference.DesCbc or KeyReference.TripleDesTwoKeys or KeyReference.TripleDesThreeKeys
            when policy.TakesAll => PacketCipher.Des,
        KeyReference.DesEcb when policy.TakesAll => PacketCipher.DesEcb,
        _ => null,
    };

    private static PacketChecksum? ChecksumOf(Integrity integrity, KeyReference kid, PacketPolicy policy) =>
        (integrity, kid.Algorithm) switch
        {
            (Integrity.None, _) => PacketChecksum.None,
            (Integrity.RedundancyCheck, 0b0001) => PacketChecksum.Crc16,
            // Where the algorithm is implicit, datasets of old cards use the longer check.
            (Integrity.RedundancyCheck, 0b0101 or 0b0000) => PacketChecksum.Crc32,
            (Integrity.CryptographicChecksum, KeyReference.AesAlgorithm) => PacketChecksum.AesCmac,
            (Integrity.CryptographicChecksum,
                KeyReference.DesCbc or KeyReference.TripleDesTwoKeys or KeyReference.TripleDesThreeKeys)
                when policy.TakesAll => PacketChecksum.Des,
            _ => null,
        };

    private static int LengthOf(PacketChecksum checksum, PacketPolicy policy) => checksum switch
    {
        PacketChecksum.None => 0,
        PacketChecksum.Crc16 => 2,
        PacketChecksum.Crc32 => 4,
        PacketChecksum.AesCmac => policy.ChecksumLength,
        _ => 8,
    };

    private static PacketProtection Refuse(string what) => new() { Refused = $"{what}: not taken" };
}

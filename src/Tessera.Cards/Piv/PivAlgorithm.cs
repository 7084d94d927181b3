namespace Tessera.Cards.Piv;

/// <summary>Algorithm identifiers of keys on a PIV card (NIST SP 800-78-5).</summary>
public enum PivAlgorithm : byte
{
    TripleDes = 0x03,
    Rsa3072 = 0x05,
    Rsa2048 = 0x07,
    Aes128 = 0x08,
    Aes192 = 0x0A,
    Aes256 = 0x0C,
    P256 = 0x11,
    P384 = 0x14,
}

/// <summary>What the identifiers say of a key.</summary>
public static class PivAlgorithms
{
    public static bool IsRsa(this PivAlgorithm algorithm) =>
        algorithm is PivAlgorithm.Rsa2048 or PivAlgorithm.Rsa3072;

    public static bool IsEllipticCurve(this PivAlgorithm algorithm) =>
        algorithm is PivAlgorithm.P256 or PivAlgorithm.P384;

    /// <summary>
    /// Octets of a modulus, of a coordinate of a curve, or of a symmetric key; 0 for what no PIV card knows.
    /// </summary>
    public static int KeyLength(this PivAlgorithm algorithm) => algorithm switch
    {
        PivAlgorithm.Rsa2048 => 256,
        PivAlgorithm.Rsa3072 => 384,
        PivAlgorithm.P256 => 32,
        PivAlgorithm.P384 => 48,
        PivAlgorithm.Aes128 => 16,
        PivAlgorithm.TripleDes or PivAlgorithm.Aes192 => 24,
        PivAlgorithm.Aes256 => 32,
        _ => 0,
    };
}

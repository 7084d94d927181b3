using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>A private key on its way into a PIV card; zeroed when disposed.</summary>
/// <remarks><code>RSA: 01 p, 02 q, 03 dp, 04 dq, 05 1/q mod p; a curve: 06 d</code></remarks>
public sealed class PivPrivateKey : IDisposable
{
    private const string Encrypted = "BEGIN ENCRYPTED PRIVATE KEY";
    private const string OldEncryption = "Proc-Type: 4,ENCRYPTED";

    private PivPrivateKey(PivAlgorithm algorithm, params byte[][] parts)
    {
        Algorithm = algorithm;
        var first = algorithm.IsRsa() ? 0x01 : 0x06;
        Parts = Joined([.. parts.Select((part, i) => ((ushort)(first + i), part))]);
        foreach (var part in parts) CryptographicOperations.ZeroMemory(part);
    }

    public PivAlgorithm Algorithm { get; }

    /// <summary>Good until this is disposed; then they are zero.</summary>
    internal Bytes Parts { get; }

    /// <summary>A key out of PEM: PKCS#8, PKCS#1 or SEC 1; encrypted only as PKCS#8.</summary>
    /// <param name="passphrase">Of an encrypted key; empty for one that is not.</param>
    /// <exception cref="ArgumentException">It is no such PEM.</exception>
    /// <exception cref="CryptographicException">
    /// It holds no key of a kind that a PIV card takes, or the passphrase does not open it.
    /// </exception>
    public static PivPrivateKey OfPem(ReadOnlySpan<char> pem, ReadOnlySpan<char> passphrase = default)
    {
        if (pem.Contains(OldEncryption, StringComparison.Ordinal))
            throw new CryptographicException(
                "The private key is encrypted in the old form of OpenSSL; 'openssl pkcs8 -topk8' makes PKCS#8 of it.");
        if (passphrase.IsEmpty && pem.Contains(Encrypted, StringComparison.Ordinal))
            throw new CryptographicException("The private key is encrypted: its passphrase is wanted.");
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        if (TryImport(rsa, pem, passphrase)) return Of(rsa);
        Import(ec, pem, passphrase);
        return Of(ec);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(Parts.Memory).Span);

    public override string ToString() => $"{nameof(PivPrivateKey)}({Algorithm})";

    private static PivPrivateKey Of(RSA rsa)
    {
        var algorithm = rsa.KeySize switch
        {
            2048 => PivAlgorithm.Rsa2048,
            3072 => PivAlgorithm.Rsa3072,
            var bits => throw new CryptographicException($"A PIV card takes 2048 or 3072 bits of RSA, not {bits}."),
        };
        var key = rsa.ExportParameters(includePrivateParameters: true);
        CryptographicOperations.ZeroMemory(key.D);
        return new PivPrivateKey(algorithm, key.P!, key.Q!, key.DP!, key.DQ!, key.InverseQ!);
    }

    private static PivPrivateKey Of(ECDsa ec)
    {
        var key = ec.ExportParameters(includePrivateParameters: true);
        return key.Curve.Oid.FriendlyName switch
        {
            "nistP256" or "ECDSA_P256" => new PivPrivateKey(PivAlgorithm.P256, key.D!),
            "nistP384" or "ECDSA_P384" => new PivPrivateKey(PivAlgorithm.P384, key.D!),
            var other => throw new CryptographicException($"A PIV card takes keys of P-256 or P-384, not of {other}."),
        };
    }

    /// <summary>Whether it is a key of RSA; what it is else is found out by the next.</summary>
    private static bool TryImport(RSA rsa, ReadOnlySpan<char> pem, ReadOnlySpan<char> passphrase)
    {
        try
        {
            Import(rsa, pem, passphrase);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static void Import(AsymmetricAlgorithm key, ReadOnlySpan<char> pem, ReadOnlySpan<char> passphrase)
    {
        if (passphrase.IsEmpty) key.ImportFromPem(pem);
        else key.ImportFromEncryptedPem(pem, passphrase);
    }

    private static Bytes Joined((ushort Tag, byte[] Value)[] parts)
    {
        // Known in advance, so that no copy is left behind by a buffer that grew.
        var output = new System.Buffers.ArrayBufferWriter<byte>(parts.Sum(part => part.Value.Length + 4));
        foreach (var (tag, value) in parts) Tlv.Write(new ByteWriter(output), tag, value);
        return new Bytes(output.WrittenMemory);
    }
}

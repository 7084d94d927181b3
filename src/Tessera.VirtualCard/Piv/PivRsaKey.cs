using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>An RSA key, both factors of the same length.</summary>
/// <remarks>
/// <code>
/// in its cell   modulus n | public exponent 4 | p n/2 | q n/2 | dp n/2 | dq n/2 | 1/q mod p n/2
/// </code>
/// </remarks>
internal sealed class PivRsaKey : PivKey
{
    public const int MaxContent = ExponentLength + (MaxModulus * 7 / 2);

    private const int MaxModulus = 384;
    private const int ExponentLength = 4;

    private static readonly byte[] CommonExponent = [0x01, 0x00, 0x01];

    private readonly RSAParameters _key;

    private PivRsaKey(RSAParameters key) => _key = key;

    public override PivAlgorithm Algorithm =>
        Modulus.Length == PivAlgorithm.Rsa2048.KeyLength() ? PivAlgorithm.Rsa2048 : PivAlgorithm.Rsa3072;

    public override Bytes PublicKey => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x81, Modulus);
        Tlv.Write(writer, 0x82, _key.Exponent);
    });

    public static PivRsaKey Of(RSA rsa)
    {
        var key = rsa.ExportParameters(includePrivateParameters: true);
        CryptographicOperations.ZeroMemory(key.D);
        return new PivRsaKey(key);
    }

    /// <summary>
    /// A key whose five parts come from outside, with the public exponent 65537; null where they make none.
    /// </summary>
    /// <param name="parts">p, q, dp, dq, 1/q mod p, each half as long as the modulus; zeroed with the key.</param>
    public static PivRsaKey? Import(PivAlgorithm algorithm, byte[][] parts)
    {
        var half = algorithm.KeyLength() / 2;
        if (Array.TrueForAll(parts, part => part.Length == half) && IsFactor(parts[0]) && IsFactor(parts[1]))
        {
            var key = new PivRsaKey(new RSAParameters
            {
                Modulus = Product(parts[0], parts[1]),
                Exponent = [.. CommonExponent],
                P = parts[0],
                Q = parts[1],
                DP = parts[2],
                DQ = parts[3],
                InverseQ = parts[4],
            });
            if (key.Modulus[0] >= 0x80 && key.FitsTogether()) return key;
        }

        foreach (var part in parts) CryptographicOperations.ZeroMemory(part);
        return null;
    }

    public static PivRsaKey Read(PivAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        var length = algorithm.KeyLength();
        var reader = new ByteReader(content);
        return new PivRsaKey(new RSAParameters
        {
            Modulus = reader.ReadOctets(length, "modulus").ToArray(),
            Exponent = reader.ReadOctets(ExponentLength, "exponent").TrimStart((byte)0).ToArray(),
            P = reader.ReadOctets(length / 2, "p").ToArray(),
            Q = reader.ReadOctets(length / 2, "q").ToArray(),
            DP = reader.ReadOctets(length / 2, "dp").ToArray(),
            DQ = reader.ReadOctets(length / 2, "dq").ToArray(),
            InverseQ = reader.ReadOctets(length / 2, "inverse of q").ToArray(),
        });
    }

    public override Bytes? Sign(ReadOnlySpan<byte> input) =>
        input.Length == Modulus.Length && RsaPrivateOperation.IsBelow(input, Modulus)
            ? new Bytes(RsaPrivateOperation.Run(_key, input))
            : null;

    public override Bytes? Agree(ReadOnlySpan<byte> point) => null;

    public override void Dispose()
    {
        foreach (var part in Secrets) CryptographicOperations.ZeroMemory(part);
    }

    protected override byte[] WriteContent()
    {
        var exponent = new byte[ExponentLength];
        _key.Exponent!.CopyTo(exponent, ExponentLength - _key.Exponent.Length);
        return [.. Modulus, .. exponent, .. _key.P!, .. _key.Q!, .. _key.DP!, .. _key.DQ!, .. _key.InverseQ!];
    }

    private byte[] Modulus => _key.Modulus!;

    private byte[][] Secrets => [_key.P!, _key.Q!, _key.DP!, _key.DQ!, _key.InverseQ!];

    private bool FitsTogether()
    {
        var block = RandomNumberGenerator.GetBytes(Modulus.Length);
        block[0] = 0;
        try
        {
            RsaPrivateOperation.Run(_key, block);
            return true;
        }
        catch (CryptographicException)
        {
            // The parts that came are no key: who sent them is told so.
            return false;
        }
    }

    /// <summary>Odd, and its highest bit is set, as the arithmetic wants it.</summary>
    private static bool IsFactor(byte[] part) => part[0] >= 0x80 && (part[^1] & 1) != 0;

    private static byte[] Product(byte[] p, byte[] q)
    {
        Span<ulong> words = stackalloc ulong[(p.Length + q.Length) / sizeof(ulong)];
        Span<ulong> left = stackalloc ulong[p.Length / sizeof(ulong)];
        Span<ulong> right = stackalloc ulong[q.Length / sizeof(ulong)];
        words.Clear();
        MontgomeryModulus.Read(p, left);
        MontgomeryModulus.Read(q, right);
        RsaPrivateOperation.MultiplyInto(words, left, right);
        MontgomeryModulus.Erase(left);
        MontgomeryModulus.Erase(right);
        var product = new byte[p.Length + q.Length];
        MontgomeryModulus.Write(words, product);
        return product;
    }
}

using System.Buffers;
using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>
/// Keys from keys: SP 800-108 in counter mode over AES-CMAC, laid out as in SCP03 (GlobalPlatform Amendment D §4.1.5).
/// </summary>
/// <remarks>
/// <code>
/// block(i) = CMAC(key, label 12 = 11×00 constant | separator 00 | L 2, bits | i 1 | context)
/// </code>
/// </remarks>
public static class Kdf
{
    private const int MaxBlocks = 2;

    private static ReadOnlySpan<byte> LabelZeros => new byte[11];

    /// <summary>Fills <paramref name="output"/> (1 to 32 octets) with key material.</summary>
    public static void Derive(SecretKey key, byte constant, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfZero(output.Length, nameof(output));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, MaxBlocks * AesCmac.Length, nameof(output));

        var bits = (ushort)(output.Length * 8);
        for (var (block, at) = ((byte)1, 0); at < output.Length; block++, at += AesCmac.Length)
        {
            var input = new ArrayBufferWriter<byte>();
            var writer = new ByteWriter(input);
            writer.WriteOctets(LabelZeros);
            writer.WriteByte(constant);
            writer.WriteByte(0);
            writer.WriteUInt16(bits);
            writer.WriteByte(block);
            writer.WriteOctets(context);
            AesCmac.Compute(key, input.WrittenSpan, output[at..Math.Min(at + AesCmac.Length, output.Length)]);
        }
    }

    public static SecretKey DeriveKey(SecretKey key, byte constant, ReadOnlySpan<byte> context)
    {
        Span<byte> octets = stackalloc byte[key.Length];
        Derive(key, constant, context, octets);
        var derived = new SecretKey(octets);
        CryptographicOperations.ZeroMemory(octets);
        return derived;
    }
}

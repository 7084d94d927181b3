using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Processor = System.Runtime.Intrinsics.X86.Aes;

namespace Tessera.Wire;

/// <summary>AES one block at a time (FIPS 197), by the processor's own instructions where it has them.</summary>
/// <remarks>
/// A card has keys of its own, so a key serves for one short packet. The platform's AES takes longer to get ready than
/// to do that; the instructions take tens of nanoseconds and, having no tables, the same time for every key.
/// </remarks>
internal ref struct AesBlocks : IDisposable
{
    public const int Length = 16;

    private const int Words = 4;

    private readonly Aes? _platform;
    private readonly int _rounds;
    private Schedule _keys;

    private AesBlocks(SecretKey key, bool byProcessor)
    {
        if (!byProcessor)
        {
            _platform = key.CreateAes();
            return;
        }

        _rounds = (key.Length / Words) + 6;
        Expand(key.Reveal(), MemoryMarshal.Cast<Vector128<byte>, uint>(_keys[..(_rounds + 1)]));
    }

    /// <summary>Whether the processor has the instructions.</summary>
    public static bool HasProcessor => Processor.IsSupported;

    public static AesBlocks ForEncryption(SecretKey key) => new(key, HasProcessor);

    public static AesBlocks ForEncryption(SecretKey key, bool byProcessor) => new(key, byProcessor && HasProcessor);

    public static AesBlocks ForDecryption(SecretKey key) => ForDecryption(key, HasProcessor);

    public static AesBlocks ForDecryption(SecretKey key, bool byProcessor)
    {
        var blocks = ForEncryption(key, byProcessor);
        for (var i = 1; i < blocks._rounds; i++) blocks._keys[i] = Processor.InverseMixColumns(blocks._keys[i]);
        return blocks;
    }

    public readonly Vector128<byte> Encrypt(Vector128<byte> block)
    {
        if (_platform is not null) return ByPlatform(block, encrypt: true);

        block ^= _keys[0];
        for (var i = 1; i < _rounds; i++) block = Processor.Encrypt(block, _keys[i]);
        return Processor.EncryptLast(block, _keys[_rounds]);
    }

    public readonly Vector128<byte> Decrypt(Vector128<byte> block)
    {
        if (_platform is not null) return ByPlatform(block, encrypt: false);

        block ^= _keys[_rounds];
        for (var i = _rounds - 1; i > 0; i--) block = Processor.Decrypt(block, _keys[i]);
        return Processor.DecryptLast(block, _keys[0]);
    }

    public void Dispose()
    {
        _platform?.Dispose();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<Vector128<byte>>)_keys));
    }

    private readonly Vector128<byte> ByPlatform(Vector128<byte> block, bool encrypt)
    {
        Span<byte> octets = stackalloc byte[Length];
        block.CopyTo(octets);
        if (encrypt) _platform!.EncryptEcb(octets, octets, PaddingMode.None);
        else _platform!.DecryptEcb(octets, octets, PaddingMode.None);
        return Vector128.Create<byte>(octets);
    }

    /// <summary>KeyExpansion (FIPS 197 §5.2); words lie in memory as their octets do, so RotWord turns right.</summary>
    private static void Expand(ReadOnlySpan<byte> key, Span<uint> words)
    {
        var given = key.Length / sizeof(uint);
        for (var i = 0; i < given; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * sizeof(uint))..]);

        byte constant = 1;
        for (var i = given; i < words.Length; i++)
        {
            var word = words[i - 1];
            if (i % given == 0)
            {
                word = uint.RotateRight(Substitute(word), 8) ^ constant;
                constant = (byte)((constant << 1) ^ ((constant >> 7) * 0x1B));
            }
            else if (given > 6 && i % given == 4)
            {
                word = Substitute(word);
            }

            words[i] = words[i - given] ^ word;
        }
    }

    private static uint Substitute(uint word) =>
        Processor.KeygenAssist(Vector128.Create(0, word, 0, 0).AsByte(), 0).AsUInt32().ToScalar();

    [InlineArray(15)]
    private struct Schedule
    {
        private Vector128<byte> _first;
    }
}

using System.Security.Cryptography;

namespace Tessera.VirtualCard.Sim.Authentication;

/// <summary>f1 to f5, f1* and f5* of 3GPP authentication by AES-128 (3GPP TS 35.206 §4.1).</summary>
/// <remarks>
/// <code>
/// TEMP = E(RAND xor OPc)
/// OUT1 = E(TEMP xor rot(IN1 xor OPc, 64)) xor OPc             IN1 = SQN 6 | AMF 2 | SQN | AMF
/// OUTn = E(rot(TEMP xor OPc, r) xor c) xor OPc                r, c = 0, 1; 32, 2; 64, 4; 96, 8 for n = 2 to 5
/// f1 = OUT1[0..8]  f1* = OUT1[8..16]  f5 = OUT2[0..6]  f2 = OUT2[8..16]  f3 = OUT3  f4 = OUT4  f5* = OUT5[0..6]
/// </code>
/// </remarks>
/// <param name="key">Stays the caller's.</param>
/// <param name="rand">The challenge, 16 octets.</param>
internal sealed class Milenage(SubscriberKey key, ReadOnlyMemory<byte> rand)
{
    public const int ChallengeLength = 16;
    public const int SequenceLength = 6;
    public const int FieldLength = 2;
    public const int MacLength = 8;

    private const int Block = 16;

    /// <summary>f1, f1*: the network's code and that of a card that wants to be in step again, 8 octets each.</summary>
    /// <param name="sequence">SQN, 6 octets.</param>
    /// <param name="field">AMF, 2 octets.</param>
    public (byte[] OfNetwork, byte[] OfCard) Codes(ReadOnlySpan<byte> sequence, ReadOnlySpan<byte> field)
    {
        Span<byte> input = stackalloc byte[Block];
        for (var half = 0; half < Block; half += Block / 2)
        {
            sequence.CopyTo(input[half..]);
            field.CopyTo(input[(half + SequenceLength)..]);
        }

        Xor(input, key.OperatorKey.Reveal());
        Rotate(input, 64);
        using var aes = key.Key.CreateAes();
        Xor(input, Temp(aes));
        var output = Last(aes, input);
        return (output[..MacLength], output[MacLength..]);
    }

    /// <summary>f2: the answer to the challenge, 8 octets.</summary>
    public byte[] Response() => Output(0, 1)[8..];

    /// <summary>f3, 16 octets.</summary>
    public byte[] CipherKey() => Output(32, 2);

    /// <summary>f4, 16 octets.</summary>
    public byte[] IntegrityKey() => Output(64, 4);

    /// <summary>f5: what hides SQN, 6 octets.</summary>
    public byte[] AnonymityKey() => Output(0, 1)[..SequenceLength];

    /// <summary>f5*: the same on the way back.</summary>
    public byte[] AnonymityKeyOfCard() => Output(96, 8)[..SequenceLength];

    private byte[] Output(int rotation, byte constant)
    {
        using var aes = key.Key.CreateAes();
        var input = Temp(aes);
        Xor(input, key.OperatorKey.Reveal());
        Rotate(input, rotation);
        input[^1] ^= constant;
        return Last(aes, input);
    }

    private byte[] Temp(Aes aes)
    {
        var temp = rand.ToArray();
        Xor(temp, key.OperatorKey.Reveal());
        aes.EncryptEcb(temp, temp, PaddingMode.None);
        return temp;
    }

    private byte[] Last(Aes aes, ReadOnlySpan<byte> input)
    {
        var output = aes.EncryptEcb(input, PaddingMode.None);
        Xor(output, key.OperatorKey.Reveal());
        return output;
    }

    /// <summary>To the left by whole octets.</summary>
    private static void Rotate(Span<byte> block, int bits)
    {
        Span<byte> rotated = stackalloc byte[Block];
        for (var i = 0; i < Block; i++) rotated[i] = block[(i + (bits / 8)) % Block];
        rotated.CopyTo(block);
    }

    private static void Xor(Span<byte> block, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < Block; i++) block[i] ^= other[i];
    }
}

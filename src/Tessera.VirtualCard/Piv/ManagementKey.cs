using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// The card management key 9B: who knows it may make keys and write objects (NIST SP 800-73-5 part 2).
/// </summary>
/// <remarks>
/// <code>
/// its cell   algorithm 1 | key 16, 24 or 32
///
/// host       7C { 81 - }                             gives a challenge c
///            7C { 82 E(c) }                          authenticates the host
/// both       7C { 80 - }                             gives E(w)
///            7C { 80 w, 81 c, 82 - }                 authenticates the host by w, and the card by 82 E(c)
/// </code>
/// The card enciphers nothing for a host that has not shown that it knows the key: otherwise the answer to a challenge
/// of the card could be had from the card itself. What was given serves one command only, the very next with this key.
/// </remarks>
internal sealed class ManagementKey(CardMemory memory, RandomNumberGenerator random)
{
    public const int MaxLength = 1 + 32;

    /// <summary>Where hosts ask for random octets, they name the default algorithm, which is triple DES.</summary>
    private const byte DefaultAlgorithm = 0x00;
    private const int DefaultChallenge = 8;

    private byte[]? _challenge;
    private byte[]? _witness;

    /// <summary>The host has shown that it knows the key.</summary>
    public bool IsAuthenticated { get; private set; }

    public static Bytes WriteCell(PivAlgorithm algorithm, ReadOnlySpan<byte> key) =>
        new((byte[])[(byte)algorithm, .. key]);

    /// <summary>Another key takes its place, of AES-128.</summary>
    public static void Keep(CardMemory memory, SecretKey key)
    {
        using var change = memory.Begin();
        change.Write(CellId.PivManagementKey, WriteCell(PivAlgorithm.Aes128, key.Reveal()).Span);
        change.Commit();
    }

    /// <summary>GENERAL AUTHENTICATE with the key reference 9B.</summary>
    public ResponseApdu Process(byte algorithm, AuthenticationTemplate template)
    {
        var (challenge, witness) = (_challenge, _witness);
        Drop();
        if (algorithm == DefaultAlgorithm && Algorithm != PivAlgorithm.TripleDes)
        {
            return template.IsChallengeRequest
                ? Answer(AuthenticationTemplate.ChallengeTag, Random(DefaultChallenge))
                : new ResponseApdu(StatusWord.IncorrectP1P2);
        }

        if (algorithm is not DefaultAlgorithm && algorithm != (byte)Algorithm)
            return new ResponseApdu(StatusWord.IncorrectP1P2);

        return template switch
        {
            { IsChallengeRequest: true } =>
                Answer(AuthenticationTemplate.ChallengeTag, _challenge = Random(BlockLength)),
            { IsWitnessRequest: true } =>
                Answer(AuthenticationTemplate.WitnessTag, Encipher(_witness = Random(BlockLength))),
            { Witness: null, Challenge: null, Response: { Length: > 0 } response } =>
                new ResponseApdu(Check(challenge is null ? null : Encipher(challenge), response)),
            { Witness: { Length: > 0 } shown, Challenge: { Length: > 0 } asked, Response: null or { Length: 0 } } =>
                Mutual(witness, shown, asked),
            _ => new ResponseApdu(StatusWord.WrongData),
        };
    }

    /// <summary>SET MANAGEMENT KEY of vendors: a new key, perhaps of another algorithm.</summary>
    public StatusWord Replace(PivAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        if (!IsAuthenticated) return StatusWord.SecurityStatusNotSatisfied;
        if (!IsSymmetric(algorithm) || key.Length != algorithm.KeyLength()) return StatusWord.WrongData;

        Span<byte> cell = stackalloc byte[1 + key.Length];
        cell[0] = (byte)algorithm;
        key.CopyTo(cell[1..]);
        using var change = memory.Begin();
        change.Write(CellId.PivManagementKey, cell);
        change.Commit();
        CryptographicOperations.ZeroMemory(cell);
        return StatusWord.Success;
    }

    public void Forget()
    {
        IsAuthenticated = false;
        Drop();
    }

    public static bool IsSymmetric(PivAlgorithm algorithm) =>
        algorithm is PivAlgorithm.TripleDes or PivAlgorithm.Aes128 or PivAlgorithm.Aes192 or PivAlgorithm.Aes256;

    private PivAlgorithm Algorithm => (PivAlgorithm)memory.Read(CellId.PivManagementKey)[0];

    private int BlockLength => PivManagementCipher.BlockLength(Algorithm);

    private ResponseApdu Mutual(byte[]? witness, Bytes shown, Bytes asked)
    {
        if (asked.Length != BlockLength) return new ResponseApdu(StatusWord.WrongData);
        var status = Check(witness, shown);
        return status.IsSuccess
            ? Answer(AuthenticationTemplate.ResponseTag, Encipher(asked.Span))
            : new ResponseApdu(status);
    }

    private StatusWord Check(byte[]? expected, Bytes shown)
    {
        IsAuthenticated = expected is not null && CryptographicOperations.FixedTimeEquals(expected, shown.Span);
        return IsAuthenticated ? StatusWord.Success : StatusWord.SecurityStatusNotSatisfied;
    }

    private byte[] Encipher(ReadOnlySpan<byte> block) =>
        PivManagementCipher.Encipher(Algorithm, memory.Read(CellId.PivManagementKey)[1..], block);

    private byte[] Random(int length)
    {
        var octets = new byte[length];
        random.GetBytes(octets);
        return octets;
    }

    private void Drop() => (_challenge, _witness) = (null, null);

    private static ResponseApdu Answer(ushort tag, byte[] value) =>
        new(AuthenticationTemplate.Write(tag, value), StatusWord.Success);
}

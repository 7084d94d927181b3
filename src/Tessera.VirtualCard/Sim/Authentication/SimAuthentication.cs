using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Authentication;

/// <summary>What came of a challenge of the third generation.</summary>
/// <param name="Answer">RES, CK, IK and Kc; null where the network did not prove itself, or is out of step.</param>
/// <param name="Resynchronisation">AUTS, 14 octets, where it is out of step.</param>
internal readonly record struct NetworkChallenge(SessionSecrets? Answer, Bytes? Resynchronisation);

/// <summary>What card and network have in common after a challenge.</summary>
internal sealed record SessionSecrets(Bytes Response, Bytes CipherKey, Bytes IntegrityKey, Bytes GsmKey);

/// <summary>
/// A SIM's half of authentication (3GPP TS 33.102 §6.3, conversion functions of §6.8.1.2, sequence numbers of annex C).
/// </summary>
/// <remarks>
/// <code>
/// keys        K 16 | OPc 16
/// sequences   the highest SEQ taken, 6 octets, for each of the 32 values of IND; SQN = SEQ 43 bits | IND 5 bits
/// AUTN        SQN xor f5 6 | AMF 2 | f1 8
/// AUTS        highest SQN xor f5* 6 | f1* over it and AMF 0000 8
/// </code>
/// A SEQ that was taken is kept before anything is answered.
/// </remarks>
internal sealed class SimAuthentication(CardMemory memory)
{
    public const int TokenLength = Milenage.SequenceLength + Milenage.FieldLength + Milenage.MacLength;

    private const int Indices = 32;
    private const int IndexBits = 5;
    private const int SequencesLength = Indices * Milenage.SequenceLength;

    public static IEnumerable<NewCell> Cells(SubscriberKey key)
    {
        byte[] keys = [.. key.Key.Reveal(), .. key.OperatorKey.Reveal()];
        yield return new(CellId.SubscriberKey, keys.Length, new Bytes(keys));
        yield return new(CellId.Sequences, SequencesLength, new Bytes(new byte[SequencesLength]));
    }

    /// <summary>RUN GSM ALGORITHM: SRES 4, Kc 8.</summary>
    public Bytes RunGsm(Bytes challenge)
    {
        using var key = OpenKey();
        var milenage = new Milenage(key, challenge.Memory);
        var response = milenage.Response();
        for (var i = 0; i < 4; i++) response[i] ^= response[i + 4];
        return new Bytes((byte[])[.. response.AsSpan(0, 4), .. GsmKey(milenage.CipherKey(), milenage.IntegrityKey()).Span]);
    }

    /// <summary>AUTHENTICATE: the network proves itself, then the card does.</summary>
    public NetworkChallenge Authenticate(Bytes challenge, ReadOnlySpan<byte> token)
    {
        using var key = OpenKey();
        var milenage = new Milenage(key, challenge.Memory);
        var sequence = token[..Milenage.SequenceLength].ToArray();
        Hide(sequence, milenage.AnonymityKey());
        var field = token.Slice(Milenage.SequenceLength, Milenage.FieldLength);
        var code = token[(Milenage.SequenceLength + Milenage.FieldLength)..];
        if (!CryptographicOperations.FixedTimeEquals(milenage.Codes(sequence, field).OfNetwork, code)) return default;
        if (!TryTake(Number(sequence))) return new NetworkChallenge(null, Resynchronisation(milenage));

        var (cipher, integrity) = (milenage.CipherKey(), milenage.IntegrityKey());
        return new NetworkChallenge(
            new SessionSecrets(
                new Bytes(milenage.Response()), new Bytes(cipher), new Bytes(integrity), GsmKey(cipher, integrity)),
            null);
    }

    /// <summary>c3: CK and IK, all halves by exclusive or.</summary>
    private static Bytes GsmKey(ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> integrity)
    {
        var key = new byte[8];
        for (var i = 0; i < key.Length; i++)
            key[i] = (byte)(cipher[i] ^ cipher[i + 8] ^ integrity[i] ^ integrity[i + 8]);
        return new Bytes(key);
    }

    private static void Hide(Span<byte> sequence, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < sequence.Length; i++) sequence[i] ^= mask[i];
    }

    private static ulong Number(ReadOnlySpan<byte> octets)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        octets.CopyTo(wide[2..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }

    private static byte[] Octets(ulong number)
    {
        var wide = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(wide, number);
        return wide[2..];
    }

    /// <summary>Above all that were taken with the same IND (annex C.2.2).</summary>
    private bool TryTake(ulong number)
    {
        var at = (int)(number & (Indices - 1)) * Milenage.SequenceLength;
        var sequences = memory.Read(CellId.Sequences).ToArray();
        if (number >> IndexBits <= Number(sequences.AsSpan(at, Milenage.SequenceLength))) return false;

        Octets(number >> IndexBits).CopyTo(sequences, at);
        using var change = memory.Begin();
        change.Write(CellId.Sequences, sequences);
        change.Commit();
        return true;
    }

    /// <summary>AUTS, with the highest SQN of all.</summary>
    private Bytes Resynchronisation(Milenage milenage)
    {
        var highest = 0UL;
        var sequences = memory.Read(CellId.Sequences);
        for (var index = 0; index < Indices; index++)
        {
            var taken = Number(sequences.Slice(index * Milenage.SequenceLength, Milenage.SequenceLength));
            highest = Math.Max(highest, (taken << IndexBits) | (uint)index);
        }

        var sequence = Octets(highest);
        var (_, code) = milenage.Codes(sequence, stackalloc byte[Milenage.FieldLength]);
        Hide(sequence, milenage.AnonymityKeyOfCard());
        return new Bytes((byte[])[.. sequence, .. code]);
    }

    private SubscriberKey OpenKey()
    {
        var octets = memory.Read(CellId.SubscriberKey);
        return new SubscriberKey(
            new SecretKey(octets[..SubscriberKey.Length]), new SecretKey(octets[SubscriberKey.Length..]));
    }
}

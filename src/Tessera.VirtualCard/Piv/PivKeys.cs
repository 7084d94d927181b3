using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>The asymmetric keys in the slots of the PIV application: made, brought in and used.</summary>
internal sealed class PivKeys(CardMemory memory)
{
    private const ushort ControlReference = 0xAC;
    private const ushort AlgorithmTag = 0x80;
    private const ushort PublicKeyTemplate = 0x7F49;
    private const ushort PrivateNumberTag = 0x06;
    private const int RsaParts = 5;

    /// <summary>GENERATE ASYMMETRIC KEY PAIR (NIST SP 800-73-5 part 2), by an authenticated host.</summary>
    /// <exception cref="WireFormatException">The data are no control reference template.</exception>
    public ResponseApdu Generate(byte reference, ReadOnlySpan<byte> data)
    {
        if (PivSlot.Find(reference) is not { } slot) return new ResponseApdu(StatusWord.IncorrectP1P2);

        var outer = new ByteReader(data);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, ControlReference, "control reference template"));
        outer.ReadEnd("control reference template");
        var named = Tlv.ReadExpected(ref reader, AlgorithmTag, "algorithm");
        reader.ReadEnd("control reference template");
        if (named.Length != 1 || !IsAsymmetric((PivAlgorithm)named[0])) return new ResponseApdu(StatusWord.WrongData);

        using var made = PivKey.Generate((PivAlgorithm)named[0]);
        using var key = PivKey.Of(made);
        Keep(slot, key);
        return new ResponseApdu(Bytes.Of(new Tlv(PublicKeyTemplate, key.PublicKey)), StatusWord.Success);
    }

    /// <summary>
    /// IMPORT ASYMMETRIC KEY of vendors, by an authenticated host: 01 p, 02 q, 03 dp, 04 dq, 05 1/q; or 06 d.
    /// </summary>
    /// <exception cref="WireFormatException">The data are no such list.</exception>
    public StatusWord Import(byte algorithm, byte reference, ReadOnlySpan<byte> data)
    {
        if (PivSlot.Find(reference) is not { } slot || !IsAsymmetric((PivAlgorithm)algorithm))
            return StatusWord.IncorrectP1P2;

        using var key = Imported((PivAlgorithm)algorithm, data);
        if (key is null) return StatusWord.WrongData;
        Keep(slot, key);
        return StatusWord.Success;
    }

    /// <summary>The key in a slot; null where there is none. The caller disposes it.</summary>
    public PivKey? Open(PivSlot slot)
    {
        var cell = memory.Read(slot.Cell);
        return cell.IsEmpty ? null : PivKey.Read(cell);
    }

    private static bool IsAsymmetric(PivAlgorithm algorithm) => algorithm.IsRsa() || algorithm.IsEllipticCurve();

    private static PivKey? Imported(PivAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        var reader = new ByteReader(data);
        if (algorithm.IsEllipticCurve())
        {
            var d = Tlv.ReadExpected(ref reader, PrivateNumberTag, "private key");
            reader.ReadEnd("private key");
            return PivEcKey.Import(algorithm, d);
        }

        var parts = new List<byte[]>();
        try
        {
            for (ushort i = 0; i < RsaParts; i++)
                parts.Add(Tlv.ReadExpected(ref reader, (ushort)(i + 1), "part of a private key").ToArray());
            reader.ReadEnd("private key");
        }
        catch (WireFormatException)
        {
            foreach (var part in parts) CryptographicOperations.ZeroMemory(part);
            throw;
        }

        return PivRsaKey.Import(algorithm, [.. parts]);
    }

    private void Keep(PivSlot slot, PivKey key)
    {
        var cell = key.Write();
        using var change = memory.Begin();
        change.Write(slot.Cell, cell);
        change.Commit();
        CryptographicOperations.ZeroMemory(cell);
    }
}

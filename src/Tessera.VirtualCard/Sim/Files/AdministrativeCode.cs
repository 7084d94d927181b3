using System.Security.Cryptography;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>
/// The issuer's way to the files that no CHV opens (access condition ADM, 3GPP TS 51.011 §7.3): a code of 8 octets that
/// nothing unblocks.
/// </summary>
/// <remarks>
/// <code>
/// administrator    tries left 1 | code 8
/// </code>
/// </remarks>
internal sealed class AdministrativeCode(CardMemory memory)
{
    public const int MaxTries = 10;
    public const int CellLength = 1 + Chv.Length;

    private bool _verified;

    public bool Exists => memory.Has(CellId.Administrator);

    public bool IsSatisfied => _verified;

    public int Tries => memory.Read(CellId.Administrator)[0];

    public static NewCell NewCell(ReadOnlySpan<byte> code) =>
        new(CellId.Administrator, CellLength, new Wire.Bytes((byte[])[MaxTries, .. code]));

    public ChvVerdict Verify(ReadOnlySpan<byte> code)
    {
        if (Tries == 0) return ChvVerdict.Blocked;
        Write(Tries - 1);
        _verified = CryptographicOperations.FixedTimeEquals(memory.Read(CellId.Administrator)[1..], code);
        if (!_verified) return Tries == 0 ? ChvVerdict.Blocked : ChvVerdict.Wrong;
        Write(MaxTries);
        return ChvVerdict.Right;
    }

    /// <summary>Power is gone.</summary>
    public void Forget() => _verified = false;

    private void Write(int tries)
    {
        using var change = memory.Begin();
        change.Write(CellId.Administrator, [(byte)tries, .. memory.Read(CellId.Administrator)[1..]]);
        change.Commit();
    }
}

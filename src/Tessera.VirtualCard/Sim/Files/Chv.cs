using System.Security.Cryptography;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>What came of a CHV that was presented.</summary>
internal enum ChvVerdict
{
    Right,
    Wrong,
    Blocked,

    /// <summary>It is disabled, or is not; no try was taken.</summary>
    ContradictsState,

    /// <summary>What it was to become is none; no try was taken.</summary>
    BadForm,
}

/// <summary>
/// One of the PINs of the telephony files with its UNBLOCK CHV (3GPP TS 51.011 §8.9 to §8.13, §11.3.1): the same for
/// both classes, and unknown to the purse.
/// </summary>
/// <remarks>
/// <code>
/// CHV           enabled 1 | tries left 1 | CHV 8, ASCII digits padded FF
/// UNBLOCK CHV   tries left 1 | value 8
/// </code>
/// A try is taken in non-volatile memory before anything is compared, and given back when it was right.
/// </remarks>
internal sealed class Chv(CardMemory memory, byte cell, byte unblockCell)
{
    public const int Length = 8;
    public const int MaxTries = 3;
    public const int MaxUnblockTries = 10;
    public const int CellLength = 2 + Length;
    public const int UnblockCellLength = 1 + Length;

    private const int MinDigits = 4;

    private bool _verified;

    /// <summary>False on a SIM that was made without it.</summary>
    public bool Exists => memory.Has(cell);

    public bool IsEnabled => memory.Read(cell)[0] != 0;

    public int Tries => memory.Read(cell)[1];

    public int UnblockTries => memory.Read(unblockCell)[0];

    /// <summary>It was verified, or need not be.</summary>
    public bool IsSatisfied => Exists && (_verified || !IsEnabled);

    /// <summary>What a SIM is made with.</summary>
    /// <exception cref="ArgumentException">Not 4 to 8 digits, or not 8 to unblock.</exception>
    public static IEnumerable<NewCell> Cells(byte cell, byte unblockCell, bool enabled, string chv, string unblock)
    {
        var (value, unblockValue) = (Padded(chv), Padded(unblock));
        if (!IsChv(value)) throw new ArgumentException("A CHV has 4 to 8 digits.", nameof(chv));
        if (!IsChv(unblockValue) || unblock.Length != Length)
            throw new ArgumentException("An UNBLOCK CHV has 8 digits.", nameof(unblock));

        yield return new(cell, CellLength, new Wire.Bytes(WriteCell(enabled, MaxTries, value)));
        yield return new(unblockCell, UnblockCellLength, new Wire.Bytes((byte[])[MaxUnblockTries, .. unblockValue]));
    }

    /// <summary>4 to 8 digits, padded FF.</summary>
    public static bool IsChv(ReadOnlySpan<byte> chv)
    {
        var digits = chv.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return chv.Length == Length &&
            (digits < 0 || (digits >= MinDigits && !chv[digits..].ContainsAnyExcept((byte)0xFF)));
    }

    public ChvVerdict Verify(ReadOnlySpan<byte> chv) => Present(chv, enabled: true, chv);

    public ChvVerdict Change(ReadOnlySpan<byte> old, ReadOnlySpan<byte> becomes) => Present(old, enabled: true, becomes);

    public ChvVerdict Disable(ReadOnlySpan<byte> chv) => Present(chv, enabled: false, chv);

    public ChvVerdict Enable(ReadOnlySpan<byte> chv) =>
        IsEnabled ? ChvVerdict.ContradictsState : Compare(chv, enabled: true, chv);

    public ChvVerdict Unblock(ReadOnlySpan<byte> value, ReadOnlySpan<byte> becomes)
    {
        if (!IsChv(becomes)) return ChvVerdict.BadForm;
        if (UnblockTries == 0) return ChvVerdict.Blocked;
        Write(unblockCell, [(byte)(UnblockTries - 1), .. memory.Read(unblockCell)[1..]]);
        if (!CryptographicOperations.FixedTimeEquals(memory.Read(unblockCell)[1..], value))
            return UnblockTries == 0 ? ChvVerdict.Blocked : ChvVerdict.Wrong;

        using var change = memory.Begin();
        change.Write(unblockCell, [MaxUnblockTries, .. value]);
        change.Write(cell, WriteCell(enabled: true, MaxTries, becomes));
        change.Commit();
        _verified = true;
        return ChvVerdict.Right;
    }

    /// <summary>Power is gone.</summary>
    public void Forget() => _verified = false;

    private static byte[] WriteCell(bool enabled, int tries, ReadOnlySpan<byte> chv) =>
        [(byte)(enabled ? 1 : 0), (byte)tries, .. chv];

    private static byte[] Padded(string digits)
    {
        var octets = new byte[Length];
        octets.AsSpan().Fill(0xFF);
        System.Text.Encoding.ASCII.TryGetBytes(digits, octets, out _);
        return octets;
    }

    /// <summary>When it is right it becomes what the command makes of it.</summary>
    private ChvVerdict Present(ReadOnlySpan<byte> presented, bool enabled, ReadOnlySpan<byte> becomes) =>
        IsEnabled ? Compare(presented, enabled, becomes) : ChvVerdict.ContradictsState;

    private ChvVerdict Compare(ReadOnlySpan<byte> presented, bool enabled, ReadOnlySpan<byte> becomes)
    {
        if (!IsChv(becomes) && !becomes.SequenceEqual(presented)) return ChvVerdict.BadForm;
        if (Tries == 0) return ChvVerdict.Blocked;
        Write(cell, WriteCell(IsEnabled, Tries - 1, memory.Read(cell)[2..]));
        _verified = CryptographicOperations.FixedTimeEquals(memory.Read(cell)[2..], presented);
        if (!_verified) return Tries == 0 ? ChvVerdict.Blocked : ChvVerdict.Wrong;

        Write(cell, WriteCell(enabled, MaxTries, becomes));
        return ChvVerdict.Right;
    }

    private void Write(byte id, ReadOnlySpan<byte> content)
    {
        using var change = memory.Begin();
        change.Write(id, content);
        change.Commit();
    }
}

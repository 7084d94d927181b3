using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>
/// CHV1, the PIN of the telephony files, and its UNBLOCK CHV (3GPP TS 51.011 §8.9 to §8.13, §11.3.1). The purse knows
/// nothing of it, and it nothing of the PIN of the purse.
/// </summary>
/// <remarks>
/// <code>
/// CHV1           enabled 1 | tries left 1 | CHV 8, ASCII digits padded FF
/// UNBLOCK CHV1   tries left 1 | value 8
/// </code>
/// A try is taken in non-volatile memory before anything is compared, and given back when it was right.
/// </remarks>
internal sealed class Chv(CardMemory memory)
{
    public const int Length = 8;
    public const int MaxTries = 3;
    public const int MaxUnblockTries = 10;
    public const int CellLength = 2 + Length;
    public const int UnblockCellLength = 1 + Length;

    private const int MinDigits = 4;
    private const byte First = 0x01;
    private const byte Second = 0x02;
    private const byte UnblockFirst = 0x00;

    private bool _verified;

    public bool IsEnabled => memory.Read(CellId.Chv1)[0] != 0;

    public int Tries => memory.Read(CellId.Chv1)[1];

    public int UnblockTries => memory.Read(CellId.UnblockChv1)[0];

    public bool Grants(SimAccess access) =>
        access == SimAccess.Always || (access == SimAccess.Chv1 && (_verified || !IsEnabled));

    /// <summary>VERIFY, CHANGE, DISABLE, ENABLE or UNBLOCK CHV.</summary>
    public StatusWord Process(CommandApdu command)
    {
        var data = command.Data.Span;
        var length = command.Ins is 0x24 or 0x2C ? 2 * Length : Length;
        return command switch
        {
            { P1: not 0 } => SimStatus.WrongP1P2,
            _ when data.Length != length => SimStatus.WrongLength(length),
            { Ins: 0x2C, P2: not UnblockFirst } => RefuseNumber(command.P2),
            { Ins: 0x2C } => Unblock(data[..Length], data[Length..]),
            { P2: not First } => RefuseNumber(command.P2),
            { Ins: 0x28 } => IsEnabled ? SimStatus.ContradictsChv : Present(data, enabled: true, data),
            _ when !IsEnabled => SimStatus.ContradictsChv,
            { Ins: 0x24 } => Present(data[..Length], enabled: true, data[Length..]),
            { Ins: 0x26 } => Present(data, enabled: false, data),
            _ => Present(data, enabled: true, data),
        };
    }

    /// <summary>Power is gone.</summary>
    public void Forget() => _verified = false;

    /// <summary>What the cell of CHV1 holds.</summary>
    public static byte[] WriteCell(bool enabled, int tries, ReadOnlySpan<byte> chv) =>
        [(byte)(enabled ? 1 : 0), (byte)tries, .. chv];

    /// <summary>4 to 8 digits, padded FF.</summary>
    public static bool IsChv(ReadOnlySpan<byte> chv)
    {
        var digits = chv.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return chv.Length == Length &&
            (digits < 0 || (digits >= MinDigits && !chv[digits..].ContainsAnyExcept((byte)0xFF)));
    }

    private static StatusWord RefuseNumber(byte number) =>
        number == Second ? SimStatus.NoChv : SimStatus.WrongP1P2;

    /// <summary>CHV1 is presented; when it is right it becomes what the command makes of it.</summary>
    private StatusWord Present(ReadOnlySpan<byte> presented, bool enabled, ReadOnlySpan<byte> becomes)
    {
        if (!IsChv(becomes) && !becomes.SequenceEqual(presented)) return SimStatus.TechnicalProblem;
        if (Tries == 0) return SimStatus.ChvBlocked;
        WriteChv(IsEnabled, Tries - 1, memory.Read(CellId.Chv1)[2..]);
        _verified = CryptographicOperations.FixedTimeEquals(memory.Read(CellId.Chv1)[2..], presented);
        if (!_verified) return Tries == 0 ? SimStatus.ChvBlocked : SimStatus.AccessDenied;

        WriteChv(enabled, MaxTries, becomes);
        return SimStatus.Success;
    }

    private StatusWord Unblock(ReadOnlySpan<byte> presented, ReadOnlySpan<byte> becomes)
    {
        if (!IsChv(becomes)) return SimStatus.TechnicalProblem;
        if (UnblockTries == 0) return SimStatus.ChvBlocked;
        WriteUnblock(UnblockTries - 1, memory.Read(CellId.UnblockChv1)[1..]);
        if (!CryptographicOperations.FixedTimeEquals(memory.Read(CellId.UnblockChv1)[1..], presented))
            return UnblockTries == 0 ? SimStatus.ChvBlocked : SimStatus.AccessDenied;

        using var change = memory.Begin();
        change.Write(CellId.UnblockChv1, [MaxUnblockTries, .. presented]);
        change.Write(CellId.Chv1, WriteCell(enabled: true, MaxTries, becomes));
        change.Commit();
        _verified = true;
        return SimStatus.Success;
    }

    private void WriteChv(bool enabled, int tries, ReadOnlySpan<byte> chv)
    {
        using var change = memory.Begin();
        change.Write(CellId.Chv1, WriteCell(enabled, tries, chv));
        change.Commit();
    }

    private void WriteUnblock(int tries, ReadOnlySpan<byte> value)
    {
        using var change = memory.Begin();
        change.Write(CellId.UnblockChv1, [(byte)tries, .. value]);
        change.Commit();
    }
}

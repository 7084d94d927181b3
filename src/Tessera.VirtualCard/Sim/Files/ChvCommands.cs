using Tessera.Cards;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>VERIFY, CHANGE, DISABLE, ENABLE and UNBLOCK CHV of class A0 (3GPP TS 51.011 §8.9 to §8.13).</summary>
/// <remarks>
/// <code>
/// P2    01 CHV1, 02 CHV2; UNBLOCK 00 and 02; VERIFY 0A the administrative code
/// </code>
/// </remarks>
internal sealed class ChvCommands(SimSecurity security)
{
    public const byte Verify = 0x20;
    public const byte Change = 0x24;
    public const byte Disable = 0x26;
    public const byte Enable = 0x28;
    public const byte Unblock = 0x2C;

    private const byte First = 0x01;
    private const byte Second = 0x02;
    private const byte UnblockFirst = 0x00;
    private const byte Administrator = 0x0A;

    public StatusWord Process(CommandApdu command)
    {
        if (command.P1 != 0) return SimStatus.WrongP1P2;
        var data = command.Data.Span;
        var length = LengthOf(command.Ins);
        if (data.Length != length) return SimStatus.WrongLength(length);
        if (command is { Ins: Verify, P2: Administrator })
            return security.Administrator.Exists ? Status(security.Administrator.Verify(data)) : SimStatus.NoChv;

        var chv = command switch
        {
            { Ins: Unblock, P2: UnblockFirst } or { Ins: not Unblock, P2: First } => security.Chv1,
            { Ins: Unblock or Verify or Change, P2: Second } => security.Chv2,
            _ => null,
        };
        if (chv is null) return SimStatus.WrongP1P2;
        return chv.Exists ? Status(Present(chv, command.Ins, data)) : SimStatus.NoChv;
    }

    /// <summary>Octets of data that a command has.</summary>
    public static int LengthOf(byte ins) => ins is Change or Unblock ? 2 * Chv.Length : Chv.Length;

    /// <param name="data">As many as <see cref="LengthOf"/> says.</param>
    public static ChvVerdict Present(Chv chv, byte ins, ReadOnlySpan<byte> data) => ins switch
    {
        Verify => chv.Verify(data),
        Change => chv.Change(data[..Chv.Length], data[Chv.Length..]),
        Disable => chv.Disable(data),
        Enable => chv.Enable(data),
        _ => chv.Unblock(data[..Chv.Length], data[Chv.Length..]),
    };

    private static StatusWord Status(ChvVerdict verdict) => verdict switch
    {
        ChvVerdict.Right => SimStatus.Success,
        ChvVerdict.Wrong => SimStatus.AccessDenied,
        ChvVerdict.Blocked => SimStatus.ChvBlocked,
        ChvVerdict.ContradictsState => SimStatus.ContradictsChv,
        _ => SimStatus.TechnicalProblem,
    };
}

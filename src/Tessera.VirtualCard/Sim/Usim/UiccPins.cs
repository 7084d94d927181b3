using Tessera.Cards;
using Tessera.VirtualCard.Sim.Files;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>
/// VERIFY, CHANGE, DISABLE, ENABLE and UNBLOCK PIN of a UICC (ETSI TS 102 221 §11.1.9 to §11.1.13): the CHVs of class A0
/// under the references of the UICC, with the same tries.
/// </summary>
internal sealed class UiccPins(SimSecurity security)
{
    /// <summary>PIN of the application: CHV1.</summary>
    public const byte First = 0x01;

    /// <summary>Second PIN of the application: CHV2, which is never disabled.</summary>
    public const byte Second = 0x81;

    /// <summary>The administrative code, which is verified and nothing else.</summary>
    public const byte Administrator = 0x0A;

    public StatusWord Process(CommandApdu command)
    {
        if (command.P1 != 0) return StatusWord.IncorrectP1P2;
        var data = command.Data.Span;
        if (command.P2 == Administrator && security.Administrator.Exists) return Administer(command.Ins, data);
        var chv = command.P2 switch
        {
            First => security.Chv1,
            Second when security.Chv2.Exists => security.Chv2,
            _ => null,
        };
        if (chv is null) return StatusWord.ReferencedDataNotFound;

        var isUnblock = command.Ins == ChvCommands.Unblock;
        if (data.IsEmpty && command.Ins == ChvCommands.Verify)
            return chv.IsSatisfied ? StatusWord.Success : TriesLeft(chv.Tries);
        if (data.IsEmpty && isUnblock) return TriesLeft(chv.UnblockTries);
        if (data.Length != ChvCommands.LengthOf(command.Ins)) return StatusWord.WrongLength;
        if (chv == security.Chv2 && command.Ins is ChvCommands.Disable or ChvCommands.Enable)
            return UiccStatus.FunctionNotSupported;
        return Status(ChvCommands.Present(chv, command.Ins, data), isUnblock ? chv.UnblockTries : chv.Tries, command.Ins);
    }

    private StatusWord Administer(byte ins, ReadOnlySpan<byte> code)
    {
        var administrator = security.Administrator;
        if (ins != ChvCommands.Verify) return UiccStatus.FunctionNotSupported;
        if (code.IsEmpty) return administrator.IsSatisfied ? StatusWord.Success : TriesLeft(administrator.Tries);
        if (code.Length != Chv.Length) return StatusWord.WrongLength;
        var verdict = administrator.Verify(code);
        return Status(verdict, administrator.Tries, ins);
    }

    private static StatusWord TriesLeft(int tries) =>
        tries == 0 ? StatusWord.AuthenticationBlocked : StatusWord.WithTriesLeft(tries);

    private static StatusWord Status(ChvVerdict verdict, int triesLeft, byte ins) => verdict switch
    {
        ChvVerdict.Right => StatusWord.Success,
        ChvVerdict.Wrong or ChvVerdict.Blocked => TriesLeft(verdict == ChvVerdict.Blocked ? 0 : triesLeft),
        ChvVerdict.ContradictsState when ins == ChvCommands.Enable => StatusWord.ConditionsNotSatisfied,
        ChvVerdict.ContradictsState => UiccStatus.Invalidated,
        _ => StatusWord.WrongData,
    };
}

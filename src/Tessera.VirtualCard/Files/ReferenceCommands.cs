using Tessera.Cards;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Files;

/// <summary>
/// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER for passwords in files (ISO/IEC 7816-4:2005 §7.5).
/// </summary>
/// <remarks>
/// <code>
/// P2   b8 0: a password of the MF; 1: of the nearest directory upwards   b5 to b1: its number, 1 to 14
/// 20   P1 00 data: the password, none asks for the tries | P1 FF: it counts no more
/// 24   P1 00 old, new | P1 01 new
/// 2C   P1 00 resetting code, new | 01 resetting code | 02 new | 03 nothing
/// </code>
/// Without the old password or the resetting code it takes what the file asks for UPDATE.
/// </remarks>
internal sealed class ReferenceCommands(FileContext context)
{
    private const byte Clear = 0xFF;

    public StatusWord Process(CommandApdu command)
    {
        if (Find(context, ReferenceKind.Password, command.P2, out var refused) is not { } file) return refused;

        var password = new ReferenceFile(context.Volume, file);
        return command.Ins switch
        {
            0x20 => Verify(command, password),
            0x24 => Change(command, password),
            _ => Reset(command, password),
        };
    }

    /// <summary>The password or key that P2 names.</summary>
    public static CardFile? Find(FileContext context, ReferenceKind kind, byte p2, out StatusWord refused)
    {
        var number = p2 & 0x1F;
        refused = StatusWord.IncorrectP1P2;
        if ((p2 & 0x60) != 0 || number is 0 or > 14) return null;

        var from = (p2 & 0x80) == 0 ? context.Volume.Master : context.Directory;
        var file = context.Security.Find(from, kind, number);
        refused = file switch
        {
            null => StatusWord.ReferencedDataNotFound,
            { IsUsable: false } => FileStatus.NotUsable,
            _ => StatusWord.Success,
        };
        return refused.IsSuccess ? file : null;
    }

    /// <summary>Compares, and counts the try before it does.</summary>
    public static StatusWord Compare(CardMemory memory, ReferenceFile reference, Func<bool> isRight)
    {
        if (!reference.TryTake(memory)) return StatusWord.AuthenticationBlocked;
        if (!isRight()) return StatusWord.WithTriesLeft(reference.TriesLeft);
        reference.Restore(memory);
        return StatusWord.Success;
    }

    private StatusWord Verify(CommandApdu command, ReferenceFile password)
    {
        var granted = context.Selection.Granted;
        if (command.P1 == Clear)
        {
            if (command.Data.Length > 0) return StatusWord.WrongLength;
            granted.Remove(password.File);
            return StatusWord.Success;
        }

        if (command.P1 != 0) return StatusWord.IncorrectP1P2;
        if (command.Data.Length == 0)
            return password.TriesLeft == 0 ? StatusWord.AuthenticationBlocked
                : granted.Contains(password.File) ? StatusWord.Success
                : StatusWord.WithTriesLeft(password.TriesLeft);
        if (command.Data.Length != password.Length) return StatusWord.WrongLength;

        granted.Remove(password.File);
        var status = Compare(context.Memory, password, () => password.Matches(command.Data.Span));
        if (status.IsSuccess) granted.Add(password.File);
        return status;
    }

    private StatusWord Change(CommandApdu command, ReferenceFile password)
    {
        var length = password.Length;
        if (command.P1 > 1) return StatusWord.IncorrectP1P2;
        if (command.Data.Length != (command.P1 == 0 ? 2 * length : length)) return StatusWord.WrongLength;

        var status = command.P1 == 0
            ? Compare(context.Memory, password, () => password.Matches(command.Data.Span[..length]))
            : MayUpdate(password, command.Ins);
        if (status.IsSuccess) password.Become(context.Memory, command.Data.Span[^length..]);
        else if (command.P1 == 0) context.Selection.Granted.Remove(password.File);
        return status;
    }

    private StatusWord Reset(CommandApdu command, ReferenceFile password)
    {
        if (command.P1 > 3) return StatusWord.IncorrectP1P2;
        var code = (command.P1 & 2) == 0 ? CodeOf(password) : null;
        if ((command.P1 & 2) == 0 && code is null) return StatusWord.ReferencedDataNotFound;
        var codeLength = code?.Length ?? 0;
        var newLength = (command.P1 & 1) == 0 ? password.Length : 0;
        if (command.Data.Length != codeLength + newLength) return StatusWord.WrongLength;

        var status = code is { } given
            ? Compare(context.Memory, given, () => given.Matches(command.Data.Span[..codeLength]))
            : MayUpdate(password, command.Ins);
        if (!status.IsSuccess) return status;

        foreach (var selection in context.Selections.All) selection.Granted.Remove(password.File);
        using var change = context.Memory.Begin();
        if (newLength > 0) password.Become(change, command.Data.Span[codeLength..]);
        else password.Restore(change);
        change.Commit();
        return StatusWord.Success;
    }

    private ReferenceFile? CodeOf(ReferenceFile password)
    {
        var code = context.Security.Find(password.File.Parent!, ReferenceKind.Password, password.ResettingCode);
        return code is { IsUsable: true } ? new ReferenceFile(context.Volume, code) : null;
    }

    private StatusWord MayUpdate(ReferenceFile password, byte instruction) =>
        context.Security.Refuse(password.File, AccessMode.Update, instruction) ?? StatusWord.Success;
}

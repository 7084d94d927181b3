using Tessera.Cards;
using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>SELECT and STATUS of a UICC (ETSI TS 102 221 §11.1.1, §11.1.2).</summary>
/// <remarks>
/// <code>
/// P1  00 identifier, none or 3F00 for the MF, 7FFF for the ADF of the open session: in the current directory, itself,
///     its parent, a directory beside it
///     01 directory in the current one   03 its parent   08 path from the MF   09 path from the current directory
/// P2  04, 00  file control parameters, 0C nothing
/// STATUS  P1 00 to 02, what the terminal tells   P2 00 parameters of the current directory, 01 name, 0C nothing
/// </code>
/// </remarks>
internal sealed class UiccSelect(SimContents contents, UiccTemplates templates)
{
    private const byte TemplateBits = 0x0C;
    private const byte NoTemplate = 0x0C;
    private const byte NameOnly = 0x01;
    private const byte LastReason = 0x02;
    private const ushort NameTag = 0x84;

    public ResponseApdu Process(CommandApdu command, UiccSelection here)
    {
        if (RefuseP2(command.P2) is { } refused) return new ResponseApdu(refused);
        var path = command.Data.Span;
        var isWrong = command.P1 switch
        {
            0x00 => path.Length is not (0 or 2),
            0x01 => path.Length != 2,
            0x03 => path.Length != 0,
            0x08 or 0x09 => path.Length < 2 || path.Length % 2 != 0,
            _ => false,
        };
        if (isWrong) return new ResponseApdu(StatusWord.WrongLength);

        var id = path.Length == 2 ? IdIn(path) : SimFiles.Master.Id;
        var (directory, file) = command.P1 switch
        {
            0x00 => Near(here, id),
            0x01 => (Child(here.Directory, id), null),
            0x03 => (here.Directory.Parent, null),
            0x08 => Walk(here, SimFiles.Master, path),
            0x09 => Walk(here, here.Directory, path),
            _ => (null, null),
        };
        return command.P1 is 0x02 or > 0x03 and < 0x08 or > 0x09 ? new ResponseApdu(StatusWord.IncorrectP1P2)
            : directory is not null ? Enter(directory, here, command.P2)
            : file is not null ? Enter(file, here, command.P2)
            : new ResponseApdu(StatusWord.FileNotFound);
    }

    /// <summary>Also what SELECT by name found.</summary>
    public ResponseApdu Enter(DedicatedFile directory, UiccSelection here, byte p2)
    {
        if (RefuseP2(p2) is { } refused) return new ResponseApdu(refused);
        here.Enter(directory);
        return new ResponseApdu(IsSilent(p2) ? Bytes.Empty : templates.Of(directory), StatusWord.Success);
    }

    public ResponseApdu Status(CommandApdu command, UiccSelection here)
    {
        if (command.P1 > LastReason || command.P2 is not (0 or NameOnly or NoTemplate))
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (command.Data.Length != 0) return new ResponseApdu(StatusWord.WrongLength);
        if (command.P2 == NoTemplate) return new ResponseApdu(StatusWord.Success);
        if (command.P2 == NameOnly && here.Application is null) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        var told = command.P2 == 0 ? templates.Of(here.Directory) : Bytes.Of(new Tlv(NameTag, UiccFiles.UsimName));
        return command.Le is not { } le ? new ResponseApdu(StatusWord.WrongLength)
            : le > told.Length ? new ResponseApdu(UiccStatus.WrongLe(told.Length))
            : new ResponseApdu(new Bytes(told.Memory[..le]), StatusWord.Success);
    }

    private static StatusWord? RefuseP2(byte p2) =>
        (p2 & ~TemplateBits) != 0 || (p2 & TemplateBits) == 0x08 ? StatusWord.IncorrectP1P2 : null;

    private static bool IsSilent(byte p2) => (p2 & TemplateBits) == NoTemplate;

    private static ushort IdIn(ReadOnlySpan<byte> octets) => (ushort)((octets[0] << 8) | octets[1]);

    private static DedicatedFile? Child(DedicatedFile directory, ushort id) =>
        id == UsimFiles.CurrentApplication
            ? null
            : UsimFiles.Directories.FirstOrDefault(each => each.Parent == directory && each.Id == id);

    private ResponseApdu Enter(ElementaryFile file, UiccSelection here, byte p2)
    {
        here.Enter(file);
        return new ResponseApdu(
            IsSilent(p2) ? Bytes.Empty : templates.Of(file),
            contents.IsInvalidated(file) ? UiccStatus.SelectedInvalidated : StatusWord.Success);
    }

    private ElementaryFile? FileIn(DedicatedFile directory, ushort id) =>
        UsimFiles.All.FirstOrDefault(each => each.Parent == directory && each.Id == id && contents.Has(each));

    private (DedicatedFile? Directory, ElementaryFile? File) Near(UiccSelection here, ushort id)
    {
        if (id == SimFiles.Master.Id) return (SimFiles.Master, null);
        if (id == UsimFiles.CurrentApplication) return (here.Application, null);
        if (FileIn(here.Directory, id) is { } file) return (null, file);
        var parent = here.Directory.Parent;
        var near = Child(here.Directory, id)
            ?? (here.Directory.Id == id ? here.Directory : null)
            ?? (parent?.Id == id ? parent : null)
            ?? (parent is null ? null : Child(parent, id));
        return (near, null);
    }

    private (DedicatedFile? Directory, ElementaryFile? File) Walk(
        UiccSelection here, DedicatedFile from, ReadOnlySpan<byte> path)
    {
        for (DedicatedFile? at = from; at is not null; path = path[2..])
        {
            if (path.IsEmpty) return (at, null);
            var id = IdIn(path);
            var isFirst = at == from;
            if (path.Length == 2 && FileIn(at, id) is { } file) return (null, file);
            at = isFirst && id == UsimFiles.CurrentApplication ? here.Application
                : isFirst && at == SimFiles.Master && id == at.Id ? at
                : Child(at, id);
        }

        return (null, null);
    }
}

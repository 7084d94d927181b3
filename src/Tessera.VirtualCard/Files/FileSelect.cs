using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>SELECT among the files (ISO/IEC 7816-4:2005 §7.1.1), and what it tells of them.</summary>
/// <remarks>
/// <code>
/// P1  00 identifier, none or 3F00 for the MF: in the current directory, itself, its parent, a directory beside it
///     01 directory in the current one   02 elementary file in it   03 its parent
///     08 path from the MF               09 path from the current directory
/// P2  b4 b3: 00 6F { parameters, management data } | 01 62 { parameters } | 10 64 { management data } | 11 nothing
/// </code>
/// </remarks>
internal sealed class FileSelect(FileContext context)
{
    private const byte TemplateBits = 0x0C;
    private const byte NoTemplate = 0x0C;
    private const ushort ControlInformation = 0x6F;
    private const ushort ControlParameters = 0x62;
    private const ushort ManagementData = 0x64;

    public ResponseApdu Process(CommandApdu command)
    {
        if ((command.P2 & ~TemplateBits) != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);
        return Find(command, out var refused) is { } file
            ? Enter(file, command.P2)
            : new ResponseApdu(refused);
    }

    /// <summary>The file that P1 and the data of a command name.</summary>
    public CardFile? Find(CommandApdu command, out StatusWord refused)
    {
        var data = command.Data.Span;
        var isOne = data.Length == 2;
        var id = isOne ? (ushort)((data[0] << 8) | data[1]) : (ushort)0;
        refused = command.P1 switch
        {
            0x00 when isOne || data.IsEmpty => StatusWord.FileNotFound,
            0x01 or 0x02 when isOne => StatusWord.FileNotFound,
            0x03 when data.IsEmpty => StatusWord.FileNotFound,
            0x08 or 0x09 when data.Length >= 2 && data.Length % 2 == 0 => StatusWord.FileNotFound,
            <= 0x03 or 0x08 or 0x09 => StatusWord.WrongLength,
            _ => StatusWord.IncorrectP1P2,
        };
        if (refused != StatusWord.FileNotFound) return null;

        var here = context.Directory;
        return command.P1 switch
        {
            0x00 => data.IsEmpty || id == FileControl.MasterId ? context.Volume.Master : Near(here, id),
            0x01 => here.Child(id) is { IsDirectory: true } directory ? directory : null,
            0x02 => here.Child(id) is { IsDirectory: false } file ? file : null,
            0x03 => here.Parent,
            0x08 => Walk(context.Volume.Master, data),
            _ => Walk(here, data),
        };
    }

    /// <summary>Makes a file the current one; false where another channel has it for itself.</summary>
    public bool TryEnter(CardFile file)
    {
        if (!file.Control.IsShareable && context.IsElsewhere(file)) return false;
        context.Selection.Enter(file);
        return true;
    }

    /// <summary>Makes a file the current one and tells of it.</summary>
    public ResponseApdu Enter(CardFile file, byte p2)
    {
        if (!TryEnter(file)) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);

        var status = file.LifeCycle switch
        {
            LifeCycle.Deactivated => FileStatus.SelectedDeactivated,
            LifeCycle.Terminated => FileStatus.SelectedTerminated,
            _ => StatusWord.Success,
        };
        return new ResponseApdu((p2 & TemplateBits) == NoTemplate ? Bytes.Empty : Describe(file, p2), status);
    }

    private static Bytes Describe(CardFile file, byte p2)
    {
        var tag = (p2 & TemplateBits) switch
        {
            0x00 => ControlInformation,
            0x04 => ControlParameters,
            _ => ManagementData,
        };
        var inside = Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            if (tag != ManagementData) (file.Control with { LifeCycle = file.LifeCycle }).Write(writer);
            if (tag != ControlParameters) writer.WriteBytes(file.Management);
        });
        return Bytes.Of(output => Tlv.Write(new ByteWriter(output), tag, inside.Span));
    }

    private static CardFile? Near(CardFile here, ushort id) =>
        here.Child(id)
        ?? (here.Id == id ? here : null)
        ?? (here.Parent?.Id == id ? here.Parent : null)
        ?? (here.Parent?.Child(id) is { IsDirectory: true } beside ? beside : null);

    private static CardFile? Walk(CardFile? file, ReadOnlySpan<byte> path)
    {
        for (; file is not null && !path.IsEmpty; path = path[2..])
            file = file.Child((ushort)((path[0] << 8) | path[1]));
        return file;
    }
}

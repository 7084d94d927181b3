using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>GET DATA and PUT DATA (ISO/IEC 7816-4:2005 §7.4): data objects in a file of the current directory.</summary>
/// <remarks>
/// <code>
/// CA, DA   P1 P2 the tag; the value alone
/// CB       P1 P2 identifier of the file, or 3FFF or 0000: the current one; data 5C L tags; whole objects
/// DB       the same; data are the objects, an empty one deletes
/// </code>
/// Where the current file has no objects, the first of the current directory that has is meant.
/// </remarks>
internal sealed class ObjectCommands(FileContext context)
{
    private const ushort TagList = 0x5C;
    private const ushort CurrentFile = 0x3FFF;

    public ResponseApdu Process(CommandApdu command)
    {
        var isPut = (command.Ins & 0x10) != 0;
        var isOdd = (command.Ins & 1) != 0;
        var file = FileOf(isOdd ? (ushort)((command.P1 << 8) | command.P2) : CurrentFile);
        if (file is null) return new ResponseApdu(StatusWord.ReferencedDataNotFound);
        var mode = isPut ? AccessMode.Update : AccessMode.Read;
        if (context.Security.Refuse(file, mode, command.Ins) is { } refused) return new ResponseApdu(refused);
        if (!isOdd && !IsTag(command.P1, command.P2)) return new ResponseApdu(StatusWord.IncorrectP1P2);
        try
        {
            return (isPut, isOdd) switch
            {
                (false, false) => Get(command, file),
                (false, true) => GetMany(command, file),
                (true, false) => new ResponseApdu(Put(file, [new Tlv(TagOf(command), command.Data)])),
                _ => new ResponseApdu(Put(file, Objects(command.Data.Span))),
            };
        }
        catch (WireFormatException)
        {
            return new ResponseApdu(StatusWord.WrongData);
        }
    }

    private static ushort TagOf(CommandApdu command) => (ushort)((command.P1 << 8) | command.P2);

    /// <summary>One octet that does not say that more follow, or two that do.</summary>
    private static bool IsTag(byte p1, byte p2) =>
        p1 == 0 ? p2 != 0 && p2 != 0xFF && (p2 & 0x1F) != 0x1F : (p1 & 0x1F) == 0x1F && p2 is >= 0x1F and < 0x80;

    private CardFile? FileOf(ushort id) => id is CurrentFile or 0
        ? context.Selection.Elementary is { Control.Kind: FileKind.DataObjects } current
            ? current
            : context.Directory.Children.Find(child => child.Control.Kind == FileKind.DataObjects)
        : context.Directory.Child(id) is { Control.Kind: FileKind.DataObjects } named ? named : null;

    private ResponseApdu Get(CommandApdu command, CardFile file)
    {
        if (command.Data.Length > 0) return new ResponseApdu(StatusWord.WrongLength);
        foreach (var each in Read(file))
            if (each.Tag == TagOf(command)) return new ResponseApdu(each.Value, StatusWord.Success);
        return new ResponseApdu(StatusWord.ReferencedDataNotFound);
    }

    private ResponseApdu GetMany(CommandApdu command, CardFile file)
    {
        var reader = new ByteReader(command.Data.Span);
        var list = new ByteReader(Tlv.ReadExpected(ref reader, TagList, "tag list"));
        reader.ReadEnd("command data");
        var wanted = new List<ushort>();
        while (list.Remaining > 0)
        {
            ushort tag = list.ReadByte("tag");
            if ((tag & 0x1F) == 0x1F) tag = (ushort)((tag << 8) | list.ReadByte("tag"));
            wanted.Add(tag);
        }

        var objects = Read(file);
        var found = wanted.Count == 0 ? objects : objects.FindAll(each => wanted.Contains(each.Tag));
        return found.Count == 0
            ? new ResponseApdu(StatusWord.ReferencedDataNotFound)
            : new ResponseApdu(Octets(found), StatusWord.Success);
    }

    private StatusWord Put(CardFile file, List<Tlv> given)
    {
        if (given.Count == 0) return StatusWord.WrongData;
        var objects = Read(file);
        foreach (var each in given)
        {
            var at = objects.FindIndex(known => known.Tag == each.Tag);
            if (at >= 0 && each.Value.Length == 0) objects.RemoveAt(at);
            else if (at >= 0) objects[at] = each;
            else if (each.Value.Length > 0) objects.Add(each);
        }

        var octets = Octets(objects);
        if (octets.Length > file.Control.Size || octets.Length > FileContext.MaxWrite) return StatusWord.NotEnoughMemory;
        using var change = context.Memory.Begin();
        context.Volume.Erase(change, file, 0, file.Control.Size);
        context.Volume.Write(change, file, 0, octets.Span);
        change.Commit();
        return StatusWord.Success;
    }

    /// <summary>They end with the file, or where no tag follows.</summary>
    private List<Tlv> Read(CardFile file) => Objects(context.Volume.Read(file, 0, file.Control.Size));

    private static List<Tlv> Objects(ReadOnlySpan<byte> octets)
    {
        var objects = new List<Tlv>();
        var reader = new ByteReader(octets);
        while (reader.Remaining > 0 && octets[reader.Offset] != 0) objects.Add(Tlv.Read(ref reader));
        return objects;
    }

    private static Bytes Octets(List<Tlv> objects) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        foreach (var each in objects) each.Write(writer);
    });
}

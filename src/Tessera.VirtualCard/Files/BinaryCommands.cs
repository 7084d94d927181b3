using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>READ, UPDATE, WRITE and ERASE BINARY, of even and of odd INS (ISO/IEC 7816-4:2005 §7.2).</summary>
/// <remarks>
/// <code>
/// even   P1 b8 1: short identifier in b5 to b1, offset in P2; else offset in P1 P2
///        ERASE: data are the offset of the first octet that stays, or none
/// odd    P1 P2 short identifier, 0 for the current file, or identifier in the current directory
///        data 54 L offset, then 53 L octets; ERASE: 54 L offset, 54 L offset that stays; READ answers 53 L octets
/// </code>
/// WRITE sets the bits that are set in its data (the card says so in its data coding octet); what is erased is 00.
/// </remarks>
internal sealed class BinaryCommands(FileContext context)
{
    private const byte BySfi = 0x80;
    private const byte SfiBits = 0x1F;
    private const ushort OffsetTag = 0x54;
    private const ushort OctetsTag = 0x53;

    public ResponseApdu Process(CommandApdu command)
    {
        var verb = command.Ins & ~1;
        var mode = verb switch { 0xB0 => AccessMode.Read, 0xD0 => AccessMode.Write, _ => AccessMode.Update };
        Func<FileControl, bool> structure = verb == 0xD6
            ? control => control.IsTransparent
            : control => control.Kind == FileKind.Transparent;
        var isOdd = (command.Ins & 1) != 0;
        var place = (ushort)((command.P1 << 8) | command.P2);
        StatusWord refused;
        if (isOdd)
        {
            var named = Named(place, structure, mode, command.Ins, out refused);
            return named is null ? new ResponseApdu(refused) : Odd(command, named, verb);
        }

        var (sfi, offset) = (command.P1 & BySfi) != 0 ? (command.P1 & ~BySfi, command.P2) : (0, place);
        if (sfi > 30 || command.P1 == BySfi) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (context.Find(sfi, structure, mode, command.Ins, out refused) is not { } file)
            return new ResponseApdu(refused);

        return verb switch
        {
            0xB0 when command.Data.Length > 0 => new ResponseApdu(StatusWord.WrongLength),
            0xB0 => Read(command, file, offset),
            0x0E => new ResponseApdu(Erase(file, offset, command.Data.Span)),
            _ => new ResponseApdu(Put(file, offset, command.Data.Span, isOr: verb == 0xD0)),
        };
    }

    /// <summary>By its identifier, or a short one; 0 is the current file.</summary>
    private CardFile? Named(
        ushort id, Func<FileControl, bool> structure, AccessMode mode, byte instruction, out StatusWord refused)
    {
        refused = id == SfiBits ? StatusWord.IncorrectP1P2 : StatusWord.FileNotFound;
        if (id < SfiBits) return context.Find(id, structure, mode, instruction, out refused);
        return context.Directory.Child(id) is { IsDirectory: false } file
            ? context.Use(file, structure, mode, instruction, out refused)
            : null;
    }

    private ResponseApdu Odd(CommandApdu command, CardFile file, int verb)
    {
        try
        {
            var reader = new ByteReader(command.Data.Span);
            var offset = Offset(ref reader);
            switch (verb)
            {
                case 0xB0:
                    reader.ReadEnd("command data");
                    return ReadObject(command, file, offset);
                case 0x0E:
                    var end = reader.Remaining == 0 ? file.Control.Size : Offset(ref reader);
                    reader.ReadEnd("command data");
                    return new ResponseApdu(Erase(file, offset, end));
                default:
                    var octets = Tlv.ReadExpected(ref reader, OctetsTag, "octets");
                    reader.ReadEnd("command data");
                    return new ResponseApdu(Put(file, offset, octets, isOr: verb == 0xD0));
            }
        }
        catch (WireFormatException)
        {
            return new ResponseApdu(StatusWord.WrongData);
        }
    }

    private static int Offset(ref ByteReader reader)
    {
        var octets = Tlv.ReadExpected(ref reader, OffsetTag, "offset");
        if (octets.Length is 0 or > 3) throw new WireFormatException("offset", reader.Offset, "is too long");
        var offset = 0;
        foreach (var octet in octets) offset = (offset << 8) | octet;
        return offset;
    }

    private ResponseApdu Read(CommandApdu command, CardFile file, int offset)
    {
        var left = file.Control.Size - offset;
        if (left <= 0) return new ResponseApdu(FileStatus.OutsideOfFile);
        return FileContext.Answer(
            command, context.Volume.Read(file, offset, FileContext.Wanted(command, left)), left);
    }

    private ResponseApdu ReadObject(CommandApdu command, CardFile file, int offset)
    {
        var left = file.Control.Size - offset;
        if (left <= 0) return new ResponseApdu(FileStatus.OutsideOfFile);
        var le = command.Le ?? CommandApdu.MaxShortLe;
        var head = le switch { <= 2 + 0x7F => 2, <= 3 + 0xFF => 3, _ => 4 };
        var wanted = Math.Max(le - head, 0);
        var octets = context.Volume.Read(file, offset, Math.Min(wanted, left));
        return FileContext.Answer(
            command, Bytes.Of(output => Tlv.Write(new ByteWriter(output), OctetsTag, octets)), wanted > left);
    }

    private StatusWord Put(CardFile file, int offset, ReadOnlySpan<byte> octets, bool isOr)
    {
        if (octets.Length is 0 or > FileContext.MaxWrite) return StatusWord.WrongLength;
        if (offset >= file.Control.Size) return FileStatus.OutsideOfFile;
        if (offset + octets.Length > file.Control.Size) return StatusWord.NotEnoughMemory;

        var written = octets.ToArray();
        if (isOr)
        {
            var before = context.Volume.Read(file, offset, octets.Length);
            for (var i = 0; i < written.Length; i++) written[i] |= before[i];
        }

        using var change = context.Memory.Begin();
        context.Volume.Write(change, file, offset, written);
        change.Commit();
        return StatusWord.Success;
    }

    private StatusWord Erase(CardFile file, int offset, ReadOnlySpan<byte> data) => data.Length switch
    {
        0 => Erase(file, offset, file.Control.Size),
        2 => Erase(file, offset, (data[0] << 8) | data[1]),
        _ => StatusWord.WrongLength,
    };

    private StatusWord Erase(CardFile file, int offset, int end)
    {
        if (offset >= file.Control.Size || end > file.Control.Size) return FileStatus.OutsideOfFile;
        if (end <= offset) return StatusWord.WrongData;

        using var change = context.Memory.Begin();
        context.Volume.Erase(change, file, offset, end - offset);
        change.Commit();
        return StatusWord.Success;
    }
}

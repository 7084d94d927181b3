using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>File control parameters: what a file was created with (ISO/IEC 7816-4:2005 §5.3.3).</summary>
/// <remarks>
/// <code>
/// 80  2    octets of an elementary file; without it, the product of length and number of records;
///          or 81, which is not for a directory either
/// 82  1-6  descriptor | data coding | greatest record 1-2 | number of records 1-2
///          descriptor: b7 shareable; 01 transparent, 02 linear fixed, 04 linear variable, 06 cyclic,
///          09 password or key, 38 directory, 39 data objects
/// 83  2    identifier
/// 84  1-16 name of a directory
/// 88  0-1  short identifier in b8 to b4; absent: b5 to b1 of the identifier; empty: none
/// 8A  1    life cycle
/// 8C       access rules, compact; or AB, expanded: see <see cref="AccessRules"/>
/// </code>
/// Other objects are refused: a file that is not what was asked for is worse than none.
/// </remarks>
internal sealed record FileControl(FileKind Kind, ushort Id) : IWireFormat<FileControl>
{
    public const ushort MasterId = 0x3F00;
    public const int MaxSize = 0x7FFF;
    public const int MaxRecord = 0xFF;
    public const int MaxName = 16;

    private const byte Shareable = 0x40;
    private const byte DataCoding = 0x41;

    private static readonly ushort[] Reserved = [0x0000, 0x3FFF, 0xFFFF];

    /// <summary>May be selected on several channels at once.</summary>
    public bool IsShareable { get; init; }

    /// <summary>Octets that are reserved for the body.</summary>
    public int Size { get; init; }

    /// <summary>Octets of a record, at most those of a variable one; 0 without records.</summary>
    public int RecordLength { get; init; }

    /// <summary>How many records fit; 254 at most.</summary>
    public int MaxRecords { get; init; }

    /// <summary>1 to 30; 0 for none.</summary>
    public int Sfi { get; init; }

    public Bytes Name { get; init; }

    public LifeCycle LifeCycle { get; init; } = LifeCycle.Activated;

    public AccessRules Rules { get; init; } = AccessRules.None;

    public bool IsDirectory => Kind == FileKind.Directory;

    public bool IsTransparent => Kind is FileKind.Transparent or FileKind.Internal;

    public bool HasRecords => Kind is FileKind.LinearFixed or FileKind.LinearVariable or FileKind.Cyclic;

    /// <summary>The objects in a template, whose tag is the caller's.</summary>
    /// <exception cref="WireFormatException">No file can be like that.</exception>
    public static FileControl Read(ref ByteReader reader)
    {
        var (file, size, sfi) = (new FileControl(FileKind.None, 0), (int?)null, (int?)null);
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var value = Tlv.ReadValue(ref reader, out var tag);
            switch (tag, value.Length)
            {
                case (0x80 or 0x81, 2):
                    size = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
                case (0x82, >= 1 and <= 6):
                    file = OfDescriptor(file, value, at);
                    break;
                case (0x83, 2):
                    file = file with { Id = BinaryPrimitives.ReadUInt16BigEndian(value) };
                    break;
                case (0x84, >= 1 and <= MaxName):
                    file = file with { Name = Bytes.CopyOf(value) };
                    break;
                case (0x88, 0):
                    sfi = 0;
                    break;
                case (0x88, 1) when (value[0] & 7) == 0:
                    sfi = value[0] >> 3;
                    break;
                case (0x8A, 1) when Enum.IsDefined((LifeCycle)value[0]) && value[0] != (byte)LifeCycle.Terminated:
                    file = file with { LifeCycle = (LifeCycle)value[0] };
                    break;
                case (0x8C, _):
                    file = file with { Rules = AccessRules.Compact(value) };
                    break;
                case (0xAB, _):
                    file = file with { Rules = AccessRules.Expanded(value) };
                    break;
                default:
                    throw new WireFormatException("file control parameters", at, $"object {tag:X2} is not known so");
            }
        }

        return Valid(file with { Sfi = SfiOf(file, sfi) }, size);
    }

    public void Write(ByteWriter writer)
    {
        if (!IsDirectory) Tlv.Write(writer, 0x80, [(byte)(Size >> 8), (byte)Size]);
        var descriptor = (byte)((byte)Kind | (IsShareable ? Shareable : 0));
        if (HasRecords) Tlv.Write(writer, 0x82, [descriptor, DataCoding, 0, (byte)RecordLength, (byte)MaxRecords]);
        else Tlv.Write(writer, 0x82, IsDirectory ? [descriptor] : [descriptor, DataCoding]);
        Tlv.Write(writer, 0x83, [(byte)(Id >> 8), (byte)Id]);
        if (Name.Length > 0) Tlv.Write(writer, 0x84, Name.Span);
        if (!IsDirectory) Tlv.Write(writer, 0x88, Sfi == 0 ? [] : [(byte)(Sfi << 3)]);
        Tlv.Write(writer, 0x8A, [(byte)LifeCycle]);
        if (Rules.Octets.Length > 0) Tlv.Write(writer, Rules.IsExpanded ? (ushort)0xAB : (ushort)0x8C, Rules.Octets.Span);
    }

    /// <summary>A change of it may be a change of all of it, and that must fit into one transaction.</summary>
    private static bool IsRewritten(FileKind kind) => kind is FileKind.LinearVariable or FileKind.DataObjects;

    private static int SfiOf(FileControl file, int? given)
    {
        if (file.IsDirectory || file.Kind == FileKind.Internal) return 0;
        if (given is { } sfi) return sfi;
        return (file.Id & 0x1F) == 0x1F ? 0 : file.Id & 0x1F;
    }

    private static FileControl OfDescriptor(FileControl file, ReadOnlySpan<byte> value, int at)
    {
        var kind = (FileKind)(value[0] & ~Shareable);
        if (kind == FileKind.None || !Enum.IsDefined(kind))
            throw new WireFormatException("file descriptor", at, $"{value[0]:X2} is not known");
        return file with
        {
            Kind = kind,
            IsShareable = (value[0] & Shareable) != 0,
            RecordLength = value.Length switch { 3 => value[2], > 3 => (value[2] << 8) | value[3], _ => 0 },
            MaxRecords = value.Length switch { 5 => value[4], 6 => (value[4] << 8) | value[5], _ => 0 },
        };
    }

    private static FileControl Valid(FileControl file, int? size)
    {
        var octets = size ?? (file.HasRecords ? file.RecordLength * file.MaxRecords : 0);
        if (file.HasRecords && file.RecordLength > 0)
        {
            var fits = file.MaxRecords > 0 ? file.MaxRecords : octets / file.RecordLength;
            if (file.Kind != FileKind.LinearVariable) octets = file.RecordLength * fits;
            file = file with { MaxRecords = fits };
        }

        var reason =
            file.Kind == FileKind.None ? "have no descriptor"
            : Reserved.Contains(file.Id) ? $"have no identifier that can be: {file.Id:X4}"
            : file.IsDirectory ? null
            : file.Name.Length > 0 ? "give a name to what is no directory"
            : octets < 1 || octets > (IsRewritten(file.Kind) ? FileContext.MaxWrite : MaxSize) ? $"give it {octets} octets"
            : file.HasRecords && file.RecordLength is < 1 or > MaxRecord ? $"give it records of {file.RecordLength} octets"
            : file.HasRecords && file.MaxRecords is < 1 or > 0xFE ? $"give it {file.MaxRecords} records"
            : file.Sfi > 30 ? "give it a short identifier above 30"
            : null;
        return reason is null
            ? file with { Size = file.IsDirectory ? 0 : octets }
            : throw new WireFormatException("file control parameters", 0, reason);
    }
}

using System.Security.Cryptography;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Terminal.Scripts;

/// <summary>What a record of the journal tells.</summary>
internal enum JournalKind : byte
{
    Opened = 0x01,
    Begun = 0x02,
    Finished = 0x03,
}

/// <summary>One record of the journal: see <see cref="FileScriptJournal"/>.</summary>
internal sealed record JournalRecord(JournalKind Kind, ushort Session, byte Number, Bytes Octets) : IWireFormat<JournalRecord>
{
    private const int HeadLength = 8;
    private const int ChecksumLength = 8;

    public static JournalRecord Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var (kind, session, number) =
            ((JournalKind)reader.ReadByte("kind"), reader.ReadUInt16("session"), reader.ReadByte("number"));
        var length = reader.ReadUInt32("length");
        if (!Enum.IsDefined(kind)) throw new WireFormatException("kind", at, $"{(byte)kind:X2} is not used");
        if (length > ResponseScript.MaxLength)
            throw new WireFormatException("length", at + 4, $"{length} is more than a script has");

        var record = new JournalRecord(kind, session, number, reader.ReadBytes((int)length, "octets"));
        if (!reader.ReadOctets(ChecksumLength, "checksum").SequenceEqual(record.Checksum()))
            throw new WireFormatException("checksum", reader.Offset - ChecksumLength, "does not match");
        return record;
    }

    public void Write(ByteWriter writer)
    {
        WriteChecked(writer);
        writer.WriteOctets(Checksum());
    }

    /// <summary>The record at the start of the octets; false where there is no whole one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out JournalRecord record, out int length)
    {
        record = new JournalRecord(default, 0, 0, Bytes.Empty);
        length = 0;
        if (octets.Length < HeadLength + ChecksumLength) return false;
        var reader = new ByteReader(octets);
        try
        {
            record = Read(ref reader);
            length = reader.Offset;
            return true;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private ReadOnlySpan<byte> Checksum() =>
        SHA256.HashData(Bytes.Of(output => WriteChecked(new ByteWriter(output))).Span).AsSpan(0, ChecksumLength);

    private void WriteChecked(ByteWriter writer)
    {
        writer.WriteByte((byte)Kind);
        writer.WriteUInt16(Session);
        writer.WriteByte(Number);
        writer.WriteUInt32((uint)Octets.Length);
        writer.WriteBytes(Octets);
    }
}

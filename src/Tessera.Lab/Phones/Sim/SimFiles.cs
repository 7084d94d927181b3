using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Sim;

/// <summary>Identifiers of the files a phone uses (3GPP TS 51.011 §10).</summary>
internal static class SimFileId
{
    public const ushort Mf = 0x3F00;
    public const ushort Telecom = 0x7F10;
    public const ushort Gsm = 0x7F20;
    public const ushort Iccid = 0x2FE2;
    public const ushort Adn = 0x6F3A;
    public const ushort Sms = 0x6F3C;
    public const ushort Msisdn = 0x6F40;
    public const ushort Smsp = 0x6F42;
    public const ushort Imsi = 0x6F07;
    public const ushort Sst = 0x6F38;
    public const ushort Spn = 0x6F46;
    public const ushort Loci = 0x6F7E;
    public const ushort Phase = 0x6FAE;
}

/// <summary>What a SIM says of a file it selected (3GPP TS 51.011 §9.2.1).</summary>
/// <remarks>
/// <code>
/// MF, DF   RFU 2 | memory 2 | file 2 | type | RFU 5 | length | characteristics | DFs | EFs | CHVs | RFU | CHV1 ...
/// EF       RFU 2 | size 2 | file 2 | type | RFU or increase | access 3 | status | length | structure | record length
/// </code>
/// </remarks>
/// <param name="Size">Octets of an EF.</param>
/// <param name="RecordLength">Octets of a record; 0 for a transparent file.</param>
/// <param name="AsksChv1">CHV1 is enabled; only the MF and DFs tell.</param>
/// <param name="Chv1Tries">False presentations of CHV1 that remain; only the MF and DFs tell.</param>
internal sealed record SimFile(int Size, int RecordLength, bool AsksChv1, int Chv1Tries)
{
    private const byte Elementary = 0x04;
    private const byte Chv1Disabled = 0x80;
    private const byte Transparent = 0x00;

    public int Records => RecordLength == 0 ? 0 : Size / RecordLength;

    public static SimFile Read(ReadOnlySpan<byte> answer)
    {
        var reader = new ByteReader(answer);
        reader.ReadUInt16("RFU");
        var size = reader.ReadUInt16("size");
        reader.ReadUInt16("file");
        var type = reader.ReadByte("type");
        reader.ReadOctets(5, "access");
        reader.ReadByte("length");
        var first = reader.ReadByte("structure or characteristics");
        if (type == Elementary)
            return new SimFile(size, first == Transparent ? 0 : reader.ReadByte("record length"), AsksChv1: false, 0);

        reader.ReadOctets(4, "numbers");
        return new SimFile(0, 0, (first & Chv1Disabled) == 0, reader.ReadByte("CHV1 status") & 0x0F);
    }
}

/// <summary>Reads and writes the files of a SIM (3GPP TS 51.011 §8).</summary>
internal static class SimFiles
{
    private const byte Select = 0xA4;
    private const byte ReadBinary = 0xB0;
    private const byte ReadRecord = 0xB2;
    private const byte UpdateRecord = 0xDC;
    private const byte Absolute = 0x04;

    /// <summary>Selects along a path; null where the SIM has no such file.</summary>
    public static async Task<SimFile?> SelectAsync(
        this SimCard sim, CancellationToken cancel, params IReadOnlyList<ushort> path)
    {
        ResponseApdu? answer = null;
        foreach (var file in path)
        {
            answer = await sim.SendAsync(
                new CommandApdu(SimCard.Class, Select, 0, 0, new Bytes((byte[])[(byte)(file >> 8), (byte)file])),
                cancel);
            if (!answer.Status.IsDone()) return null;
        }

        return answer is null ? null : SimFile.Read(answer.Data.Span);
    }

    /// <summary>
    /// A transparent file, at most its first 255 octets; null where it is not there or not to be read.
    /// </summary>
    public static async Task<Bytes?> ReadAsync(
        this SimCard sim, CancellationToken cancel, params IReadOnlyList<ushort> path)
    {
        if (await sim.SelectAsync(cancel, path) is not { RecordLength: 0, Size: > 0 } file) return null;
        var answer = await sim.SendAsync(
            new CommandApdu(SimCard.Class, ReadBinary, 0, 0, Le: Math.Min(file.Size, 0xFF)), cancel);
        return answer.Status.IsDone() ? answer.Data : null;
    }

    /// <summary>A record, from 1, of the selected file; null where it is not to be read.</summary>
    public static async Task<Bytes?> ReadRecordAsync(
        this SimCard sim, SimFile file, int record, CancellationToken cancel)
    {
        var answer = await sim.SendAsync(
            new CommandApdu(SimCard.Class, ReadRecord, (byte)record, Absolute, Le: file.RecordLength), cancel);
        return answer.Status.IsDone() ? answer.Data : null;
    }

    /// <summary>All records; none where the file is not there.</summary>
    public static async Task<IReadOnlyList<Bytes>> ReadRecordsAsync(
        this SimCard sim, CancellationToken cancel, params IReadOnlyList<ushort> path)
    {
        var records = new List<Bytes>();
        if (await sim.SelectAsync(cancel, path) is not { RecordLength: > 0 } file) return records;
        for (var record = 1; record <= Math.Min(file.Records, 0xFE); record++)
        {
            if (await sim.ReadRecordAsync(file, record, cancel) is not { } octets) break;
            records.Add(octets);
        }

        return records;
    }

    /// <summary>Writes a record, from 1, of the selected file; false where the SIM refuses.</summary>
    public static async Task<bool> UpdateRecordAsync(
        this SimCard sim, int record, Bytes octets, CancellationToken cancel)
    {
        var answer = await sim.SendAsync(
            new CommandApdu(SimCard.Class, UpdateRecord, (byte)record, Absolute, octets), cancel);
        return answer.Status.IsDone();
    }
}

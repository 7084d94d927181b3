using Tessera.Lab.Phones.Sim;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Messages;

/// <summary>EF.SMS of a SIM: messages it keeps for its holder (3GPP TS 51.011 §10.5.3).</summary>
internal static class SimMessages
{
    /// <summary>Writes a message into the first free record.</summary>
    /// <returns>Its record, from 1; 0 where none is free, null where the SIM has no room for messages at all.</returns>
    public static async Task<int?> StoreMessageAsync(
        this SimCard sim, Bytes message, Bytes serviceCentre, CancellationToken cancel)
    {
        if (await SelectAsync(sim, cancel) is not { } file) return null;
        if (!SmsRecord.Fits(message, serviceCentre, file.RecordLength)) return 0;
        for (var record = 1; record <= file.Records; record++)
        {
            if (await sim.ReadRecordAsync(file, record, cancel) is not { } octets) return null;
            if (!SmsRecord.IsFree(octets.Span)) continue;
            var stored = SmsRecord.Write(message, serviceCentre, file.RecordLength);
            return await sim.UpdateRecordAsync(record, stored, cancel) ? record : null;
        }

        return 0;
    }

    public static async Task MarkReadAsync(this SimCard sim, IReadOnlyList<int> records, CancellationToken cancel)
    {
        if (records.Count == 0 || await SelectAsync(sim, cancel) is not { } file) return;
        foreach (var record in records)
        {
            if (await sim.ReadRecordAsync(file, record, cancel) is { } octets)
                await sim.UpdateRecordAsync(record, SmsRecord.MarkedRead(octets), cancel);
        }
    }

    public static async Task DeleteAsync(this SimCard sim, IReadOnlyList<int> records, CancellationToken cancel)
    {
        if (records.Count == 0 || await SelectAsync(sim, cancel) is not { } file) return;
        foreach (var record in records) await sim.UpdateRecordAsync(record, SmsRecord.Free(file.RecordLength), cancel);
    }

    private static async Task<SimFile?> SelectAsync(SimCard sim, CancellationToken cancel) =>
        await sim.SelectAsync(cancel, SimFileId.Mf, SimFileId.Telecom, SimFileId.Sms) is { Records: > 0 } file
            ? file
            : null;
}

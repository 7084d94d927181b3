using Tessera.VirtualCard.Sim.Files;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>EF.ARR: the access rules that file control parameters name by record (ETSI TS 102 221 §9.2.7).</summary>
/// <remarks>
/// <code>
/// { 80 01 modes | 84 01 32 } condition, for each condition of a file     01 read, 02 update, 08 deactivate, 10 activate
/// condition   90 00 always | 97 00 never | A4 06 83 01 reference 95 01 08, who presented that PIN
/// record 1    of directories: never anything
/// </code>
/// </remarks>
internal static class UiccRules
{
    public const byte OfDirectories = 1;

    private const byte Increase = 0x32;
    private const byte AllModes = 0x7F;


    /// <summary>The whole file, as a SIM is made with it.</summary>
    public static byte[] Content()
    {
        var content = new byte[UsimFiles.Rules.Size];
        content.AsSpan().Fill(0xFF);
        byte[][] records =
        [
            [0x80, 0x01, AllModes, 0x97, 0x00], .. UsimFiles.All.Select(file => file.Access).Distinct().Select(Rule),
        ];
        for (var i = 0; i < records.Length; i++) records[i].CopyTo(content, i * UsimFiles.RuleRecord);
        return content;
    }

    /// <summary>The record of <paramref name="content"/> that says it; 0 where none does.</summary>
    /// <param name="content">EF.ARR as this SIM was made with it.</param>
    public static byte RecordOf(AccessConditions access, ReadOnlySpan<byte> content)
    {
        Span<byte> record = stackalloc byte[UsimFiles.RuleRecord];
        record.Fill(0xFF);
        Rule(access).CopyTo(record);
        for (var number = 1; content.Length >= record.Length; number++, content = content[record.Length..])
            if (content.StartsWith(record)) return (byte)number;
        return 0;
    }

    private static byte[] Rule(AccessConditions access)
    {
        (byte Mode, SimAccess Who)[] modes =
            [(0x01, access.Read), (0x02, access.Update), (0x08, access.Invalidate), (0x10, access.Rehabilitate)];
        var byCondition = modes.GroupBy(mode => mode.Who)
            .SelectMany(group => (byte[])
                [0x80, 0x01, (byte)group.Sum(mode => mode.Mode), .. Condition(group.Key)]);
        return
        [
            .. byCondition,
            .. access.Increase == SimAccess.Never ? [] : (byte[])[0x84, 0x01, Increase, .. Condition(access.Increase)],
        ];
    }

    private static byte[] Condition(SimAccess who) => who switch
    {
        SimAccess.Always => [0x90, 0x00],
        SimAccess.Never => [0x97, 0x00],
        SimAccess.Chv1 => ByPin(UiccPins.First),
        SimAccess.Chv2 => ByPin(UiccPins.Second),
        _ => ByPin(UiccPins.Administrator),
    };

    private static byte[] ByPin(byte reference) => [0xA4, 0x06, 0x83, 0x01, reference, 0x95, 0x01, 0x08];
}

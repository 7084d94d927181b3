using System.Globalization;
using Tessera.Cards;

namespace Tessera.Lab.Phones.Sim;

/// <summary>What APDUs of a SIM mean, for the log: never any of their data.</summary>
internal static class SimDecoding
{
    public static string Of(CommandApdu command) => command.Ins switch
    {
        0xA4 when command.Data.Length == 2 => $"SELECT {FileName(command.Data.Span)}",
        0xB0 => $"READ BINARY {command.Le} octets from {(command.P1 << 8) | command.P2}",
        0xB2 => $"READ RECORD {command.P1}",
        0xD6 => "UPDATE BINARY",
        0xDC => $"UPDATE RECORD {command.P1}",
        0xC0 => $"GET RESPONSE {command.Le}",
        0xF2 => "STATUS",
        0x20 => $"VERIFY CHV{command.P2}",
        0x2C => "UNBLOCK CHV",
        0x10 => "TERMINAL PROFILE",
        0x12 => $"FETCH {command.Le}",
        0x14 => "TERMINAL RESPONSE",
        0xC2 => "ENVELOPE",
        var other => $"INS {other:X2}",
    };

    public static string Of(ResponseApdu answer)
    {
        var status = answer.Status;
        var meaning = status.Sw1 switch
        {
            0x90 when status.IsSuccess => "done",
            SimStatus.CommandWaits => $"done, a proactive command of {status.Sw2} octets waits",
            SimStatus.AnswerWaits => $"{status.Sw2} octets of answer wait",
            SimStatus.ErrorWaits => $"error, {status.Sw2} octets of answer wait",
            SimStatus.Busy => "toolkit busy",
            0x94 => "no such file",
            0x98 => status == SimStatus.ChvBlocked ? "CHV blocked" : "CHV not verified",
            _ => "refused",
        };
        var length = answer.Data.Length;
        return length == 0
            ? $"{status}: {meaning}"
            : string.Create(CultureInfo.InvariantCulture, $"{status}: {meaning}; {length} octets");
    }

    private static string FileName(ReadOnlySpan<byte> id)
    {
        var file = (id[0] << 8) | id[1];
        var name = file switch
        {
            SimFileId.Mf => "MF",
            SimFileId.Telecom => "DF.TELECOM",
            SimFileId.Gsm => "DF.GSM",
            SimFileId.Iccid => "EF.ICCID",
            SimFileId.Adn => "EF.ADN",
            SimFileId.Sms => "EF.SMS",
            SimFileId.Msisdn => "EF.MSISDN",
            SimFileId.Smsp => "EF.SMSP",
            SimFileId.Smss => "EF.SMSS",
            SimFileId.Imsi => "EF.IMSI",
            SimFileId.Sst => "EF.SST",
            SimFileId.Spn => "EF.SPN",
            SimFileId.Loci => "EF.LOCI",
            SimFileId.Phase => "EF.Phase",
            _ => "file",
        };
        return $"{name} {Convert.ToHexString(id)}";
    }
}

using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>What the files of the USIM are born with (3GPP TS 31.102 §4).</summary>
internal static class UsimImage
{
    private const int CallControl = 30;
    private const byte NoKey = 0x07;
    private const byte NotUpdated = 0x01;

    /// <summary>
    /// Fixed and own numbers, short messages and their parameters, charges, cell broadcast, provider, GSM access and its
    /// security context, SMS-PP download, 33 that is always there, enabled services, EPS; 30 where the card has to know of
    /// a call.
    /// </summary>
    private static readonly int[] Services = [2, 10, 12, 13, 15, 19, 21, 27, 28, 33, 34, 38, 85];

    /// <summary>The first octets; those behind them are FF.</summary>
    public static byte[] ContentOf(ElementaryFile file, SimSubscription who) => file switch
    {
        _ when file == UsimFiles.Applications => Application(),
        _ when file == UsimFiles.Rules => UiccRules.Content(),
        _ when file == UsimFiles.Languages => [.. "en"u8],
        _ when file == UsimFiles.Keys || file == UsimFiles.PacketKeys => [NoKey],
        _ when file == UsimFiles.ServiceTable => ServiceTable(file.Size, who.VoiceNumber.Length > 0),
        _ when file == UsimFiles.EnabledServices => [0x00],
        _ when file == UsimFiles.StartHfn => [0xF0, 0x00, 0x00, 0xF0, 0x00, 0x00],
        _ when file == UsimFiles.EmergencyCalls => [.. SimImage.EmergencyNumber, 0x00],
        _ when file == UsimFiles.EpsLocation =>
            [.. Enumerable.Repeat((byte)0xFF, 12), .. SimImage.NoNetwork, 0xFF, 0xFE, NotUpdated],
        _ when file == UsimFiles.BookReference => BookReference(),
        _ => [],
    };

    /// <summary>EF.DIR: 61 { 4F name | 50 label }.</summary>
    private static byte[] Application() => Bytes.Of(new Tlv(0x61, Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x4F, UiccFiles.UsimName.Span);
        Tlv.Write(writer, 0x50, "Tessera"u8);
    }))).ToArray();

    /// <summary>EF.PBR: A8 { C0 { identifier 2 | short identifier } }, EF.ADN and nothing beside it.</summary>
    private static byte[] BookReference() => [0xA8, 0x05, 0xC0, 0x03, 0x4F, 0x3A, 0x01];

    /// <summary>A bit a service, b1 of the first octet for service 1.</summary>
    private static byte[] ServiceTable(int length, bool knowsCalls)
    {
        var table = new byte[length];
        foreach (var service in knowsCalls ? [.. Services, CallControl] : Services)
            table[(service - 1) / 8] |= (byte)(1 << ((service - 1) % 8));
        return table;
    }
}

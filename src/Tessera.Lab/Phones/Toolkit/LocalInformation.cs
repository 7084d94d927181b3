using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>What PROVIDE LOCAL INFORMATION asks about the phone (ETSI TS 102 223 §6.4.15).</summary>
internal static class LocalInformation
{
    private const byte Location = 0x00;
    private const byte Imei = 0x01;
    private const byte DateAndTime = 0x03;
    private const byte Language = 0x04;
    private const byte ImeiSv = 0x08;
    private const byte Battery = 0x0A;
    private const byte ImeiType = 0xA;
    private const byte ImeiSvType = 0x3;
    private const byte Filler = 0xF;

    /// <param name="imsi">Its first five digits name the network the phone is in.</param>
    public static TerminalResponse Provide(
        ProactiveCommand command, HandsetOptions options, string imsi, byte battery)
    {
        var value = command.Qualifier switch
        {
            Location when PlaceOf(options, imsi) is { Length: > 0 } place =>
                ComprehensionTlv.Of(ObjectTag.LocationInformation, place.Span),
            Imei => ComprehensionTlv.Of(ObjectTag.Imei, Identity(options.Imei, ImeiType)),
            DateAndTime => new ComprehensionTlv(
                (byte)ObjectTag.DateAndTime | ComprehensionTlv.Required,
                SwappedBcd.DateAndTime(options.Time.GetLocalNow())),
            Language => ComprehensionTlv.Of(
                ObjectTag.Language, (byte)options.Language[0], (byte)options.Language[1]),
            ImeiSv => ComprehensionTlv.Of(
                ObjectTag.ImeiSv, Identity(options.Imei[..14] + options.SoftwareVersion, ImeiSvType)),
            Battery => ComprehensionTlv.Of(ObjectTag.BatteryState, battery),
            _ => default(ComprehensionTlv?),
        };
        return value is { } provided
            ? TerminalResponse.To(command, CommandRules.SuccessOf(command), provided)
            : TerminalResponse.To(command, GeneralResult.BeyondCapabilities);
    }

    /// <summary>Country, network (two digits), location area, cell (3GPP TS 24.008 §10.5.1.3).</summary>
    /// <returns>Empty where the network is not known.</returns>
    public static Bytes PlaceOf(HandsetOptions options, string imsi)
    {
        if (imsi.Length < 5) return Bytes.Empty;
        var digits = imsi[..5].Select(digit => digit - '0').ToArray();
        return new Bytes((byte[])
        [
            (byte)((digits[1] << 4) | digits[0]), (byte)((Filler << 4) | digits[2]),
            (byte)((digits[4] << 4) | digits[3]),
            (byte)(options.LocationArea >> 8), (byte)options.LocationArea,
            (byte)(options.Cell >> 8), (byte)options.Cell,
        ]);
    }

    /// <summary>A type, then digits, low half first (3GPP TS 24.008 §10.5.1.4).</summary>
    private static byte[] Identity(string digits, byte type)
    {
        var halves = new List<int> { type };
        halves.AddRange(digits.Select(digit => digit - '0'));
        if (halves.Count % 2 != 0) halves.Add(Filler);
        return [.. halves.Chunk(2).Select(pair => (byte)((pair[1] << 4) | pair[0]))];
    }
}

using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;

namespace Tessera.Phone.Data;

/// <summary>The modems of the line, ready for use.</summary>
public static class LineModems
{
    /// <summary>The native mode: quick where nothing but G.711 and packets lies between the ends.</summary>
    public static LineModem Ofdm { get; } = new(
        ModemMode.Ofdm,
        _ => new OfdmReceiver(),
        [
            OfdmRung(5, Constellation.Qam16, 5000) with { Failures = 4 },
            OfdmRung(6, Constellation.Qam64, 8000) with { Quality = 30 },
            OfdmRung(7, Constellation.Qam256, 10000) with { Quality = 36, NeedsCleanLine = true },
        ]);

    private static LineRung OfdmRung(byte number, Constellation constellation, int rate) => new()
    {
        Number = number,
        Modem = ModemMode.Ofdm,
        Rate = rate,
        CreateSender = _ => new OfdmSender { Constellation = constellation },
    };
}

using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>The modems of the line, ready for use.</summary>
public static class LineModems
{
    private const int ShortFrame = 64;
    private const int VeryShortFrame = 32;

    /// <summary>ITU-T V.21, both ends at once: the server speaks as the answerer, whoever called.</summary>
    public static LineModem V21 { get; } = new(
        ModemMode.V21,
        server => new FskReceiver(server ? FskChannel.V21Caller : FskChannel.V21Answerer),
        [
            new LineRung
            {
                Number = 2,
                Modem = ModemMode.V21,
                Rate = 300,
                CreateSender = server => new FskSender(server ? FskChannel.V21Answerer : FskChannel.V21Caller),
                LongestFrame = VeryShortFrame,
                Failures = 4,
                Silence = TimeSpan.FromSeconds(8),
            },
        ]);

    /// <summary>The forward channel of ITU-T V.23 mode 2, by turns.</summary>
    public static LineModem V23 { get; } = OneWay(3, ModemMode.V23, FskChannel.V23Forward);

    /// <summary>Bell 202, by turns.</summary>
    public static LineModem Bell202 { get; } = OneWay(4, ModemMode.Bell202, FskChannel.Bell202);

    /// <summary>The native mode: quick where nothing but G.711 and packets lies between the ends.</summary>
    public static LineModem Ofdm { get; } = new(
        ModemMode.Ofdm,
        _ => new OfdmReceiver(),
        [
            OfdmRung(5, Constellation.Qam16, 5000) with { Failures = 4 },
            OfdmRung(6, Constellation.Qam64, 8000) with { Quality = 30 },
            OfdmRung(7, Constellation.Qam256, 10000) with { Quality = 36, NeedsCleanLine = true },
        ]);

    /// <summary>Those of an end that should reach any other.</summary>
    public static Sequence<LineModem> All => [V21, Bell202, Ofdm];

    private static LineModem OneWay(byte number, ModemMode mode, FskChannel channel) => new(
        mode,
        _ => new FskReceiver(channel),
        [
            new LineRung
            {
                Number = number,
                Modem = mode,
                Rate = 1200,
                CreateSender = _ => new FskSender(channel),
                LongestFrame = ShortFrame,
                TakesTurns = true,
                Failures = 4,
                Silence = TimeSpan.FromSeconds(3),
            },
        ]);

    private static LineRung OfdmRung(byte number, Constellation constellation, int rate) => new()
    {
        Number = number,
        Modem = ModemMode.Ofdm,
        Rate = rate,
        CreateSender = _ => new OfdmSender { Constellation = constellation },
    };
}

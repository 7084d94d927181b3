using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>The modems of the line, ready for use.</summary>
public static class LineModems
{
    private const int ShortFrame = 64;
    private const int MiddleFrame = 96;
    private const int LongFrame = 128;

    /// <summary>Slow tones that pass the voice codecs of mobile networks, by turns.</summary>
    public static LineModem Tones { get; } = Of(ModemMode.Tones, Rung(1, ModemMode.Tones, 100) with
    {
        LongestFrame = ShortFrame,
        TakesTurns = true,
        Failures = 4,
        Silence = TimeSpan.FromSeconds(8),
    }) with
    { Hellos = [1] };

    /// <summary>ITU-T V.21, both ends at once.</summary>
    public static LineModem V21 { get; } = Fsk(ModemMode.V21, Rung(2, ModemMode.V21, 200) with
    {
        LongestFrame = MiddleFrame,
        Failures = 4,
        Silence = TimeSpan.FromSeconds(5),
    }) with
    { Hellos = [2] };

    /// <summary>The forward channel of ITU-T V.23 mode 2, by turns.</summary>
    public static LineModem V23 { get; } = OneWay(3, ModemMode.V23);

    /// <summary>Bell 202, by turns.</summary>
    public static LineModem Bell202 { get; } = OneWay(4, ModemMode.Bell202);

    /// <summary>The native mode: quick where nothing but G.711 and packets lies between the ends.</summary>
    public static LineModem Ofdm { get; } = Of(
        ModemMode.Ofdm,
        Native(5, Constellation.Qpsk, 2000, losses: 3) with { LongestFrame = LongFrame, Failures = 4, Quality = 10 },
        Native(6, Constellation.Qam16, 5000) with { Quality = 20 },
        Native(7, Constellation.Qam64, 8000) with { Quality = 30 },
        Native(8, Constellation.Qam256, 10000) with { Quality = 36, NeedsCleanLine = true }) with
    { Hellos = [6, 6, 5, 5] };

    /// <summary>Those of an end that should reach any other.</summary>
    public static Sequence<LineModem> All => [Tones, V21, Bell202, Ofdm];

    private static LineModem OneWay(byte number, ModemMode mode) => Fsk(mode, Rung(number, mode, 800) with
    {
        LongestFrame = LongFrame,
        TakesTurns = true,
        Failures = 4,
        Silence = TimeSpan.FromSeconds(2),
    });

    private static LineRung Native(byte number, Constellation constellation, int rate, int losses = 1) =>
        Rung(number, ModemMode.Ofdm, rate) with
        {
            CreateSender = _ => new OfdmSender { Constellation = constellation, Losses = losses },
        };

    /// <summary>On the line a modem of two tones sends coded frames: HDLC loses a frame with any of its packets.</summary>
    private static LineModem Fsk(ModemMode mode, LineRung rung) => new(
        mode, side => new CodedReceiver(Modem.ChannelOf(mode, Other(side))),
        [rung with { CreateSender = side => new CodedSender(Modem.ChannelOf(mode, side)) }]);

    private static CallSide Other(CallSide side) => side == CallSide.Caller ? CallSide.Answerer : CallSide.Caller;

    private static LineRung Rung(byte number, ModemMode mode, int rate) => new()
    {
        Number = number, Modem = mode, Rate = rate, CreateSender = side => Modem.CreateSender(mode, side),
    };

    private static LineModem Of(ModemMode mode, params Sequence<LineRung> rungs) =>
        new(mode, side => Modem.CreateReceiver(mode, side), rungs);
}

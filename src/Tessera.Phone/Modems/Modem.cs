using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Modems.ToneMode;

namespace Tessera.Phone.Modems;

/// <summary>Makes the sender and the receiver of a mode.</summary>
public static class Modem
{
    /// <summary>The level in dBm0 at which data is sent into a line.</summary>
    public const double SignalLevel = -13;

    /// <param name="side">Of the one that sends.</param>
    public static IModemSender CreateSender(ModemMode mode, CallSide side) => mode switch
    {
        ModemMode.V21 or ModemMode.V23 or ModemMode.Bell202 => new FskSender(ChannelOf(mode, side)),
        ModemMode.Tones => new ToneSender(),
        ModemMode.Ofdm => new OfdmSender(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
    };

    /// <param name="side">Of the one that receives: it hears what the other side sends.</param>
    public static IModemReceiver CreateReceiver(ModemMode mode, CallSide side) => mode switch
    {
        ModemMode.V21 or ModemMode.V23 or ModemMode.Bell202 => new FskReceiver(ChannelOf(mode, Other(side))),
        ModemMode.Tones => new ToneReceiver(),
        ModemMode.Ofdm => new OfdmReceiver(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
    };

    /// <summary>The channel of frequency shift keying on which a side sends.</summary>
    public static FskChannel ChannelOf(ModemMode mode, CallSide sender) => (mode, sender) switch
    {
        (ModemMode.V21, CallSide.Caller) => FskChannel.V21Caller,
        (ModemMode.V21, CallSide.Answerer) => FskChannel.V21Answerer,
        // One way at a time, on the fast channel whoever sends.
        (ModemMode.V23, _) => FskChannel.V23Forward,
        (ModemMode.Bell202, _) => FskChannel.Bell202,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "This mode has no channels of two tones."),
    };

    private static CallSide Other(CallSide side) => side == CallSide.Caller ? CallSide.Answerer : CallSide.Caller;
}

using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>A channel of frequency shift keying: its two tones in Hz and its rate in bits a second.</summary>
/// <param name="Mark">Of a one.</param>
/// <param name="Space">Of a zero.</param>
public sealed record FskChannel(double Mark, double Space, double Rate)
{
    /// <summary>ITU-T V.21 channel 1, from the caller.</summary>
    public static readonly FskChannel V21Caller = new(980, 1180, 300);

    /// <summary>ITU-T V.21 channel 2, from the answerer.</summary>
    public static readonly FskChannel V21Answerer = new(1650, 1850, 300);

    /// <summary>ITU-T V.23 mode 2, the forward channel.</summary>
    public static readonly FskChannel V23Forward = new(1300, 2100, 1200);

    /// <summary>ITU-T V.23, the backward channel.</summary>
    public static readonly FskChannel V23Backward = new(390, 450, 75);

    public static readonly FskChannel Bell202 = new(1200, 2200, 1200);

    /// <summary>Samples of a bit.</summary>
    public double Samples => AudioBlock.Rate / Rate;
}

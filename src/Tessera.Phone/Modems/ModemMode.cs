namespace Tessera.Phone.Modems;

/// <summary>The ways in which octets become sound, from the most robust to the fastest.</summary>
public enum ModemMode
{
    /// <summary>Slow tones that survive the voice codecs of mobile networks.</summary>
    Tones,

    /// <summary>ITU-T V.21: 300 bit/s in both directions at once.</summary>
    V21,

    /// <summary>ITU-T V.23 mode 2: 1200 bit/s one way.</summary>
    V23,

    /// <summary>Bell 202: 1200 bit/s one way.</summary>
    Bell202,

    /// <summary>The native mode: multicarrier bursts whose symbols are RTP packets.</summary>
    Ofdm,
}

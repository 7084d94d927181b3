namespace Tessera.Phone.Modems.Ofdm;

/// <summary>How many points a carrier of a burst can take, and so how many bits a symbol carries.</summary>
public enum Constellation
{
    /// <summary>Two bits a carrier, 4.2 kbit/s.</summary>
    Qpsk,

    /// <summary>Four bits a carrier, 8.4 kbit/s.</summary>
    Qam16,

    /// <summary>Six bits a carrier, 12.6 kbit/s.</summary>
    Qam64,

    /// <summary>Eight bits a carrier, 16.8 kbit/s.</summary>
    Qam256,
}

using Tessera.Phone.Modems.Ofdm;
using Tessera.Wire;

namespace Tessera.Phone.Modems;

/// <summary>A frame as a modem received it.</summary>
/// <param name="Payload">Its octets, without the check.</param>
/// <param name="Quality">
/// What the receiver measured of the signal over this frame, as a signal to noise ratio in dB.
/// </param>
public readonly record struct ModemFrame(Bytes Payload, double Quality)
{
    /// <summary>What its carriers took; null of a mode without carriers.</summary>
    public Constellation? Constellation { get; init; }
}

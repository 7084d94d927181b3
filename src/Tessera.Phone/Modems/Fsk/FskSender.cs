using Tessera.Phone.Modems.Hdlc;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>Sends HDLC frames on a channel, and in its pauses silence, or flags if the carrier is to stay.</summary>
public sealed class FskSender : IModemSender
{
    /// <summary>Octets of the longest frame for which its 16-bit check is trusted.</summary>
    public const int LongestFrame = 256;

    private const double LeadSeconds = 0.04;

    private readonly HdlcEncoder _frames;
    private readonly FskModulator _modulator;
    private readonly bool _keepsCarrier;

    /// <param name="level">In dBm0.</param>
    public FskSender(FskChannel channel, bool keepsCarrier = false, double level = Modem.SignalLevel)
    {
        _frames = new HdlcEncoder((int)Math.Ceiling(LeadSeconds * channel.Rate / 8), keepsCarrier);
        _modulator = new FskModulator(channel, _frames.Next, level);
        _keepsCarrier = keepsCarrier;
    }

    public int MaxFrame => LongestFrame;

    public bool IsIdle => _frames.IsIdle && (_keepsCarrier || !_modulator.IsOn);

    public void Send(Bytes frame)
    {
        if (frame.Length is 0 or > LongestFrame)
            throw new ArgumentException($"A frame has 1 to {LongestFrame} octets.", nameof(frame));
        _frames.Add(frame);
    }

    public void Read(Span<short> samples) => _modulator.Read(samples);
}

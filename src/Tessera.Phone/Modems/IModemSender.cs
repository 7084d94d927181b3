using Tessera.Wire;

namespace Tessera.Phone.Modems;

/// <summary>
/// Makes the sound of frames: linear samples, 16 bits, 8000 a second. A pure sample processor: it knows no clock and no
/// device.
/// </summary>
public interface IModemSender
{
    /// <summary>Octets of the longest frame it can send.</summary>
    int MaxFrame { get; }

    /// <summary>Whether all that was sent has been read out as samples.</summary>
    bool IsIdle { get; }

    /// <summary>Queues a frame behind those sent before.</summary>
    void Send(Bytes frame);

    /// <summary>
    /// Fills the span with the next samples; with nothing to send, with what the mode does in its pauses.
    /// </summary>
    void Read(Span<short> samples);
}

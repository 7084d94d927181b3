using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// Carries whole link frames between two authenticated peers, in order. One sender and one receiver at a time.
/// </summary>
public interface IFrameChannel : IAsyncDisposable
{
    /// <summary>The next frame, or null when the peer ended the channel between two frames.</summary>
    /// <exception cref="Wire.WireFormatException">The peer sent what is no frame.</exception>
    /// <exception cref="ConnectionLostException">The channel broke.</exception>
    ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel);

    /// <exception cref="ConnectionLostException">The channel broke.</exception>
    ValueTask SendAsync(LinkFrame frame, CancellationToken cancel);
}

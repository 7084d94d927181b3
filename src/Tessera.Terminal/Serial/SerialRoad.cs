using System.Security.Cryptography.X509Certificates;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Serial;

/// <summary>
/// The road of a device whose telephone is at the other end of a serial port: it opens the port anew for every connection,
/// and speaks TLS with its server through the telephone.
/// </summary>
/// <param name="openPort">Opens the port; where there is none now, throws <see cref="IOException"/>.</param>
/// <param name="pin">The server's key; nobody else is spoken to.</param>
public sealed class SerialRoad(
    Func<Stream> openPort, SerialOptions options, PeerIdentity pin, TimeProvider? time = null)
{
    /// <summary>A channel to the server, of which telephone and line can read nothing.</summary>
    /// <param name="own">The device's certificate with its key; not owned.</param>
    /// <exception cref="ConnectionLostException">
    /// The port is not there, the telephone does not answer or reach the server, or it is another server.
    /// </exception>
    public async Task<IFrameChannel> OpenAsync(X509Certificate2 own, CancellationToken cancel)
    {
        var line = SerialLine.Start(OpenPort(), SerialSide.Device, options, time);
        SerialLink link;
        try
        {
            link = await line.OpenAsync(cancel);
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }

        return await TerminalConnection.OpenAsync(new LinkStream(link, line), own, pin, cancel);
    }

    private Stream OpenPort()
    {
        try
        {
            return openPort();
        }
        catch (IOException e)
        {
            throw new ConnectionLostException(e.Message, e);
        }
    }
}

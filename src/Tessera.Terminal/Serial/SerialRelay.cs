using System.IO.Pipelines;
using System.Net.Sockets;
using Tessera.Terminal.Serial.Frames;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Serial;

/// <summary>
/// What a telephone does for a device at its serial port: every connection that the device asks for is carried on to one
/// address over TCP. The octets are TLS between device and server; the relay can read nothing and chooses nobody else.
/// </summary>
public sealed class SerialRelay
{
    private readonly SerialRelayOptions _options;
    private readonly TimeProvider _time;

    public SerialRelay(SerialRelayOptions options, TimeProvider? time = null)
    {
        options.Serial.Check(nameof(options));
        (_options, _time) = (options, time ?? TimeProvider.System);
    }

    /// <summary>Relays until cancelled; a port that went away is opened again until it is there.</summary>
    /// <param name="openPort">Opens the port; where there is none now, throws <see cref="IOException"/>.</param>
    public async Task RunAsync(Func<Stream> openPort, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await ServeAsync(openPort(), cancel);
            }
            catch (IOException e)
            {
                _options.Told(e.Message);
            }

            await Task.Delay(_options.Retry, _time, cancel);
        }
    }

    /// <summary>Relays on one port until it breaks.</summary>
    /// <param name="port">The relay's own from now on.</param>
    /// <exception cref="ConnectionLostException">The port broke.</exception>
    public async Task ServeAsync(Stream port, CancellationToken cancel)
    {
        await using var line = SerialLine.Start(port, SerialSide.Telephone, _options.Serial, _time);
        while (true)
        {
            var connection = await line.AskedAsync(cancel);
            if (await ConnectAsync(cancel) is not { } server)
            {
                line.Refuse(connection);
                continue;
            }

            await using var stream = new NetworkStream(server, ownsSocket: true);
            if (line.Accept(connection) is not { } link) continue;
            _options.Told($"Connection {connection:X4} to {_options.Host}:{_options.Port}.");
            await RelayAsync(link, stream, cancel);
        }
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_options.Connect, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.KeepAlive(SignsOfLife.Silence);
            await socket.ConnectAsync(_options.Host, _options.Port, either.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            socket.Dispose();
            _options.Told($"{_options.Host}:{_options.Port} is not reached: {e.Message}");
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task RelayAsync(SerialLink link, NetworkStream server, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] both = [UpAsync(link.Input, server, stop.Token), DownAsync(server, link.Output, stop.Token)];
        try
        {
            await await Task.WhenAny(both);
            await Task.WhenAll(both).WaitAsync(stop.Token);
            _options.Told($"Connection {link.Connection:X4} ended: {await link.Ended.WaitAsync(cancel)}.");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            _options.Told($"Connection {link.Connection:X4} ended: {e.Message}");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await link.DisposeAsync();
        }
    }

    private static async Task UpAsync(PipeReader device, NetworkStream server, CancellationToken cancel)
    {
        await device.CopyToAsync(server, cancel);
        server.Socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>A server whose stream breaks resets the connection, one that ends it finishes.</summary>
    private static async Task DownAsync(NetworkStream server, PipeWriter device, CancellationToken cancel)
    {
        try
        {
            await server.CopyToAsync(device, cancel);
            await device.CompleteAsync();
        }
        catch (Exception e)
        {
            await device.CompleteAsync(e);
            throw;
        }
    }
}

using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A TCP connection as a duplex pipe; completing both ends closes it.</summary>
internal sealed class SocketPipe : IDuplexPipe
{
    private const int ReadSize = 64 * 1024;

    public SocketPipe(Socket socket)
    {
        socket.NoDelay = true;
        var stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize));
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <exception cref="ConnectionLostException">Nobody is there.</exception>
    public static async Task<SocketPipe> ConnectAsync(EndPoint server, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, cancel);
            return new SocketPipe(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ConnectionLostException($"{server}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

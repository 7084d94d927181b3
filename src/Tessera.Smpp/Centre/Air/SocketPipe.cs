using System.IO.Pipelines;
using System.Net.Sockets;

namespace Tessera.Smpp.Centre;

/// <summary>A connected socket as a pipe; the socket is its owner's.</summary>
internal sealed class SocketPipe : IDuplexPipe
{
    public SocketPipe(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        Input = PipeReader.Create(stream);
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}

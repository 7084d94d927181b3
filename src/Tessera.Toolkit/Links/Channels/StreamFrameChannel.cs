using System.IO.Pipelines;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// Frames that follow each other in a byte stream: TCP with TLS, or any duplex pipe (docs/protocols/link.md §1).
/// </summary>
/// <param name="pipe">The two directions; the channel completes both.</param>
/// <param name="beneath">What carries the pipe and is disposed with the channel.</param>
public sealed class StreamFrameChannel(IDuplexPipe pipe, IAsyncDisposable? beneath = null) : IFrameChannel
{
    private Exception? _lost;

    /// <summary>A channel over a stream, which it owns.</summary>
    public StreamFrameChannel(Stream stream) : this(new StreamPipe(stream), stream) { }

    public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            var read = await ReadAsync(cancel);
            var buffer = read.Buffer;
            var result = LinkFramer.TryRead(ref buffer, out var frame);
            pipe.Input.AdvanceTo(buffer.Start, result == FrameResult.Frame ? buffer.Start : buffer.End);
            switch (result)
            {
                case FrameResult.Frame:
                    return frame;
                case FrameResult.Broken:
                    throw new WireFormatException("frame", 0, "has a type or length that no frame can have");
                case FrameResult.Incomplete when read.IsCompleted && buffer.IsEmpty:
                    return null;
                case FrameResult.Incomplete when read.IsCompleted:
                    throw new ConnectionLostException("The stream ended inside a frame.");
            }
        }
    }

    public async ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
    {
        try
        {
            frame.Write(new ByteWriter(pipe.Output));
            var flushed = await pipe.Output.FlushAsync(cancel);
            if (flushed.IsCompleted) throw new ConnectionLostException("The peer reads no more.");
        }
        catch (Exception e)
        {
            _lost = e;
            if (e is not (IOException or ObjectDisposedException) || e is ConnectionLostException) throw;
            throw new ConnectionLostException("The stream broke.", e);
        }
    }

    /// <summary>
    /// Octets of a frame that could not be sent whole are not sent again. A pipe that hands faults on tells the peer that
    /// the channel is lost, not what failed on this side.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await pipe.Output.CompleteAsync(_lost is null ? null : new ConnectionLostException("The stream broke.", _lost));
        await pipe.Input.CompleteAsync();
        if (beneath is not null) await beneath.DisposeAsync();
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await pipe.Input.ReadAsync(cancel);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new ConnectionLostException("The stream broke.", e);
        }
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}

using System.IO.Pipelines;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>Two ends of an in-memory byte stream.</summary>
internal static class Wires
{
    public static (IDuplexPipe Left, IDuplexPipe Right) Pipes()
    {
        var (there, back) = (new Pipe(), new Pipe());
        return (new Duplex(back.Reader, there.Writer), new Duplex(there.Reader, back.Writer));
    }

    public static (StreamFrameChannel Left, StreamFrameChannel Right) Channels()
    {
        var (left, right) = Pipes();
        return (new StreamFrameChannel(left), new StreamFrameChannel(right));
    }

    public static (Stream Left, Stream Right) Streams()
    {
        var (left, right) = Pipes();
        return (new DuplexStream(left), new DuplexStream(right));
    }

    private sealed class DuplexStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream _input = pipe.Input.AsStream();
        private readonly Stream _output = pipe.Output.AsStream();

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => _output.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _output.Dispose();
            _input.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>A terminal played frame by frame by a test.</summary>
internal sealed class PlayedTerminal(IFrameChannel channel, Task<LinkEnd> served)
{
    public static readonly Bytes Run = Bytes.FromHex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF");
    public static readonly Bytes Atr = Bytes.FromHex("3B800181");

    public static readonly TerminalProfile KioskProfile =
        new(Bytes.FromHex("01001701"), TerminalCapabilities.RichPages);

    /// <summary>How the server says the connection ended.</summary>
    public Task<LinkEnd> Served => served;

    public static PlayedTerminal Connect(LinkListener listener, PeerIdentity? peer = null)
    {
        var (left, right) = Wires.Channels();
        return new PlayedTerminal(left, listener.ServeAsync(right, peer ?? Identity(0xAA), Token));
    }

    /// <summary>Connects, says Hello and takes the server's.</summary>
    public static async Task<(PlayedTerminal Terminal, ServerHello Hello)> GreetAsync(
        LinkListener listener, ReaderState reader, Bytes? run = null, PeerIdentity? peer = null)
    {
        var terminal = Connect(listener, peer);
        await terminal.SendAsync(Hello(reader, run));
        return (terminal, (await terminal.ReceiveAsync(FrameType.Hello)).Read<ServerHello>());
    }

    public static LinkFrame Hello(ReaderState reader, Bytes? run = null) =>
        LinkFrame.Of(FrameType.Hello, new TerminalHello(run ?? Run, "Kiosk", KioskProfile, reader));

    public static PeerIdentity Identity(byte octet) => new(new Bytes(Enumerable.Repeat(octet, 32).ToArray()));

    public Task SendAsync(LinkFrame frame) => channel.SendAsync(frame, Token).AsTask();

    public Task ReportAsync(ReaderState reader) =>
        SendAsync(LinkFrame.Of(FrameType.Event, new CardReaderEvent(reader)));

    public Task AnswerAsync(Bytes answer) => SendAsync(new LinkFrame(FrameType.Answer, answer));

    public async Task<Bytes> ReceiveAsync(FrameType type)
    {
        var frame = await channel.ReceiveAsync(Token);
        Assert.Equal(type, frame?.Type);
        return frame!.Value.Body;
    }

    /// <summary>Takes a Bye and closes, as every peer does.</summary>
    public async Task<Bye> ReceiveByeAsync()
    {
        var bye = (await ReceiveAsync(FrameType.Bye)).Read<Bye>();
        await channel.DisposeAsync();
        return bye;
    }

    /// <summary>Breaks the connection without a word.</summary>
    public async Task<LinkEnd> BreakAsync()
    {
        await channel.DisposeAsync();
        return await served;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}

/// <summary>The smallest scripts and their answers.</summary>
internal static class Scripts
{
    /// <summary>PLAY TONE.</summary>
    public static Bytes Script(ushort session, byte number, byte tone = 0) =>
        Bytes.FromHex($"AA0B C004 01{session:X4}{number:X2} C103 2000{tone:X2}");

    public static Bytes Answer(ushort session, byte number, byte commands = 0) =>
        Bytes.FromHex($"AB09 C004 01{session:X4}{number:X2} 8001{commands:X2}");

    /// <summary>The answer that belongs to a script.</summary>
    public static Bytes AnswerTo(Bytes script)
    {
        var head = ScriptMessage.HeadOf(script, ScriptTags.Script)!.Value;
        return Answer(head.Session, head.Number, script.Span[^1]);
    }
}

/// <summary>A channel whose peer takes nothing.</summary>
internal sealed class StuckChannel(IFrameChannel inner) : IFrameChannel
{
    public ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel) => inner.ReceiveAsync(cancel);

    public async ValueTask SendAsync(LinkFrame frame, CancellationToken cancel) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Where a link is cut: at which frame of a direction, before it is handed on or after.</summary>
internal sealed class Cuts(IReadOnlySet<int> sent, IReadOnlySet<int> received, bool after)
{
    private int _sent;
    private int _received;

    public IFrameChannel Through(IFrameChannel inner) => new CutChannel(inner, this);

    private sealed class CutChannel(IFrameChannel inner, Cuts cuts) : IFrameChannel
    {
        private readonly CancellationTokenSource _cut = new();

        public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
        {
            var frame = await UncutAsync(token => inner.ReceiveAsync(token).AsTask(), cancel);
            if (frame is null || !cuts.IsCut(ref cuts._received, isReceived: true)) return frame;

            // Taken from the wire but never seen, or seen as the last one.
            await _cut.CancelAsync();
            return cuts.After ? frame : throw new ConnectionLostException("cut");
        }

        public async ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
        {
            var cut = cuts.IsCut(ref cuts._sent, isReceived: false);
            if (!cut || cuts.After)
            {
                await UncutAsync(
                    async token =>
                    {
                        await inner.SendAsync(frame, token);
                        return true;
                    },
                    cancel);
            }

            if (!cut) return;
            await _cut.CancelAsync();
            throw new ConnectionLostException("cut");
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _cut.Dispose();
        }

        private async Task<T> UncutAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancel)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _cut.Token);
            try
            {
                either.Token.ThrowIfCancellationRequested();
                return await act(either.Token);
            }
            catch (OperationCanceledException) when (_cut.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                throw new ConnectionLostException("cut");
            }
        }
    }

    private bool After => after;

    private bool IsCut(ref int count, bool isReceived) =>
        (isReceived ? received : sent).Contains(Interlocked.Increment(ref count) - 1);
}

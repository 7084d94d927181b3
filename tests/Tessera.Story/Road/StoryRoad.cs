using System.Threading.Channels;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Story.Road;

/// <summary>The road between terminal and server: every frame is a place where it may break.</summary>
/// <param name="broken">Told of each cut, before either side learns of it.</param>
internal sealed class StoryRoad(Scissors scissors, Recorder recorder, Action<Cut> broken)
{
    /// <summary>A new connection.</summary>
    public Connection Connect() => new(this);

    /// <summary>A connection of two queues of frames.</summary>
    internal sealed class Connection
    {
        private readonly Lock _gate = new();
        private readonly StoryRoad _road;
        private bool _broken;
        private readonly Channel<LinkFrame> _up = Channel.CreateUnbounded<LinkFrame>();
        private readonly Channel<LinkFrame> _down = Channel.CreateUnbounded<LinkFrame>();

        public Connection(StoryRoad road)
        {
            _road = road;
            Terminal = new End(this, CutKind.FrameUp, _up, _down);
            Server = new End(this, CutKind.FrameDown, _down, _up);
        }

        public IFrameChannel Terminal { get; }

        public IFrameChannel Server { get; }

        /// <summary>Nothing goes through any more; what is on its way arrives.</summary>
        public void Break()
        {
            lock (_gate)
            {
                _broken = true;
                _up.Writer.TryComplete(Lost());
                _down.Writer.TryComplete(Lost());
            }
        }

        private static ConnectionLostException Lost() => new("The link was cut.");

        private void Send(CutKind direction, ChannelWriter<LinkFrame> writer, LinkFrame frame)
        {
            lock (_gate)
            {
                if (_broken) throw Lost();
                var cut = _road.Take(direction, frame);
                var sent = cut is { After: false } || writer.TryWrite(frame);
                if (cut is not null)
                {
                    _road.Tell(cut);
                    Break();
                }

                if (cut is not null || !sent) throw Lost();
            }
        }

        private sealed class End(
            Connection connection, CutKind direction, Channel<LinkFrame> outgoing, Channel<LinkFrame> incoming)
            : IFrameChannel
        {
            public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
            {
                try
                {
                    return await incoming.Reader.ReadAsync(cancel);
                }
                catch (ChannelClosedException e)
                {
                    return e.InnerException is null ? null : throw Lost();
                }
            }

            public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
            {
                cancel.ThrowIfCancellationRequested();
                connection.Send(direction, outgoing.Writer, frame);
                return ValueTask.CompletedTask;
            }

            public ValueTask DisposeAsync()
            {
                lock (connection._gate)
                {
                    outgoing.Writer.TryComplete();
                    incoming.Writer.TryComplete(Lost());
                }

                return ValueTask.CompletedTask;
            }
        }
    }

    private Cut? Take(CutKind direction, LinkFrame frame)
    {
        recorder.Take($"{direction} {frame.Type}", frame.Body);
        return scissors.Next(direction, frame.Type.ToString());
    }

    private void Tell(Cut cut) => broken(cut);
}

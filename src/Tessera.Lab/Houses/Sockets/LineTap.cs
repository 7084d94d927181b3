using System.Net;
using Tessera.Lab.Calls;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// Hears both directions of a call as its ends hear them, with a jitter buffer each: for who listens, left what the
/// house says and right what it hears, and for a <see cref="LineWatch"/>.
/// </summary>
internal sealed class LineTap : IAsyncDisposable
{
    /// <summary>What was missed for longer than that is not made good: 1 s.</summary>
    private const long MostBehind = 50;

    /// <summary>Blocks of a second, after which counts of packets are looked at again.</summary>
    private const int Second = AudioBlock.Rate / AudioBlock.Length;

    private readonly CancellationTokenSource _over = new();
    private readonly Earpiece _earpiece;
    private readonly LineWatch _watch;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly Way _out;
    private readonly Way _in;
    private readonly short[] _both = new short[2 * AudioBlock.Length];
    private readonly Task _running;
    private int _blocks;

    /// <param name="house">What was agreed upon with the house.</param>
    /// <param name="network">And with the network.</param>
    /// <param name="changed">Told when the use of the line is another, when data flows, and every second.</param>
    public LineTap(
        AudioAgreement house, AudioAgreement network, Earpiece earpiece, LineWatch watch, TimeProvider time,
        Action changed)
    {
        (_earpiece, _watch, _time, _changed) = (earpiece, watch, time, changed);
        (_out, _in) = (new Way(house), new Way(network));
        _running = RunAsync();
    }

    /// <summary>A packet of sound passes.</summary>
    public void Take(LineDirection direction, ReadOnlyMemory<byte> packet) =>
        (direction == LineDirection.Out ? _out : _in).Take(packet);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _over.Dispose();
    }

    /// <summary>As many blocks as time has passed, whatever the system's timer makes of 20 ms.</summary>
    private async Task RunAsync()
    {
        using var pace = new PeriodicTimer(AudioBlock.Duration, _time);
        var begun = _time.GetTimestamp();
        var done = 0L;
        try
        {
            while (await pace.WaitForNextTickAsync(_over.Token))
            {
                var due = _time.GetElapsedTime(begun).Ticks / AudioBlock.Duration.Ticks;
                for (done = Math.Max(done, due - MostBehind); done < due; done++) Hear();
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The call is over.
        }
    }

    private void Hear()
    {
        var before = (_watch.Use, _watch.OctetsOf(LineDirection.Out), _watch.OctetsOf(LineDirection.In));
        _watch.Hear(LineDirection.Out, _out.Block, _out.Next());
        _watch.Hear(LineDirection.In, _in.Block, _in.Next());
        _watch.Tick();
        for (var i = 0; i < AudioBlock.Length; i++) (_both[2 * i], _both[(2 * i) + 1]) = (_out.Block[i], _in.Block[i]);
        _earpiece.Hear(_both);
        var after = (_watch.Use, _watch.OctetsOf(LineDirection.Out), _watch.OctetsOf(LineDirection.In));
        if (before != after || ++_blocks % Second == 0) _changed();
    }

    /// <summary>One direction.</summary>
    private sealed class Way(AudioAgreement agreement)
    {
        private readonly RtpSession _session = new(agreement, new RtpOptions());
        private readonly SocketAddress _from = agreement.Remote.Serialize();

        public short[] Block { get; } = new short[AudioBlock.Length];

        public void Take(ReadOnlyMemory<byte> packet) => _session.Receive(packet, _from);

        /// <summary>Makes the next block.</summary>
        /// <returns>Whether some of it was made up.</returns>
        public bool Next() => _session.Read(Block);
    }
}

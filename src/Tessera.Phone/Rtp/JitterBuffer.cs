using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>
/// Brings the packets of a call into a steady stream of blocks: in order, each sample once, lost ones made up by
/// repeating what was last heard, so that the carrier of a modem goes on. Knows no clock: a block taken is 20 ms gone.
/// </summary>
/// <remarks>
/// Its depth follows the network. A packet that came too late makes it one block deeper; five of them one after the
/// other say that the way itself became longer, and it moves by as much. It becomes less deep only when every packet
/// of five seconds came early, and leaves out a block in which nothing is to be heard; only at its limit it leaves out
/// any.
/// </remarks>
public sealed class JitterBuffer(JitterOptions options)
{
    private const int Block = AudioBlock.Length;
    private const int Ring = 1 << 14;
    private const int Mask = Ring - 1;

    /// <summary>A timestamp further away than this belongs to another stream.</summary>
    private const int Reach = AudioBlock.Rate;

    /// <summary>Packets from afar, one after the other, after which the stream is taken for another.</summary>
    private const int Strange = 3;

    private const int LateRun = 5;
    private const int GrowthPause = 10;
    private const int Window = 250;
    private const double Quiet = -45;

    private readonly short[] _samples = new short[Ring];
    private readonly bool[] _heard = new bool[Ring];
    private bool _started;
    private uint _next;
    private int _hold;
    private bool _shrinks;
    private int _strange;
    private int _repeats;
    private int _lateRun;
    private int _leastLate;
    private int _sinceGrowth = GrowthPause;
    private int _packets;
    private int _leastMargin;
    private int _mostMargin;

    /// <summary>Packets that came too late to be heard whole.</summary>
    public long Late { get; private set; }

    /// <summary>Blocks of which some sample was made up, since the first packet.</summary>
    public long Concealed { get; private set; }

    /// <summary>Packets that belonged nowhere.</summary>
    public long Misplaced { get; private set; }

    /// <summary>Samples from the next to be taken to the end of the latest packet.</summary>
    public int Waiting { get; private set; }

    /// <summary>Takes the samples of a packet.</summary>
    public void Put(uint timestamp, ReadOnlySpan<short> samples)
    {
        if (samples.Length is 0 or > Reach) return;
        if (!_started) Start(timestamp);

        var margin = (int)(timestamp - _next) + (_hold * Block);
        if (margin is > Reach - Block or < -Reach)
        {
            Misplaced++;
            if (++_strange < Strange) return;
            Start(timestamp);
            margin = options.Depth * Block;
        }

        _strange = 0;
        Adapt(margin);
        Store(timestamp, samples);
    }

    /// <summary>The next block.</summary>
    /// <returns>Whether any sample of it was made up.</returns>
    public bool Take(Span<short> block)
    {
        if (!_started)
        {
            block.Clear();
            return true;
        }

        if (_hold > 0)
        {
            _hold--;
            for (var i = 0; i < Block; i++) block[i] = MadeUp(_next + (uint)i);
            return Repeated();
        }

        if (Waiting > options.MaxDepth * Block) Skip();
        var concealed = TakeNext(block);
        if (_shrinks && (concealed || Level.Of(block) < Quiet))
        {
            _shrinks = false;
            concealed = TakeNext(block);
        }

        if (concealed) return Repeated();
        _repeats = 0;
        return false;
    }

    /// <summary>Begins anew with the next packet, as for another source.</summary>
    public void Reset()
    {
        _started = false;
        Waiting = 0;
    }

    private void Start(uint timestamp)
    {
        _samples.AsSpan().Clear();
        _heard.AsSpan().Clear();
        (_started, _shrinks) = (true, false);
        (_hold, _strange, _lateRun, _packets, _mostMargin) = (0, 0, 0, 0, 0);
        _next = timestamp - (uint)(options.Depth * Block);
        _repeats = options.MaxRepeat;
        Waiting = 0;
    }

    private void Store(uint timestamp, ReadOnlySpan<short> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var at = timestamp + (uint)i;
            if ((int)(at - _next) < 0) continue;
            _samples[at & Mask] = samples[i];
            _heard[at & Mask] = true;
        }

        Waiting = Math.Max(Waiting, (int)(timestamp - _next) + samples.Length);
    }

    private bool TakeNext(Span<short> block)
    {
        var concealed = false;
        for (var i = 0; i < Block; i++)
        {
            var at = _next + (uint)i;
            ref var sample = ref _samples[at & Mask];
            if (!_heard[at & Mask])
            {
                concealed = true;
                sample = MadeUp(at);
            }

            _heard[at & Mask] = false;
            block[i] = sample;
        }

        Advance();
        return concealed;
    }

    private void Skip()
    {
        for (var i = 0; i < Block; i++) _heard[(_next + (uint)i) & Mask] = false;
        Advance();
    }

    private void Advance()
    {
        _next += Block;
        Waiting = Math.Max(0, Waiting - Block);
    }

    /// <summary>What was heard a block before, for as long as it is repeated.</summary>
    private short MadeUp(uint at) => _repeats < options.MaxRepeat ? _samples[(at - Block) & Mask] : (short)0;

    private bool Repeated()
    {
        _repeats = Math.Min(_repeats + 1, options.MaxRepeat);
        Concealed++;
        return true;
    }

    /// <param name="margin">Samples by which the packet came before its time.</param>
    private void Adapt(int margin)
    {
        _sinceGrowth++;
        if (margin < 0)
        {
            Late++;
            _leastLate = _lateRun++ == 0 ? -margin : Math.Min(_leastLate, -margin);
            if (_lateRun == LateRun) Grow((_leastLate + Block - 1) / Block);
            else if (_sinceGrowth > GrowthPause && _mostMargin < (options.MaxDepth - 1) * Block) Grow(1);
            return;
        }

        _lateRun = 0;
        (_leastMargin, _mostMargin) = _packets++ == 0
            ? (margin, margin)
            : (Math.Min(_leastMargin, margin), Math.Max(_mostMargin, margin));
        if (_packets < Window) return;
        _shrinks = _leastMargin >= (options.Depth + 1) * Block;
        _packets = 0;
    }

    private void Grow(int blocks)
    {
        _hold += blocks;
        _shrinks = false;
        (_sinceGrowth, _lateRun, _packets) = (0, 0, 0);
    }
}

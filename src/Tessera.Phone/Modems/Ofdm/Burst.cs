using System.Numerics;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// A burst that is being heard, symbol by symbol, until its header or its pilots say that it is over.
/// </summary>
/// <param name="start">Where its training symbol begins.</param>
/// <param name="before">The last burst: what is expected of this one where it cannot be heard.</param>
internal sealed class Burst(long start, KnownBurst? before)
{
    /// <summary>
    /// How far behind the beginning of a symbol its 128 samples are taken: a quarter of the prefix early.
    /// </summary>
    public const int Early = Carriers.Prefix * 3 / 4;

    private const int Overlap = Carriers.Prefix / 2;
    private const double Coherent = 0.5;
    private const double Sure = 0.7;

    /// <summary>So many symbols in a row that are none end a burst of unknown length.</summary>
    private const int Silence = 2;

    private static readonly int MostSymbols =
        new BurstHeader(Constellation.Qpsk, BurstHeader.MaxLosses, BurstHeader.MaxLength).Symbols;

    private readonly Complex[] _heard = new Complex[Carriers.Count];
    private readonly Complex[] _decided = new Complex[Carriers.Count];
    private readonly List<Complex[]?> _symbols = [];
    private Channel? _channel;
    private BurstHeader? _header;
    private int _data;
    private int _lost;
    private int _silent;
    private int _next;
    private int _last;

    /// <summary>Whether nothing more is to be heard of it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether it had a header or data, so that it was none that only seemed to be one.</summary>
    public bool IsReal => _last > 0;

    /// <summary>Where the next one may begin, for all one knows.</summary>
    public long End => IsReal ? start + ((_last + 1) * Carriers.SymbolLength) - Overlap
        : start + (_channel is null ? 1 : BurstSearch.Guard);

    /// <summary>Hears its next symbol, if that is there.</summary>
    public bool TryHear(SoundHistory sound)
    {
        var from = start + (_next * Carriers.SymbolLength) + Early;
        if (from + Carriers.Size > sound.End) return false;
        var isLost = sound.IsConcealed(from, Carriers.Size);
        if (!isLost) Transform.Forward(sound.Slice(from, Carriers.Size), _heard);
        switch (_next)
        {
            case 0 when !isLost:
                _channel = Channel.Learn(_heard);
                break;
            case 0:
                break;
            case 1:
                HearHeader(isLost);
                break;
            default:
                HearData(isLost);
                break;
        }

        _next++;
        return true;
    }

    /// <summary>The frame, if the burst is whole or what is missing can be made good.</summary>
    public bool TryDecode(out ModemFrame frame, out KnownBurst known)
    {
        (frame, known) = (default, default!);
        if (_channel is null) return false;
        var decoder = new BurstDecoder(_symbols);
        BurstHeader header;
        if (_header is { } read)
        {
            if (_symbols.Count != _data || !decoder.TryDecode(read, out frame)) return false;
            header = read;
        }
        else
        {
            if (!IsOver && _symbols.Count != before?.Header.Symbols) return false;
            if (!decoder.TryGuess(before?.Header, out header, out frame)) return false;
        }

        IsOver = true;
        _last = 1 + header.Symbols;
        known = new KnownBurst(start, header, _channel);
        return true;
    }

    private void HearHeader(bool isLost)
    {
        if (!isLost && IsCoherent(0)) TryReadHeader(_channel!);
    }

    /// <summary>
    /// Whether that symbol was heard; if none was before, the channel of the last burst is tried on it.
    /// </summary>
    private bool IsCoherent(int symbol)
    {
        if (_channel is not null) return _channel.Coherence(_heard, symbol) >= Coherent;
        _channel = before is null ? null : Channel.Resume(before.Channel, _heard, symbol);
        if (_channel?.Coherence(_heard, symbol) >= Sure) return true;
        _channel = null;
        IsOver = true;
        return false;
    }

    private void TryReadHeader(Channel channel)
    {
        channel.Follow(_heard, 0);
        Span<double> matches = stackalloc double[Carriers.Data];
        for (var i = 0; i < Carriers.Data; i++)
        {
            var at = Carriers.DataPlaces[i];
            matches[i] = channel.Match(_heard, at, Carriers.Training[at]);
        }

        if (!BurstHeader.TryRead(matches, out var header)) return;
        _header = header;
        _data = header.Symbols;
        _last = 1;

        Span<int> signs = stackalloc int[Carriers.Data];
        header.Write(signs);
        for (var i = 0; i < Carriers.Data; i++)
            _decided[Carriers.DataPlaces[i]] = Carriers.Training[Carriers.DataPlaces[i]] * signs[i];
        Refine(channel, 0);
    }

    private void HearData(bool isLost)
    {
        var symbol = _next - 1;
        if (!isLost && IsCoherent(symbol))
        {
            Equalise(_channel!, symbol);
            _silent = 0;
            _last = _next;
        }
        else if (!isLost && _channel?.TrainingCoherence(_heard) >= Sure)
        {
            // This one broke off, and another begins.
            IsOver = true;
            return;
        }
        else
        {
            _symbols.Add(null);
            _silent++;
            _lost++;
        }

        IsOver |= _header is { } header
            ? _symbols.Count == _data || header.IsHopeless(_data, _lost)
            : _silent == Silence || _symbols.Count == MostSymbols;
    }

    private void Equalise(Channel channel, int symbol)
    {
        channel.Follow(_heard, symbol);
        var points = new Complex[Carriers.Data];
        for (var i = 0; i < Carriers.Data; i++) points[i] = channel.Equalise(_heard, Carriers.DataPlaces[i]);
        _symbols.Add(points);
        if (_header is { } known) Decide(channel, points, known.Constellation, symbol);
    }

    /// <summary>A symbol that was decided is one more from which the channel is learnt.</summary>
    private void Decide(Channel channel, Complex[] points, Constellation constellation, int symbol)
    {
        var map = PointMap.Of(constellation);
        for (var i = 0; i < Carriers.Data; i++)
            _decided[Carriers.DataPlaces[i]] = map.Point(map.Nearest(points[i]));
        Refine(channel, symbol);
    }

    private void Refine(Channel channel, int symbol)
    {
        for (var pilot = 0; pilot < Carriers.Pilots; pilot++)
            _decided[pilot * Carriers.PilotStep] = Carriers.Pilot(symbol, pilot);
        channel.Refine(_heard, _decided);
    }
}

/// <summary>A burst of which everything is known.</summary>
internal sealed record KnownBurst(long Start, BurstHeader Header, Channel Channel);

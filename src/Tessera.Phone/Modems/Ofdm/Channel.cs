using System.Numerics;
using System.Runtime.InteropServices;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// What the line does to each carrier, learnt from every symbol whose points are known or decided; and how many samples
/// later than the training symbol the present one comes, because the two clocks differ.
/// </summary>
internal sealed class Channel
{
    /// <summary>
    /// How far from its place a burst without training symbol is looked for, and in what steps, in samples.
    /// </summary>
    private const double Reach = 4;
    private const double Step = 0.25;

    private readonly Complex[] _product = new Complex[Carriers.Count];
    private readonly double[] _power = new double[Carriers.Count];
    private readonly Complex[] _turn = new Complex[Carriers.Count];
    private double _delay;

    private Channel() { }

    /// <summary>The channel through which the training symbol was heard.</summary>
    public static Channel Learn(ReadOnlySpan<Complex> heard)
    {
        var channel = new Channel();
        channel.Delay = 0;
        channel.Refine(heard, Carriers.Training);
        return channel;
    }

    /// <summary>
    /// The same line a while later, when the training symbol was lost: its delay is found by the pilots.
    /// </summary>
    public static Channel Resume(Channel known, ReadOnlySpan<Complex> heard, int symbol)
    {
        var channel = new Channel();
        for (var i = 0; i < Carriers.Count; i++)
        {
            channel._product[i] = known.Response(i);
            channel._power[i] = 1;
        }

        var (best, delay) = (double.MinValue, 0.0);
        for (var at = -Reach; at <= Reach; at += Step)
        {
            channel.Delay = at;
            var coherence = channel.Coherence(heard, symbol);
            if (coherence > best) (best, delay) = (coherence, at);
        }

        channel.Delay = delay;
        return channel;
    }

    private double Delay
    {
        get => _delay;
        set
        {
            _delay = value;
            var step = Complex.FromPolarCoordinates(1, -2 * Math.PI * value / Carriers.Size);
            var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * value * Carriers.First / Carriers.Size);
            for (var i = 0; i < Carriers.Count; i++, turn *= step) _turn[i] = turn;
        }
    }

    /// <summary>How well the pilots of a symbol agree with what they should be: 1 wholly, 0 not at all.</summary>
    public double Coherence(ReadOnlySpan<Complex> heard, int symbol)
    {
        var agreement = default(Agreement);
        for (var pilot = 0; pilot < Carriers.Pilots; pilot++)
        {
            var at = pilot * Carriers.PilotStep;
            agreement.Add(heard[at], Expected(at) * Carriers.Pilot(symbol, pilot));
        }

        return agreement.Share;
    }

    /// <summary>How well all carriers agree with the training symbol, with which another burst begins.</summary>
    public double TrainingCoherence(ReadOnlySpan<Complex> heard)
    {
        var agreement = default(Agreement);
        for (var at = 0; at < Carriers.Count; at++) agreement.Add(heard[at], Expected(at) * Carriers.Training[at]);
        return agreement.Share;
    }

    /// <summary>Takes the delay from the pilots of a symbol: the slope of their phases over the carriers.</summary>
    public void Follow(ReadOnlySpan<Complex> heard, int symbol)
    {
        var (product, square) = (0.0, 0.0);
        for (var pilot = 0; pilot < Carriers.Pilots; pilot++)
        {
            var at = pilot * Carriers.PilotStep;
            var off = heard[at] * Complex.Conjugate(Expected(at) * Carriers.Pilot(symbol, pilot));
            var carrier = Carriers.First + at;
            product += off.Magnitude * carrier * off.Phase;
            square += off.Magnitude * carrier * carrier;
        }

        if (square > 0) Delay -= product / square * Carriers.Size / (2 * Math.PI);
    }

    /// <summary>What was sent on a carrier, as far as one can tell.</summary>
    public Complex Equalise(ReadOnlySpan<Complex> heard, int carrier) => heard[carrier] / Expected(carrier);

    /// <summary>What was heard on a carrier against what a point would have made, as strong as it was heard.</summary>
    public double Match(ReadOnlySpan<Complex> heard, int carrier, Complex point) =>
        (heard[carrier] * Complex.Conjugate(Expected(carrier) * point)).Real;

    /// <summary>Learns from a symbol of which every point is known.</summary>
    public void Refine(ReadOnlySpan<Complex> heard, ReadOnlySpan<Complex> sent)
    {
        for (var i = 0; i < Carriers.Count; i++)
        {
            _product[i] += heard[i] * Complex.Conjugate(_turn[i] * sent[i]);
            _power[i] += Power(sent[i]);
        }
    }

    private Complex Response(int carrier) => _product[carrier] / _power[carrier];

    private Complex Expected(int carrier) => Response(carrier) * _turn[carrier];

    private static double Power(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);

    [StructLayout(LayoutKind.Auto)]
    private struct Agreement
    {
        private double _product, _heard, _expected;

        public readonly double Share => _heard > 0 ? _product / Math.Sqrt(_heard * _expected) : 0;

        public void Add(Complex heard, Complex expected)
        {
            _product += (heard * Complex.Conjugate(expected)).Real;
            _heard += Power(heard);
            _expected += Power(expected);
        }
    }
}

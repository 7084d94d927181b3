using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Lets 300 to 3400 Hz pass: Butterworth filters of the fourth order at both ends of the band.</summary>
public sealed class BandFilter : ILineStage
{
    private const double Lowest = 300;
    private const double Highest = 3400;

    /// <summary>Quality factors of the two sections of a Butterworth filter of the fourth order.</summary>
    private static readonly double[] Sections = [0.54119610, 1.30656296];

    private readonly Section[] _sections =
    [
        .. Sections.Select(q => new Section(Lowest, q, high: true)),
        .. Sections.Select(q => new Section(Highest, q, high: false)),
    ];

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        foreach (ref var sample in packet)
        {
            var value = (double)sample;
            foreach (var section in _sections) value = section.Pass(value);
            sample = Level.Clip(value);
        }

        return concealed;
    }

    private sealed class Section
    {
        private readonly double _b0, _b1, _a1, _a2;
        private double _z1, _z2;

        public Section(double frequency, double q, bool high)
        {
            var omega = 2 * Math.PI * frequency / AudioBlock.Rate;
            var (alpha, cos) = (Math.Sin(omega) / (2 * q), Math.Cos(omega));
            var edge = high ? 1 + cos : 1 - cos;
            _b0 = edge / 2 / (1 + alpha);
            _b1 = (high ? -edge : edge) / (1 + alpha);
            _a1 = -2 * cos / (1 + alpha);
            _a2 = (1 - alpha) / (1 + alpha);
        }

        public double Pass(double sample)
        {
            var passed = _b0 * sample + _z1;
            _z1 = _b1 * sample - _a1 * passed + _z2;
            _z2 = _b0 * sample - _a2 * passed;
            return passed;
        }
    }
}

using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.Async;

/// <summary>
/// Finds characters in a row of margins, some to each bit: of all ways to lay characters of ten bits over what was heard,
/// the one that accounts for most of the spaces. So a start bit that was not heard costs few characters.
/// </summary>
/// <param name="noise">The part that noise alone would have as tones, as amplitudes.</param>
/// <param name="found">Gets each octet.</param>
internal sealed class CharacterSearch(double noise, Action<byte> found)
{
    private const int Points = FskCorrelator.Points;
    private const int Bits = 10;

    /// <summary>Points of a character.</summary>
    private const int Length = Bits * Points;

    /// <summary>How much later it is decided, when all ways that are still good have the same past.</summary>
    private const int Depth = 6 * Length;

    private const int Kept = 1024;

    /// <summary>How far above noise the tones of a character are, if it is believed.</summary>
    private const double Confidence = 1.4;

    /// <summary>The amplitude of the quietest bit of a character, beside that of the loudest.</summary>
    private const double Evenness = 0.15;

    private static readonly double Quietest = Level.Amplitude(-50);

    private readonly double[] _margins = new double[Kept];
    private readonly double[] _amplitudes = new double[Kept];
    private readonly double[] _totals = new double[Kept];
    private readonly double[] _sums = new double[Kept];
    private readonly int[] _steps = new int[Kept];
    private readonly Stack<long> _path = new();
    private long _count;
    private long _done;

    /// <summary>Takes the margin of the bit that ends at the next point: positive for a mark.</summary>
    /// <param name="amplitude">Of the tones.</param>
    /// <param name="total">The amplitude of a tone that had the power of all the sound.</param>
    public void Add(double margin, double amplitude, double total)
    {
        var at = _count++;
        _margins[at & (Kept - 1)] = margin;
        _amplitudes[at & (Kept - 1)] = amplitude;
        _totals[at & (Kept - 1)] = total;
        var (step, sum) = (1, Sum(at - 1));
        if (at > Length)
        {
            // A sender that is a little fast leaves no whole time for each character.
            var spaces = Spaces(at);
            if (Sum(at - Length) + spaces > sum) (step, sum) = (Length, Sum(at - Length) + spaces);
            if (Sum(at - Length + 1) + spaces > sum) (step, sum) = (Length - 1, Sum(at - Length + 1) + spaces);
        }

        _sums[at & (Kept - 1)] = sum;
        _steps[at & (Kept - 1)] = step;
        if (_count % Length == 0) Decide(at);
    }

    private double Sum(long at) => at < 0 ? 0 : _sums[at & (Kept - 1)];

    private double Margin(long at) => _margins[at & (Kept - 1)];

    /// <summary>
    /// The spaces that a character there would account for; one in the place of its stop bit speaks against it.
    /// </summary>
    private double Spaces(long end) => Begun(end - Length, Bits - 1) + Math.Min(0, Margin(end));

    /// <summary>The spaces of a character's first bits.</summary>
    private double Begun(long before, int bits)
    {
        // The start bit counts twice: what is noise before a character must not become a part of it.
        var spaces = -2 * Margin(before + Points);
        for (var bit = 2; bit <= bits; bit++) spaces += Math.Max(0, -Margin(before + bit * Points));
        return spaces;
    }

    /// <summary>Where the character that is going on began, if one is: of all ways that lead there the best one.</summary>
    private long Before(long now)
    {
        var (best, most) = (now, Sum(now));
        for (var before = now - Points; before > now - Length; before--)
        {
            var sum = Sum(before) + Begun(before, (int)(now - before) / Points);
            if (sum > most) (best, most) = (before, sum);
        }

        return best;
    }

    /// <summary>Follows the best way back, and delivers its characters that are old enough.</summary>
    private void Decide(long now)
    {
        var oldest = Math.Max(_done + Length / 2, now - Depth - 2 * Length);
        for (var at = Before(now); at > oldest; at -= _steps[at & (Kept - 1)])
        {
            if (_steps[at & (Kept - 1)] > Points && at <= now - Depth) _path.Push(at);
        }

        while (_path.TryPop(out var end)) Deliver(end);
    }

    private void Deliver(long end)
    {
        _done = end;
        if (!IsCarried(end)) return;

        var octet = 0;
        for (var bit = 1; bit < Bits - 1; bit++) octet = octet << 1 | (Margin(end - bit * Points) > 0 ? 1 : 0);
        found((byte)octet);
    }

    /// <summary>
    /// Whether its bits and the one before are tones, none much quieter than another, and not what noise would look like.
    /// </summary>
    private bool IsCarried(long end)
    {
        var (amplitude, sum, least, most) = (0.0, 0.0, double.PositiveInfinity, 0.0);
        for (var bit = 0; bit <= Bits; bit++)
        {
            var total = _totals[(end - bit * Points) & (Kept - 1)];
            amplitude += _amplitudes[(end - bit * Points) & (Kept - 1)];
            sum += total;
            (least, most) = (Math.Min(least, total), Math.Max(most, total));
        }

        return amplitude >= Confidence * noise * sum && least >= Quietest && least >= Evenness * most;
    }
}

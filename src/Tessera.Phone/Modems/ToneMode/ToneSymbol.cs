namespace Tessera.Phone.Modems.ToneMode;

/// <summary>What was heard in the 20 ms of a tone.</summary>
/// <param name="Energies">Of each tone.</param>
/// <param name="Total">Of the whole sound.</param>
/// <param name="IsLost">Most of it was made up.</param>
internal sealed record ToneSymbol(float[] Energies, float Total, bool IsLost)
{
    private readonly float _sum = Math.Max(Energies.Sum(), float.Epsilon);

    /// <summary>The tone that was loudest.</summary>
    public int Loudest { get; } = Array.IndexOf(Energies, Energies.Max());

    /// <summary>How much of the energy of all tones one of them has.</summary>
    public double Share(int tone) => IsLost ? 0 : Energies[tone] / _sum;

    /// <summary>How far the loudest tone is above the next: 1 wholly, 0 not at all.</summary>
    public double Confidence
    {
        get
        {
            if (IsLost) return -1;
            var (first, second) = (0f, 0f);
            foreach (var energy in Energies)
            {
                if (energy > first) (first, second) = (energy, first);
                else if (energy > second) second = energy;
            }

            return first > 0 ? 1 - (second / first) : 0;
        }
    }
}

using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>
/// One direction of a simulated telephone line: its stages, one behind the other. The same conditions and seed do the
/// same to the same sound.
/// </summary>
public sealed class Line(params IEnumerable<ILineStage> stages) : ILineStage
{
    private readonly ILineStage[] _stages = [.. stages];

    /// <summary>A line with those conditions.</summary>
    public Line(LineConditions conditions, int seed) : this(conditions.Stages(seed))
    {
    }

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        if (packet.Length != AudioBlock.Length)
            throw new ArgumentException($"A packet has {AudioBlock.Length} samples.", nameof(packet));
        foreach (var stage in _stages) concealed = stage.Pass(packet, concealed);
        return concealed;
    }

    /// <summary>What is heard of a whole sound, filled up with silence, and which of its packets were made up.</summary>
    public (short[] Samples, bool[] Concealed) Carry(ReadOnlySpan<short> sound)
    {
        var packets = (sound.Length + AudioBlock.Length - 1) / AudioBlock.Length;
        var samples = new short[packets * AudioBlock.Length];
        sound.CopyTo(samples);
        var concealed = new bool[packets];
        for (var i = 0; i < packets; i++)
            concealed[i] = Pass(samples.AsSpan(i * AudioBlock.Length, AudioBlock.Length));
        return (samples, concealed);
    }
}

using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Loses packets by their numbers: each of them is the last one before it again.</summary>
public sealed class LostPackets(Func<long, bool> isLost) : ILineStage
{
    private readonly short[] _last = new short[AudioBlock.Length];
    private long _packets;

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        var lost = isLost(_packets++);
        if (lost) _last.CopyTo(packet);
        else packet.CopyTo(_last);
        return lost || concealed;
    }
}

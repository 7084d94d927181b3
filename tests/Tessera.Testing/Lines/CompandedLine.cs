using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Codes and decodes each sample by the laws of ITU-T G.711.</summary>
public sealed class CompandedLine(Companding companding) : ILineStage
{
    public bool Pass(Span<short> packet, bool concealed = false)
    {
        foreach (ref var sample in packet)
        {
            sample = companding switch
            {
                Companding.MuLaw => Mu(sample),
                Companding.ALaw => A(sample),
                Companding.Transcoded => Mu(A(Mu(sample))),
                _ => sample,
            };
        }

        return concealed;
    }

    private static short Mu(short sample) => G711.DecodeMu(G711.EncodeMu(sample));

    private static short A(short sample) => G711.DecodeA(G711.EncodeA(sample));
}

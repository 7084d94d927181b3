using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>
/// The sound by which a line is measured: silence, training symbols, a frame or two of each rung, and training symbols
/// again (docs/protocols/line.md §10).
/// </summary>
public static class Probe
{
    /// <summary>Packets of silence before the first training symbol.</summary>
    internal const int Silence = 10;

    /// <summary>Training symbols in the first row.</summary>
    internal const int Trainings = 32;

    /// <summary>Training symbols in the last row.</summary>
    internal const int LastTrainings = 8;

    internal const int Constellations = 4;

    private const int Pause = 2;
    private const int FramesOfConstellation = 2;
    private const int BurstOctets = 32;
    private const int ShortOctets = 8;
    private const byte Mark = 0x70;

    /// <summary>A symbol is turned over where its bit is one, from the highest on.</summary>
    private const uint Turned = 0x03F60834;

    /// <summary>The modems that are measured: all that the line has.</summary>
    internal static Sequence<LineModem> Modems { get; } =
        [LineModems.Tones, LineModems.V21, LineModems.V23, LineModems.Bell202, LineModems.Ofdm];

    private static readonly short[][] Sounds = [Make(CallSide.Caller), Make(CallSide.Answerer)];

    /// <summary>Samples of it.</summary>
    public static int Length => Sounds[0].Length;

    /// <summary>Samples from its first training symbol to the first of its last row.</summary>
    internal static int Distance => Length - ((Silence + LastTrainings) * AudioBlock.Length);

    /// <summary>The probe of one side of a call, which has its own channel of V.21.</summary>
    public static ReadOnlySpan<short> Of(CallSide side) => Sounds[(int)side];

    internal static int SignOf(int symbol) => (Turned >> (Trainings - 1 - symbol) & 1) == 0 ? 1 : -1;

    /// <summary>The rungs whose frames are in it, in their order; those of bursts twice.</summary>
    internal static IEnumerable<(byte Rung, byte Number)> Frames =>
        new byte[] { 5, 5, 6, 6, 7, 7, 8, 8, 4, 3, 2, 1 }.Select((rung, number) => (rung, (byte)number));

    /// <summary>A mark, the number of the frame, and octets that follow from it.</summary>
    internal static Bytes Frame(byte rung, byte number)
    {
        var octets = new byte[rung >= 5 ? BurstOctets : ShortOctets];
        for (var i = 0; i < octets.Length; i++) octets[i] = (byte)((number * 37) + (i * 11));
        (octets[0], octets[1]) = (Mark, number);
        return new Bytes(octets);
    }

    internal static IEnumerable<LineRung> Rungs => Modems.SelectMany(modem => modem.Rungs);

    private static short[] Make(CallSide side)
    {
        List<short> sound = [.. new short[Silence * AudioBlock.Length]];
        sound.AddRange(Row(Trainings));
        foreach (var (rung, number) in Frames)
        {
            if (number % FramesOfConstellation == 0 || rung < 5) sound.AddRange(new short[Pause * AudioBlock.Length]);
            var sender = Rungs.Single(each => each.Number == rung).CreateSender(side);
            sender.Send(Frame(rung, number));
            var packet = new short[AudioBlock.Length];
            while (!sender.IsIdle)
            {
                sender.Read(packet);
                sound.AddRange(packet);
            }
        }

        return [.. sound, .. new short[Pause * AudioBlock.Length], .. Row(LastTrainings)];
    }

    private static IEnumerable<short> Row(int symbols) => Enumerable.Range(0, symbols)
        .SelectMany(symbol => BurstSymbols.Training().Select(sample => (short)(SignOf(symbol) * sample)));
}

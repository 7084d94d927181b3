using Tessera.Phone.Modems;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Phone.Tests.Modems;

/// <summary>Sounds that modems make and hear in tests.</summary>
internal static class Sounds
{
    /// <summary>All that a sender makes of the frames, in packets, and a second of its pause.</summary>
    public static short[] Of(IModemSender sender, params IEnumerable<Bytes> frames)
    {
        foreach (var frame in frames) sender.Send(frame);
        var sound = new List<short>();
        var packet = new short[160];
        for (var pause = 0; pause < 50;)
        {
            if (sender.IsIdle) pause++;
            sender.Read(packet);
            sound.AddRange(packet);
        }

        return [.. sound];
    }

    /// <summary>All that a receiver finds in what a line makes of a sound.</summary>
    public static List<ModemFrame> Hear(IModemReceiver receiver, short[] sound, Line? line = null)
    {
        var (heard, concealed) = (line ?? new Line(LineConditions.Clean, seed: 0)).Carry(sound);
        var frames = new List<ModemFrame>();
        for (var i = 0; i < concealed.Length; i++)
        {
            receiver.Write(heard.AsSpan(i * 160, 160), concealed[i]);
            while (receiver.TryRead(out var frame)) frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Frames of random octets.</summary>
    public static Bytes[] Frames(int seed, int count, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Octets(random, length))];
    }

    public static Bytes Octets(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return new Bytes(octets);
    }
}

using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Phone.Tests.Modems;

/// <summary>What became of frames that a sender sent over a line to a receiver.</summary>
internal sealed record Heard(int Sent, int Arrived, int Foreign, double Quality)
{
    public double Rate => (double)Arrived / Sent;

    /// <summary>Sends frames of random octets, one after the other with a pause.</summary>
    public static Heard Frames(
        IModemSender sender, IModemReceiver receiver, ILineStage line, int count, int length, int pause = 5)
    {
        var random = new Random(length);
        var sent = new HashSet<Bytes>();
        var packet = new short[AudioBlock.Length];
        var (arrived, foreign, quality) = (0, 0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var frame = new byte[length];
            random.NextBytes(frame);
            sent.Add(new Bytes(frame));
            sender.Send(new Bytes(frame));
            for (var rest = pause; rest > 0; rest -= sender.IsIdle ? 1 : 0)
            {
                sender.Read(packet);
                receiver.Write(packet, line.Pass(packet));
                while (receiver.TryRead(out var heard))
                {
                    quality += heard.Quality;
                    if (sent.Remove(heard.Payload)) arrived++;
                    else foreign++;
                }
            }
        }

        return new Heard(count, arrived, foreign, quality / arrived);
    }

    /// <summary>All frames that are heard in a sound, cut into pieces of such lengths.</summary>
    public static List<ModemFrame> In(ReadOnlySpan<short> sound, IModemReceiver receiver, Func<int>? piece = null)
    {
        List<ModemFrame> frames = [];
        while (!sound.IsEmpty)
        {
            var count = Math.Min(sound.Length, piece?.Invoke() ?? AudioBlock.Length);
            receiver.Write(sound[..count]);
            sound = sound[count..];
            while (receiver.TryRead(out var frame)) frames.Add(frame);
        }

        return frames;
    }
}

using Tessera.Phone.Modems.Async;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>How many of some frames came through a line: heard by us, and by a peer from the same samples.</summary>
internal sealed record ModemFigure(int Sent, int Ours, int Theirs);

/// <summary>Takes figures of our modems beside a peer's.</summary>
internal sealed class ModemFigures(Spandsp spandsp, Minimodem minimodem)
{
    private const int Octets = 16;

    /// <summary>HDLC frames, as we send them and as spandsp does, through one line each.</summary>
    public async Task<ModemFigure> FramesAsync(
        FskChannel channel, bool sentByUs, int count, LineConditions conditions, int seed, CancellationToken cancel)
    {
        var frames = Frames(seed, count);
        var sent = sentByUs ? Ours(channel, frames) : await spandsp.SendAsync(channel, frames, cancel);
        var line = new Line(conditions, seed);
        var (sound, concealed) = line.Carry(sent);

        var receiver = new FskReceiver(channel);
        foreach (var (packet, i) in sound.Chunk(AudioBlock.Length).Select((p, i) => (p, i)))
            receiver.Write(packet, concealed[i]);
        var ours = new List<Bytes>();
        while (receiver.TryRead(out var frame)) ours.Add(frame.Payload);

        var theirs = await spandsp.ReceiveAsync(channel, sound, cancel);
        return new ModemFigure(count, frames.Count(ours.Contains), frames.Count(theirs.Contains));
    }

    /// <summary>Octets in asynchronous characters, as we send them and as minimodem does, counted in groups.</summary>
    public async Task<ModemFigure> CharactersAsync(
        FskChannel channel, bool sentByUs, int count, LineConditions conditions, int seed, CancellationToken cancel)
    {
        var groups = Frames(seed, count);
        byte[] octets = [.. groups.SelectMany(g => g.ToArray())];
        var sent = sentByUs ? Ours(channel, octets) : await minimodem.SendAsync(channel, octets, cancel);
        var (sound, concealed) = new Line(conditions, seed).Carry(sent);

        var receiver = new AsyncReceiver(channel);
        foreach (var (packet, i) in sound.Chunk(AudioBlock.Length).Select((p, i) => (p, i)))
            receiver.Write(packet, concealed[i]);
        var ours = new List<byte>();
        while (receiver.TryRead(out var octet)) ours.Add(octet);

        var theirs = await minimodem.ReceiveAsync(channel, sound, cancel);
        return new ModemFigure(count, Found(groups, [.. ours]), Found(groups, theirs));
    }

    /// <summary>Frames in bursts, each after a pause.</summary>
    public static short[] Ours(FskChannel channel, IEnumerable<Bytes> frames)
    {
        var sender = new FskSender(channel);
        var sound = new List<short>(new short[1600]);
        foreach (var frame in frames)
        {
            sender.Send(frame);
            Play(sound, packet => sender.Read(packet), () => sender.IsIdle);
            sound.AddRange(new short[400]);
        }

        return [.. sound, .. new short[4000]];
    }

    public static short[] Ours(FskChannel channel, byte[] octets)
    {
        var sender = new AsyncSender(channel);
        sender.Send(new Bytes(octets));
        var sound = new List<short>(new short[1600]);
        Play(sound, packet => sender.Read(packet), () => sender.IsIdle);
        return [.. sound, .. new short[8000]];
    }

    public static Bytes[] Frames(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var octets = new byte[Octets];
                random.NextBytes(octets);
                return new Bytes(octets);
            }),
        ];
    }

    private static void Play(List<short> sound, Action<short[]> read, Func<bool> isIdle)
    {
        var packet = new short[AudioBlock.Length];
        do
        {
            read(packet);
            sound.AddRange(packet);
        }
        while (!isIdle());
    }

    /// <summary>Groups of octets that were heard whole and in order.</summary>
    private static int Found(IEnumerable<Bytes> groups, byte[] heard)
    {
        var (found, at) = (0, 0);
        foreach (var group in groups)
        {
            var place = heard.AsSpan(at).IndexOf(group.Span);
            if (place < 0) continue;
            found++;
            at += place + group.Length;
        }

        return found;
    }
}

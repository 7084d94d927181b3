using Tessera.Phone.Data;
using Tessera.Phone.Modems;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>
/// A modem that writes octets into samples as they are: each frame takes the time it would take at its rate, and is
/// lost with any of its packets. So the data link is tested without the art of modems.
/// </summary>
internal static class OctetModem
{
    public const double Quality = 37;

    private const int Begin = 1;
    private const int Octet = 2;

    /// <summary>Modems like the real ones: 300 and 1200 bit/s, and three rates of one fast modem.</summary>
    public static Sequence<LineModem> All =>
    [
        Modem(ModemMode.V21, Rung(1, ModemMode.V21, 300, 64) with { Silence = TimeSpan.FromSeconds(6) }),
        Modem(ModemMode.Bell202, Rung(2, ModemMode.Bell202, 1200, 64) with
        {
            TakesTurns = true, Silence = TimeSpan.FromSeconds(3), Failures = 4,
        }),
        Fast,
    ];

    public static LineModem Fast => Modem(
        ModemMode.Ofdm,
        Rung(3, ModemMode.Ofdm, 6400, 200) with { Failures = 4 },
        Rung(4, ModemMode.Ofdm, 9600, 200) with { Quality = 30 },
        Rung(5, ModemMode.Ofdm, 12800, 200) with { Quality = 36, NeedsCleanLine = true });

    public static LineModem Modem(ModemMode mode, params Sequence<LineRung> rungs) =>
        new(mode, _ => new Receiver((int)mode + 1), rungs);

    public static LineRung Rung(byte number, ModemMode mode, int rate, int maxFrame) => new()
    {
        Number = number,
        Modem = mode,
        Rate = rate,
        CreateSender = _ => new Sender((int)mode + 1, 64000 / rate, maxFrame),
    };

    public sealed class Sender(int marker, int spacing, int maxFrame) : IModemSender
    {
        private readonly Queue<short> _samples = new();

        public int MaxFrame => maxFrame;

        public bool IsIdle => _samples.Count == 0;

        public void Send(Bytes frame)
        {
            Assert.InRange(frame.Length, 1, MaxFrame);
            Add(Begin, 0);
            Add(Octet, frame.Length);
            foreach (var octet in frame.Span) Add(Octet, octet);
            Add(Octet, Check(frame.Span));
        }

        public void Read(Span<short> samples)
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = _samples.TryDequeue(out var sample) ? sample : (short)(marker << 10);
        }

        private void Add(int kind, int value)
        {
            _samples.Enqueue((short)((marker << 10) | (kind << 8) | value));
            for (var i = 1; i < spacing; i++) _samples.Enqueue((short)(marker << 10));
        }
    }

    public sealed class Receiver(int marker) : IModemReceiver
    {
        private readonly Queue<ModemFrame> _frames = new();
        private List<byte>? _octets;

        public void Write(ReadOnlySpan<short> samples, bool concealed = false)
        {
            if (concealed) _octets = null;
            foreach (var sample in samples)
            {
                if (concealed || sample >> 10 != marker) continue;
                if ((sample >> 8 & 3) == Begin) _octets = [];
                if ((sample >> 8 & 3) == Octet) _octets?.Add((byte)sample);
                if (_octets is not { Count: > 0 } || _octets.Count < _octets[0] + 2) continue;
                Span<byte> frame = [.. _octets[1..^1]];
                if (Check(frame) == _octets[^1]) _frames.Enqueue(new ModemFrame(Bytes.CopyOf(frame), Quality));
                _octets = null;
            }
        }

        public bool TryRead(out ModemFrame frame) => _frames.TryDequeue(out frame);
    }

    private static byte Check(ReadOnlySpan<byte> octets)
    {
        var sum = 0x5A;
        foreach (var octet in octets) sum = ((sum << 1) ^ (sum >> 7) ^ octet) & 0xFF;
        return (byte)sum;
    }
}

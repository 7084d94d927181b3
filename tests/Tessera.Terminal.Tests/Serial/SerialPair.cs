using System.Buffers;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>Device and telephone with a serial line between them, on a clock that only this class moves.</summary>
internal sealed class SerialPair
{
    private readonly SerialOptions _options;
    private readonly Direction _up;
    private readonly Direction _down;

    public SerialPair(SerialOptions? options = null, int seed = 0, double faults = 0)
    {
        _options = options ?? new SerialOptions();
        (Device, Telephone) = (new SerialEnd(SerialSide.Device, _options), new SerialEnd(SerialSide.Telephone, _options));
        _up = new Direction(new SerialNoise(seed, faults));
        _down = new Direction(new SerialNoise(~seed, faults));
    }

    public SerialEnd Device { get; private set; }

    public SerialEnd Telephone { get; private set; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(7);

    /// <summary>Octets on the line so far, both directions.</summary>
    public long Carried => _up.Carried + _down.Carried;

    /// <summary>How often both spoke at the same time.</summary>
    public int Collisions { get; private set; }

    /// <summary>Nothing that is said arrives.</summary>
    public bool IsCut { get; set; }

    /// <summary>What is said comes back to who said it as well.</summary>
    public bool Echoes { get; init; }

    /// <summary>The device is switched off and on.</summary>
    public void RestartDevice() => Device = new SerialEnd(SerialSide.Device, _options);

    /// <summary>The telephone is switched off and on.</summary>
    public void RestartTelephone() => Telephone = new SerialEnd(SerialSide.Telephone, _options);

    /// <summary>Device and telephone have a connection.</summary>
    public void Open(ushort connection)
    {
        Device.Open(connection, Now);
        RunUntil(() => Telephone.State == SerialState.Asked && Telephone.Connection == connection);
        Assert.True(Telephone.Accept(connection, Now));
        RunUntil(() => Device.State == SerialState.Open);
    }

    /// <summary>Lets time pass until something is so, at most the minutes given.</summary>
    public void RunUntil(Func<bool> done, int minutes = 10)
    {
        var end = Now + TimeSpan.FromMinutes(minutes);
        for (var still = 0; !done();)
        {
            Assert.True(Now < end, $"Not so at {Now}: {Device.State}, {Telephone.State}.");
            still = Step(end) ? 0 : still + 1;
            Assert.True(still < 100, $"An end wants to be asked again and again at {Now}, and says nothing.");
        }
    }

    /// <summary>Lets that time pass.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time;
        RunUntil(() => Now >= end);
    }

    /// <returns>Whether time passed or something was said.</returns>
    private bool Step(TimeSpan end)
    {
        var said = _up.Say(Device, Now, _options) | _down.Say(Telephone, Now, _options);
        if (_options.HalfDuplex && _up.IsBusy(Now) && _down.IsBusy(Now))
        {
            Collisions++;
            _up.Collide();
            _down.Collide();
        }

        TimeSpan?[] times = [Device.Due, Telephone.Due, _up.Arrival, _down.Arrival, end];
        var next = times.Min()!.Value;
        var passed = next > Now;
        if (passed) Now = next;
        Deliver(_up, Telephone, Device);
        Deliver(_down, Device, Telephone);
        return said || passed;
    }

    private void Deliver(Direction direction, SerialEnd to, SerialEnd from)
    {
        foreach (var octets in direction.Arrived(Now))
        {
            if (IsCut) continue;
            Hear(to, octets);
            if (Echoes) Hear(from, octets);
        }
    }

    private void Hear(SerialEnd end, byte[] octets)
    {
        for (var at = 0; at < octets.Length;) at += end.Hear(octets.AsSpan(at), Now);
    }

    private sealed class Direction(SerialNoise noise)
    {
        private readonly Queue<(TimeSpan At, byte[] Octets)> _underWay = new();
        private readonly ArrayBufferWriter<byte> _said = new();
        private TimeSpan _busyUntil;
        private bool _collides;

        public long Carried { get; private set; }

        public TimeSpan? Arrival => _underWay.Count == 0 ? null : _underWay.Peek().At;

        public bool IsBusy(TimeSpan now) => _busyUntil > now;

        public void Collide() => _collides = true;

        public bool Say(SerialEnd end, TimeSpan now, SerialOptions options)
        {
            _said.ResetWrittenCount();
            end.Collect(_said, now);
            if (_said.WrittenCount == 0) return false;
            Carried += _said.WrittenCount;
            _busyUntil = (_busyUntil > now ? _busyUntil : now) + options.TimeOf(_said.WrittenCount);
            _underWay.Enqueue((_busyUntil, _said.WrittenSpan.ToArray()));
            return true;
        }

        public IEnumerable<byte[]> Arrived(TimeSpan now)
        {
            while (_underWay.Count > 0 && _underWay.Peek().At <= now)
            {
                var octets = noise.Pass(_underWay.Dequeue().Octets);
                if (_collides) Array.Clear(octets);
                yield return octets;
            }

            if (_underWay.Count == 0) _collides = false;
        }
    }
}

using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>Which packets of one direction are lost, and how late the others are.</summary>
/// <param name="Delay">Packets of 20 ms.</param>
/// <param name="Loss">The chance of each packet.</param>
/// <param name="Seed">Of the chances.</param>
internal sealed record Way(int Delay = 4, double Loss = 0, int Seed = 1)
{
    /// <summary>Packets that are lost whatever the chances, by number.</summary>
    public Func<long, bool> Cut { get; init; } = _ => false;
}

/// <summary>A server and a device at the two ends of a call, packet by packet.</summary>
internal sealed class TestCall : IDisposable
{
    public static readonly LineKey ServerKey = Keys(1)();
    public static readonly LineKey DeviceKey = Keys(2)();

    /// <summary>What people say: nothing that a modem or the escape would send.</summary>
    public const short Voice = -4321;

    private readonly Direction _down;
    private readonly Direction _up;

    public TestCall(
        Way? down = null, Way? up = null, LineServerOptions? server = null, LineDeviceOptions? device = null)
    {
        Server = new LineEnd(server ?? ServerOptions());
        Device = new LineEnd(device ?? DeviceOptions());
        _down = new Direction(down ?? new Way());
        _up = new Direction(up ?? new Way(Seed: 2));
    }

    public LineEnd Server { get; }

    public LineEnd Device { get; }

    /// <summary>Packets exchanged.</summary>
    public long Packets { get; private set; }

    public List<byte> AtServer { get; } = [];

    public List<byte> AtDevice { get; } = [];

    /// <summary>Changes what the server sent before it reaches the device.</summary>
    public Action<short[]> Between { get; set; } = _ => { };

    public static LineServerOptions ServerOptions(Sequence<LineModem>? modems = null) => new()
    {
        Key = ServerKey, Modems = modems ?? OctetModem.All, Allows = key => key == DeviceKey.PublicKey,
        DrawKey = Keys(3),
    };

    public static LineDeviceOptions DeviceOptions(Sequence<LineModem>? modems = null) => new()
    {
        Key = DeviceKey, Modems = modems ?? OctetModem.All, Server = ServerKey.PublicKey,
        DrawKey = Keys(4),
    };

    /// <summary>Keys that are the same in each run, so that the samples are too.</summary>
    private static Func<LineKey> Keys(int seed)
    {
        var random = new Random(seed);
        return () =>
        {
            var scalar = new byte[32];
            random.NextBytes(scalar);
            return LineKey.FromScalar(scalar);
        };
    }

    /// <summary>The next 20 ms at both ends.</summary>
    public void Step()
    {
        var toDevice = Process(Server, _up, AtServer);
        var toServer = Process(Device, _down, AtDevice);
        Between(toDevice);
        _down.Enter(toDevice);
        _up.Enter(toServer);
        Packets++;
    }

    /// <returns>Whether it came about within that time.</returns>
    public bool Run(TimeSpan limit, Func<bool> until)
    {
        for (var left = limit / AudioBlock.Duration; left > 0; left--)
        {
            if (until()) return true;
            Step();
        }

        return until();
    }

    public void Run(TimeSpan time) => Run(time, () => false);

    /// <summary>The server escapes, the holder has pressed the key.</summary>
    public void Connect()
    {
        Device.Arm(TimeSpan.FromSeconds(30));
        Server.Escape();
        Assert.True(
            Run(TimeSpan.FromSeconds(20), () => IsData),
            $"{Server.State} {Server.Ending}, {Device.State} {Device.Ending}");
    }

    public bool IsData => Server.State == LineState.Data && Device.State == LineState.Data;

    public bool IsVoice => Server.IsVoice && Device.IsVoice;

    public void Dispose()
    {
        Server.Dispose();
        Device.Dispose();
    }

    private static short[] Process(LineEnd end, Direction from, List<byte> octets)
    {
        var (heard, concealed) = from.Leave();
        var said = new short[AudioBlock.Length];
        said.AsSpan().Fill(Voice);
        end.Process(heard, concealed, said);

        // In voice nothing but voice is said, in data nothing but data.
        Assert.Equal(end.IsVoice, said[0] == Voice);
        if (!end.IsVoice) Assert.DoesNotContain(Voice, said);
        else Assert.Equal(-1, said.AsSpan().IndexOfAnyExcept(Voice));
        Span<byte> ready = new byte[end.Ready];
        octets.AddRange(ready[..end.Read(ready)]);
        return said;
    }

    private sealed class Direction
    {
        private readonly Queue<short[]?> _underway = new();
        private readonly Random _random;
        private readonly Way _way;
        private short[] _last = new short[AudioBlock.Length];
        private long _packets;

        public Direction(Way way)
        {
            (_way, _random) = (way, new Random(way.Seed));
            for (var i = 0; i < way.Delay; i++) _underway.Enqueue(_last);
        }

        public void Enter(short[] packet)
        {
            var lost = _random.NextDouble() < _way.Loss | _way.Cut(_packets++);
            _underway.Enqueue(lost ? null : packet);
        }

        public (short[] Samples, bool Concealed) Leave()
        {
            var next = _underway.Dequeue();
            if (next is not null) _last = next;
            return (_last, next is null);
        }
    }
}

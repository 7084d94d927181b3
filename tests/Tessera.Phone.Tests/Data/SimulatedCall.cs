using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>A server and a device with the modems of the product, at the ends of a simulated telephone line.</summary>
internal sealed class SimulatedCall : IDisposable
{
    private readonly DuplexLine _line;
    private readonly byte[] _octets = new byte[8192];
    private short[] _atServer = new short[AudioBlock.Length];
    private short[] _atDevice = new short[AudioBlock.Length];
    private (bool Server, bool Device) _concealed;

    public SimulatedCall(Sequence<LineModem> modems, LineConditions conditions, int seed, double echo = -99)
        : this(modems, new DuplexLine(conditions, seed, echo))
    {
    }

    public SimulatedCall(Sequence<LineModem> modems, DuplexLine line)
    {
        Server = new LineEnd(TestCall.ServerOptions(modems));
        Device = new LineEnd(TestCall.DeviceOptions(modems));
        _line = line;
    }

    /// <summary>The hybrids at the ends: of the server and of the device.</summary>
    public (Hybrid Server, Hybrid Device)? Hybrids { get; init; }

    public LineEnd Server { get; }

    public LineEnd Device { get; }

    /// <summary>Packets exchanged.</summary>
    public long Packets { get; private set; }

    public List<byte> AtServer { get; } = [];

    public List<byte> AtDevice { get; } = [];

    /// <summary>Samples so far in which people were muted at either end.</summary>
    public long DataTime { get; private set; }

    public bool IsData => Server.State == LineState.Data && Device.State == LineState.Data;

    public bool IsVoice => Server.IsVoice && Device.IsVoice;

    public void Step()
    {
        var (atServer, atDevice) = (_atServer, _atDevice);
        (_atServer, _atDevice) = (new short[AudioBlock.Length], new short[AudioBlock.Length]);
        Server.Process(atServer, _concealed.Server, _atServer);
        Device.Process(atDevice, _concealed.Device, _atDevice);
        AtServer.AddRange(_octets.AsSpan(0, Server.Read(_octets)));
        AtDevice.AddRange(_octets.AsSpan(0, Device.Read(_octets)));
        Packets++;
        if (!IsVoice) DataTime += AudioBlock.Length;
        var (byServer, byDevice) = (_atServer.ToArray(), _atDevice.ToArray());
        _concealed = _line.Exchange(_atServer, _atDevice);
        if (Hybrids is not var (server, device)) return;
        server.Pass(byServer, _atServer);
        device.Pass(byDevice, _atDevice);
    }

    /// <returns>Whether it came about within that time.</returns>
    public bool Run(TimeSpan limit, Func<bool> until)
    {
        for (var left = limit / AudioBlock.Duration; left > 0 && !until(); left--) Step();
        return until();
    }

    public void Connect()
    {
        Device.Arm(TimeSpan.FromMinutes(2));
        Server.Escape();
        Assert.True(
            Run(TimeSpan.FromMinutes(1), () => IsData),
            $"{Server.State} {Server.Ending}, {Device.State} {Device.Ending}");
    }

    public void Dispose()
    {
        Server.Dispose();
        Device.Dispose();
    }
}

using System.Runtime.Versioning;
using Tessera.Terminal.Serial.Ports;
using Tessera.Testing;
using Tessera.Testing.Lines;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>
/// A cable between two serial ports, which are pseudo terminals of Linux; what it carries may suffer, and it can be pulled
/// and put back.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SerialCable : IAsyncDisposable
{
    private const int MaxCarried = 1 << 20;

    private readonly TempFolder _folder = new();
    private readonly List<byte> _carried = [];
    private readonly SerialNoise _up;
    private readonly SerialNoise _down;
    private Plugged? _plugged;

    /// <param name="faults">The share of octets at which something happens.</param>
    public SerialCable(int seed = 0, double faults = 0)
    {
        (_up, _down) = (new SerialNoise(seed, faults), new SerialNoise(~seed, faults));
        Plug();
    }

    /// <summary>The port of the device, whenever there is one.</summary>
    public string Device => _folder.File("device");

    /// <summary>The port of the telephone, whenever there is one.</summary>
    public string Telephone => _folder.File("telephone");

    public long Faults => _up.Faults + _down.Faults;

    /// <summary>What went over it, both directions.</summary>
    public byte[] Carried
    {
        get
        {
            lock (_carried) return [.. _carried];
        }
    }

    public void Plug()
    {
        var (device, telephone) = (new PseudoTerminal(), new PseudoTerminal());
        _plugged = new Plugged(device, telephone, this);
        File.CreateSymbolicLink(Device, device.Path);
        File.CreateSymbolicLink(Telephone, telephone.Path);
    }

    /// <summary>Both ports are gone.</summary>
    public async Task UnplugAsync()
    {
        if (Interlocked.Exchange(ref _plugged, null) is not { } plugged) return;
        File.Delete(Device);
        File.Delete(Telephone);
        await plugged.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await UnplugAsync();
        _folder.Dispose();
    }

    private void Note(ReadOnlySpan<byte> octets)
    {
        lock (_carried)
        {
            if (_carried.Count < MaxCarried) _carried.AddRange(octets);
        }
    }

    private sealed class Plugged : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly PseudoTerminal[] _ports;
        private readonly DescriptorStream[] _streams;
        private readonly Task _carrying;

        public Plugged(PseudoTerminal device, PseudoTerminal telephone, SerialCable cable)
        {
            _ports = [device, telephone];
            _streams = [new DescriptorStream(device.Descriptor), new DescriptorStream(telephone.Descriptor)];
            _carrying = Task.WhenAll(
                CarryAsync(_streams[0], _streams[1], cable._up, cable),
                CarryAsync(_streams[1], _streams[0], cable._down, cable));
        }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _carrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var stream in _streams) await stream.DisposeAsync();
            foreach (var port in _ports) port.Dispose();
            _stopping.Dispose();
        }

        private async Task CarryAsync(Stream from, Stream to, SerialNoise noise, SerialCable cable)
        {
            var buffer = new byte[512];
            while (await from.ReadAsync(buffer, _stopping.Token) is > 0 and var length)
            {
                cable.Note(buffer.AsSpan(0, length));
                await to.WriteAsync(noise.Pass(buffer.AsSpan(0, length)), _stopping.Token);
            }
        }
    }
}

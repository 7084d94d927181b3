using System.Runtime.Versioning;
using Tessera.Terminal.Serial.Ports;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>Serial ports of the system, which are pseudo terminals here.</summary>
[SupportedOSPlatform("linux")]
public sealed class SerialPortTests : IDisposable
{
    private const int BitRate = 9600;

    private readonly PseudoTerminal _terminal = new();
    private readonly DescriptorStream _other;

    public SerialPortTests() => _other = new DescriptorStream(_terminal.Descriptor);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _other.Dispose();
        _terminal.Dispose();
    }

    [Fact]
    public async Task Every_octet_passes_as_it_is_in_both_directions()
    {
        await using var port = SerialPort.Open(_terminal.Path, BitRate);
        var octets = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        await port.WriteAsync(octets, Cancel);
        Assert.Equal(octets, await ReadAsync(_other, octets.Length));
        await _other.WriteAsync(octets, Cancel);
        Assert.Equal(octets, await ReadAsync(port, octets.Length));
    }

    [Fact]
    public async Task A_writer_waits_while_nobody_reads_and_loses_nothing()
    {
        await using var port = SerialPort.Open(_terminal.Path, BitRate);
        var octets = SerialTraffic.Make(5, 100_000);

        var writing = port.WriteAsync(octets, Cancel).AsTask();

        Assert.Equal(octets, await ReadAsync(_other, octets.Length));
        await writing;
    }

    [Fact]
    public async Task A_read_that_waits_ends_when_it_is_cancelled_or_the_port_is_closed()
    {
        var port = SerialPort.Open(_terminal.Path, BitRate);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var cancelled = port.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var closed = port.ReadAsync(new byte[1], Cancel).AsTask();
        await port.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed);
    }

    [Fact]
    public async Task A_port_that_is_unplugged_is_gone()
    {
        await using var port = SerialPort.Open(_terminal.Path, BitRate);
        var reading = port.ReadAsync(new byte[1], Cancel).AsTask();

        await _other.DisposeAsync();

        try
        {
            Assert.Equal(0, await reading);
        }
        catch (ConnectionLostException e)
        {
            Assert.Equal("The serial port is gone.", e.Message);
        }
    }

    [Fact]
    public async Task What_cannot_be_opened_is_named_with_the_reason()
    {
        await using var used = SerialPort.Open(_terminal.Path, BitRate);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("text"), "text", Cancel);

        Fails(_terminal.Path, $"{_terminal.Path} is used by another program.");
        Fails(folder.File("text"), $"{folder.File("text")} is no serial port.");
        Fails(folder.File("nothing"), $"{folder.File("nothing")} is not there.");
        Fails(folder.Path, $"{folder.Path}: Is a directory.");
        Assert.Throws<ArgumentException>(() => SerialPort.Open(_terminal.Path, 9601));
    }

    [Fact]
    public async Task A_port_that_was_closed_is_free()
    {
        await SerialPort.Open(_terminal.Path, BitRate).DisposeAsync();
        await SerialPort.Open(_terminal.Path, BitRate).DisposeAsync();
    }

    private static void Fails(string path, string reason) =>
        Assert.Equal(reason, Assert.Throws<IOException>(() => SerialPort.Open(path, BitRate)).Message);

    private static async Task<byte[]> ReadAsync(Stream stream, int length)
    {
        var octets = new byte[length];
        await stream.ReadExactlyAsync(octets, Cancel);
        return octets;
    }
}

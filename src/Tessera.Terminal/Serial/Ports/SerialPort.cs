using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Tessera.Terminal.Serial.Ports;

/// <summary>A serial port of this machine, or what looks like one: a Bluetooth serial port, a pseudo terminal.</summary>
public static unsafe class SerialPort
{
    private const int NoEntry = 2;
    private const int NoDeviceAddress = 6;
    private const int NotNow = 11;
    private const int NoAccess = 13;
    private const int Busy = 16;
    private const int NoDevice = 19;
    private const int AtOnce = 0;

    /// <summary>How termios names them.</summary>
    private static readonly Dictionary<int, uint> Speeds = new()
    {
        [1200] = 0x9, [2400] = 0xB, [4800] = 0xC, [9600] = 0xD, [19200] = 0xE, [38400] = 0xF, [57600] = 0x1001,
        [115200] = 0x1002, [230400] = 0x1003, [460800] = 0x1004, [921600] = 0x1007,
    };

    /// <summary>In bit/s.</summary>
    public static IEnumerable<int> AllSpeeds => Speeds.Keys.Order();

    /// <summary>Opens a port for octets as they are: 8 bits, no parity, one stop bit, no flow control.</summary>
    /// <exception cref="IOException">
    /// It is not there, is no serial port, is used by another program, or may not be opened; the message says which.
    /// </exception>
    /// <exception cref="ArgumentException">No serial port has that speed.</exception>
    /// <exception cref="PlatformNotSupportedException">Only Linux is supported.</exception>
    public static Stream Open(string path, int bitRate)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Serial ports are supported on Linux only.");
        if (!Speeds.TryGetValue(bitRate, out var speed))
        {
            var all = string.Join(", ", AllSpeeds.Select(one => one.ToString(CultureInfo.InvariantCulture)));
            throw new ArgumentException($"A serial port has {all} bit/s, not {bitRate}.", nameof(bitRate));
        }

        const int flags = SystemCalls.ReadWrite | SystemCalls.NoControllingTerminal | SystemCalls.NonBlocking
            | SystemCalls.CloseOnExec;
        var descriptor = SystemCalls.Open(path, flags);
        if (descriptor < 0) throw Failure(path, Marshal.GetLastPInvokeError());
        try
        {
            Claim(path, descriptor, speed);
        }
        catch
        {
            _ = SystemCalls.Close(descriptor);
            throw;
        }

        return new DescriptorStream(descriptor);
    }

    [SupportedOSPlatform("linux")]
    private static void Claim(string path, int descriptor, uint speed)
    {
        if (SystemCalls.IsTerminal(descriptor) == 0) throw new IOException($"{path} is no serial port.");
        if (SystemCalls.Lock(descriptor, SystemCalls.LockAlone) < 0) throw Failure(path, Marshal.GetLastPInvokeError());

        SystemCalls.Termios attributes;
        if (SystemCalls.GetAttributes(descriptor, &attributes) < 0) throw Failure(path, Marshal.GetLastPInvokeError());
        SystemCalls.MakeRaw(&attributes);
        attributes.Control |= SystemCalls.Receiver | SystemCalls.IgnoreModemLines;
        attributes.Control &= ~(SystemCalls.TwoStopBits | SystemCalls.Parity | SystemCalls.HangUpOnClose
            | SystemCalls.HardwareFlow);
        if (SystemCalls.SetSpeed(&attributes, speed) < 0 || SystemCalls.SetAttributes(descriptor, AtOnce, &attributes) < 0)
            throw Failure(path, Marshal.GetLastPInvokeError());
    }

    private static IOException Failure(string path, int error) => error switch
    {
        NoEntry or NoDeviceAddress or NoDevice => new IOException($"{path} is not there."),
        NotNow or Busy => new IOException($"{path} is used by another program."),
        NoAccess => new IOException($"{path} may not be opened: is this user in the group that owns it?"),
        _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}."),
    };
}

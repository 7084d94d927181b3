using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Tessera.Testing;

/// <summary>
/// A pseudo terminal of Linux (pty(7)): one side looks like a serial port to who opens its path, the other is in the hand of
/// a test.
/// </summary>
public sealed unsafe partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int AttributesLength = 128;

    // Without it, the test's side would end whenever nobody has the port open.
    private readonly int _held;
    private bool _isDisposed;

    /// <summary>Makes one that carries octets as they are.</summary>
    public PseudoTerminal()
    {
        Descriptor = Check(OpenTerminal(ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec));
        Check(Grant(Descriptor));
        Check(Unlock(Descriptor));
        var name = stackalloc byte[AttributesLength];
        Check(Name(Descriptor, name, AttributesLength));
        Path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        _held = Check(Open(Path, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec));
        var attributes = stackalloc byte[AttributesLength];
        Check(GetAttributes(_held, attributes));
        MakeRaw(attributes);
        Check(SetAttributes(_held, 0, attributes));
    }

    /// <summary>What a program opens as a serial port.</summary>
    public string Path { get; }

    /// <summary>The test's side, which does not block; closed by who takes it.</summary>
    public int Descriptor { get; }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Check(Close(_held));
    }

    private static int Check(int result)
    {
        Assert.True(result >= 0, Marshal.GetLastPInvokeErrorMessage());
        return result;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int Name(int descriptor, byte* name, nuint length);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, byte* attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int when, byte* attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* attributes);
}

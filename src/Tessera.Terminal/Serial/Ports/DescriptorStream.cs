using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Tessera.Wire;

namespace Tessera.Terminal.Serial.Ports;

/// <summary>
/// The octets of a file descriptor of Linux that can be waited for: a serial port, or either end of a pseudo terminal. A
/// read that waits ends when it is cancelled or the stream is closed, which those of the platform's streams do not.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class DescriptorStream : Stream
{
    private const int Interrupted = 4;
    private const int InputOutput = 5;
    private const int NotNow = 11;

    private readonly int _descriptor;
    private readonly int _bell;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private bool _isClosed;

    /// <param name="descriptor">Open for reading and writing without blocking; the stream closes it.</param>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public DescriptorStream(int descriptor)
    {
        _descriptor = descriptor;
        _bell = SystemCalls.EventDescriptor(0, SystemCalls.NonBlocking | SystemCalls.CloseOnExec);
        if (_bell < 0)
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            _ = SystemCalls.Close(descriptor);
            throw new IOException(error);
        }

        new Thread(Watch) { IsBackground = true, Name = "serial port" }.Start();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ConnectionLostException">The device is gone.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(buffer.Span) is { } length) return length;
            await Wait(ref _readable).WaitAsync(cancellationToken);
        }
    }

    /// <exception cref="ConnectionLostException">The device is gone.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var written = TryWrite(buffer.Span);
            buffer = buffer[written..];
            if (written == 0) await Wait(ref _writable).WaitAsync(cancellationToken);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            _ = SystemCalls.Close(_descriptor);
            Ring();
            _readable?.TrySetResult();
            _writable?.TrySetResult();
        }

        base.Dispose(disposing);
    }

    private unsafe int? TryRead(Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            fixed (byte* octets = buffer) return Moved(SystemCalls.Read(_descriptor, octets, buffer.Length));
        }
    }

    private unsafe int TryWrite(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            fixed (byte* octets = buffer) return Moved(SystemCalls.Write(_descriptor, octets, buffer.Length)) ?? 0;
        }
    }

    /// <summary>How many octets a call moved; null where none could be moved yet.</summary>
    private static int? Moved(nint result)
    {
        if (result >= 0) return (int)result;
        var error = Marshal.GetLastPInvokeError();
        return error is NotNow or Interrupted ? null : throw new ConnectionLostException(
            error == InputOutput ? "The serial port is gone." : Marshal.GetPInvokeErrorMessage(error));
    }

    private Task Wait(ref TaskCompletionSource? wanted)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            wanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Ring();
            return wanted.Task;
        }
    }

    /// <summary>Has the thread look again.</summary>
    private unsafe void Ring()
    {
        var one = 1UL;
        _ = SystemCalls.Write(_bell, (byte*)&one, sizeof(ulong));
    }

    /// <summary>The thread of the stream: waits for what is wanted, and for the bell.</summary>
    private unsafe void Watch()
    {
        var watched = stackalloc SystemCalls.Watched[2];
        var rung = 0UL;
        while (true)
        {
            lock (_gate)
            {
                if (_isClosed) break;
                var wanted = (_readable is null ? 0 : SystemCalls.CanRead) | (_writable is null ? 0 : SystemCalls.CanWrite);

                // A device that is gone has always happened: it is not looked at when nobody asks.
                watched[0] = new SystemCalls.Watched { Descriptor = wanted == 0 ? -1 : _descriptor, Wanted = (short)wanted };
                watched[1] = new SystemCalls.Watched { Descriptor = _bell, Wanted = SystemCalls.CanRead };
            }

            if (SystemCalls.Poll(watched, 2, Timeout.Infinite) <= 0) continue;
            if (watched[1].Happened != 0) _ = SystemCalls.Read(_bell, (byte*)&rung, sizeof(ulong));
            Tell(watched[0].Happened);
        }

        _ = SystemCalls.Close(_bell);
    }

    private void Tell(int happened)
    {
        if (happened == 0) return;
        lock (_gate)
        {
            if ((happened & ~SystemCalls.CanWrite) != 0)
            {
                _readable?.TrySetResult();
                _readable = null;
            }

            if ((happened & ~SystemCalls.CanRead) == 0) return;
            _writable?.TrySetResult();
            _writable = null;
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>The way to a peer that takes nothing.</summary>
internal sealed class StuckWriter : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _octets = new();
    private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when something was to be sent.</summary>
    public Task Stuck => _stuck.Task;

    public override void Advance(int bytes) => _octets.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _octets.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _octets.GetSpan(sizeHint);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _stuck.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return default;
    }

    public override void CancelPendingFlush() { }

    public override void Complete(Exception? exception = null) { }
}

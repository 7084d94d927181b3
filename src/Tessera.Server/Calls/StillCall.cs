namespace Tessera.Server.Calls;

/// <summary>Notices that nothing happens in a call any more: every key and every phase of data is a sign of life.</summary>
internal sealed class StillCall(TimeSpan longest, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _over = new(longest, time);

    /// <summary>Cancelled when there was no sign of life for too long.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Something happens; nothing comes of it where it is too late.</summary>
    public void Live() => _over.CancelAfter(longest);

    public void Dispose() => _over.Dispose();
}

using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>The PC/SC service of this machine: its readers, and word of new ones.</summary>
public sealed class PcscContext : IAsyncDisposable
{
    private readonly PcscThread _thread;

    private PcscContext(PcscThread thread) => _thread = thread;

    /// <exception cref="PcscException">There is no service, or it refuses.</exception>
    public static async Task<PcscContext> EstablishAsync(CancellationToken cancel) =>
        new(await PcscThread.StartAsync("PC/SC", cancel));

    /// <summary>The names of all readers, whether a card is in or not.</summary>
    public async Task<IReadOnlyList<string>> ListReadersAsync(CancellationToken cancel) =>
        await _thread.RunAsync(context => context.ListReaders(), cancel);

    /// <summary>
    /// Waits until the readers are others than <paramref name="known"/>, as long as it takes, and lists them.
    /// </summary>
    /// <exception cref="ConnectionLostException">The service stopped.</exception>
    public async Task<IReadOnlyList<string>> ReadersChangedAsync(IReadOnlyList<string> known, CancellationToken cancel)
    {
        while (true)
        {
            var readers = await _thread.WaitAsync(context => context.ListReaders(), cancel);
            if (!readers.SequenceEqual(known, StringComparer.Ordinal)) return readers;
            await _thread.WaitAsync(context => context.WaitForOtherReaders(readers.Length), cancel);
        }
    }

    /// <summary>Opens a reader; it needs this context no longer.</summary>
    /// <exception cref="ConnectionLostException">There is no reader of that name.</exception>
    public Task<PcscReader> OpenAsync(string reader, PcscOptions? options, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_thread.IsClosed, this);
        return PcscReader.OpenAsync(reader, options ?? PcscOptions.Default, cancel);
    }

    public ValueTask DisposeAsync() => _thread.DisposeAsync();
}

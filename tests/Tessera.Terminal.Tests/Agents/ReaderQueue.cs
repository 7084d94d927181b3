using Tessera.Cards;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>What opening the reader gives, time after time; the last for ever.</summary>
internal sealed class ReaderQueue(params Func<ICardReader>[] readers)
{
    private int _next;

    public async Task<ICardReader> OpenAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await Task.Yield();
        var reader = readers[Math.Min(_next, readers.Length - 1)];
        _next++;
        return reader();
    }
}

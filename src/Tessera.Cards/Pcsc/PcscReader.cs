using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>
/// A reader of the PC/SC service. Disposed, it reports its card as removed; the card is disposed by its holder.
/// </summary>
public sealed class PcscReader : ICardReader
{
    /// <summary>pcsc-lite does not tell when a card is given free, so it is asked.</summary>
    private static readonly TimeSpan SharingInterval = TimeSpan.FromMilliseconds(250);

    private readonly PcscOptions _options;
    private readonly SlotWatch _watch;
    private PcscCard? _last;

    private PcscReader(string name, PcscOptions options, SlotWatch watch) =>
        (Name, _options, _watch) = (name, options, watch);

    public string Name { get; }

    internal static async Task<PcscReader> OpenAsync(string name, PcscOptions options, CancellationToken cancel) =>
        new(name, options, await SlotWatch.StartAsync(name, cancel));

    /// <summary>
    /// Powers the card that is in, waiting for one that answers, and for its turn where another program uses it. One
    /// caller at a time.
    /// </summary>
    /// <inheritdoc/>
    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        while (true)
        {
            var insertion = await _watch.UntilAsync(slot => slot.HasCard, cancel);
            var removed = _watch.RemovedAsync(insertion);
            try
            {
                // A card that is out would still hold its reader.
                if (_last is { Removed.IsCompleted: true }) await _last.ReleaseAsync(cancel);
                return _last = await PcscCard.ConnectAsync(Name, _options, removed, cancel);
            }
            catch (PcscException refused) when (refused.Status == PcscStatus.SharingViolation)
            {
                await Task.Delay(SharingInterval, _options.Time, cancel);
            }
            catch (ConnectionLostException)
            {
                // It was pulled, or is mute: the reader will tell when that has changed.
                await _watch.ChangedAsync(insertion, cancel);
            }
        }
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();
}

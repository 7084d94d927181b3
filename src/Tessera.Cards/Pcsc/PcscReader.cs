namespace Tessera.Cards.Pcsc;

/// <summary>A reader of the PC/SC service; its cards live no longer than it does.</summary>
public sealed class PcscReader : ICardReader
{
    private readonly PcscOptions _options;
    private readonly SlotWatch _watch;

    private PcscReader(string name, PcscOptions options, SlotWatch watch) =>
        (Name, _options, _watch) = (name, options, watch);

    public string Name { get; }

    internal static async Task<PcscReader> OpenAsync(string name, PcscOptions options, CancellationToken cancel) =>
        new(name, options, await SlotWatch.StartAsync(name, cancel));

    /// <summary>Powers the card that is in, waiting for one that answers, and for its turn where another program uses it.</summary>
    /// <inheritdoc/>
    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        while (true)
        {
            var insertion = await _watch.UntilAsync(slot => slot.HasCard, cancel);
            var removed = _watch.RemovedAsync(insertion);
            try
            {
                return await PcscCard.ConnectAsync(Name, _options, removed, cancel);
            }
            catch (Exception refused) when (refused is ConnectionLostException || IsInUse(refused))
            {
                // It was pulled, is mute or in use: the reader will tell when that has changed.
                await _watch.ChangedAsync(insertion, cancel);
            }
        }
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private static bool IsInUse(Exception refused) =>
        refused is PcscException pcsc && pcsc.Status == PcscStatus.SharingViolation;
}

namespace Tessera.Cards.Traces;

/// <summary>A reader whose cards are watched.</summary>
/// <param name="reader">Owned from here on.</param>
/// <param name="trace">Stays the caller's.</param>
public sealed class TracedReader(ICardReader reader, CardTrace trace) : ICardReader
{
    public string Name => reader.Name;

    public async Task<ICard> InsertedAsync(CancellationToken cancel) =>
        new TracedCard(await reader.InsertedAsync(cancel), trace);

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}

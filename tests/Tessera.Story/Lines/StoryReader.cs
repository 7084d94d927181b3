using Tessera.Cards;
using Tessera.Story.Cards;

namespace Tessera.Story.Lines;

/// <summary>The card slot of a device: a card that is out is put in again at once.</summary>
/// <param name="insert">Null when nobody puts it in any more.</param>
internal sealed class StoryReader(Func<InsertedCard?> insert) : ICardReader
{
    private InsertedCard? _card;

    public string Name => "Slot of the device";

    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        if (insert() is not { } card)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            throw new OperationCanceledException(cancel);
        }

        Volatile.Write(ref _card, card);
        return card;
    }

    public void Pull() => Volatile.Read(ref _card)?.Pull();

    public ValueTask DisposeAsync()
    {
        Pull();
        return ValueTask.CompletedTask;
    }
}

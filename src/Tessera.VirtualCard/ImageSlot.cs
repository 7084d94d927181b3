using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>A slot with the card of an image in it, which is in as long as there is the slot.</summary>
public sealed class ImageSlot : ICardReader
{
    private readonly CardOs _card;
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ImageSlot(string name, CardOs card) => (Name, _card) = (name, card);

    public string Name { get; }

    /// <param name="image">The file that is the memory of the card; no other slot can use it meanwhile.</param>
    /// <exception cref="IOException">The file is not there, or another slot uses it.</exception>
    /// <exception cref="DamagedImageException">It does not hold a whole image.</exception>
    public static ImageSlot Open(string image) => Open(image, FileMedium.Open(image));

    /// <param name="name">How the slot is called.</param>
    /// <param name="medium">Belongs to the card from here on, also when this fails.</param>
    /// <exception cref="DamagedImageException">It does not hold a whole image.</exception>
    public static ImageSlot Open(string name, IImageMedium medium) => new(name, CardImage.Open(medium));

    public Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return _removed.Task.IsCompleted
            ? Task.FromException<ICard>(new ConnectionLostException($"The slot of {Name} is closed."))
            : Task.FromResult<ICard>(new Insertion(_card, _removed.Task));
    }

    public ValueTask DisposeAsync()
    {
        if (_removed.TrySetResult()) _card.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Insertion(CardOs card, Task removed) : ICard
    {
        public Bytes Atr { get; } = card.Reset();

        public Task Removed => removed;

        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (removed.IsCompleted) throw new ConnectionLostException("The card is out.");
            var octets = Bytes.Of(command);
            try
            {
                return ValueTask.FromResult(card.Transmit(octets.Span).Read<ResponseApdu>());
            }
            finally
            {
                octets.Erase();
            }
        }

        public Task ResetAsync(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (removed.IsCompleted) throw new ConnectionLostException("The card is out.");
            card.Reset();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

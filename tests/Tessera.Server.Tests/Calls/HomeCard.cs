using System.Threading.Channels;
using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Server.Tests.Calls;

/// <summary>A slot, and the card that is put into it.</summary>
internal sealed class HomeCard : ICardReader
{
    private readonly MemoryMedium _image = new();
    private readonly Channel<Insertion> _insertions = Channel.CreateUnbounded<Insertion>();
    private Insertion? _inserted;

    /// <param name="personalisation">Disposed here.</param>
    public HomeCard(Personalisation personalisation)
    {
        using (personalisation) CardImage.Create(_image, personalisation);
    }

    public string Name => "slot";

    public void Insert()
    {
        _inserted = new Insertion(CardImage.Open(_image));
        _insertions.Writer.TryWrite(_inserted);
    }

    public void Pull() => _inserted?.Pull();

    public async Task<ICard> InsertedAsync(CancellationToken cancel) => await _insertions.Reader.ReadAsync(cancel);

    public ValueTask DisposeAsync()
    {
        Pull();
        return ValueTask.CompletedTask;
    }

    private sealed class Insertion : ICard
    {
        private readonly CardOs _card;
        private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Insertion(CardOs card)
        {
            _card = card;
            Atr = card.Reset();
        }

        public Bytes Atr { get; }

        public Task Removed => _removed.Task;

        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (Removed.IsCompleted) throw new ConnectionLostException("The card is out.");
            return ValueTask.FromResult(_card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>());
        }

        public Task ResetAsync(CancellationToken cancel)
        {
            _card.Reset();
            return Task.CompletedTask;
        }

        public void Pull() => _removed.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Pull();
            _card.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Story.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;

namespace Tessera.Server.Tests.Calls;

/// <summary>A slot, and the card that is put into it.</summary>
internal sealed class HomeCard : ICardReader
{
    private readonly MemoryMedium _image = new();
    private readonly Channel<InsertedCard> _insertions = Channel.CreateUnbounded<InsertedCard>();
    private InsertedCard? _inserted;

    /// <param name="personalisation">Disposed here.</param>
    public HomeCard(Personalisation personalisation)
    {
        using (personalisation) CardImage.Create(_image, personalisation);
    }

    public string Name => "slot";

    public void Insert()
    {
        _inserted = new InsertedCard(CardImage.Open(_image));
        _insertions.Writer.TryWrite(_inserted);
    }

    public void Pull() => _inserted?.Pull();

    public async Task<ICard> InsertedAsync(CancellationToken cancel) => await _insertions.Reader.ReadAsync(cancel);

    public ValueTask DisposeAsync()
    {
        Pull();
        return ValueTask.CompletedTask;
    }
}

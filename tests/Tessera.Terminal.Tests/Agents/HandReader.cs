using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>A reader that a test puts cards into and unplugs.</summary>
internal sealed class HandReader : ICardReader
{
    private readonly Channel<ICard> _cards = Channel.CreateUnbounded<ICard>();

    public string Name => "hand";

    public bool IsDisposed { get; private set; }

    public void Insert(ICard card) => Assert(_cards.Writer.TryWrite(card));

    /// <summary>A card that is in stays; its end comes with its removal.</summary>
    public void Unplug(Exception? reason = null) =>
        Assert(_cards.Writer.TryComplete(reason ?? new ConnectionLostException("The reader was unplugged.")));

    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        while (await _cards.Reader.WaitToReadAsync(cancel))
        {
            if (_cards.Reader.TryRead(out var card)) return card;
        }

        throw new ConnectionLostException("The reader has no more cards.");
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private static void Assert(bool done) => Xunit.Assert.True(done);
}

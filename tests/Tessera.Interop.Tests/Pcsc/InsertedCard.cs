using System.Net;
using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Vpcd;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>A Tessera card in a vpcd reader; pulled when disposed.</summary>
internal sealed class InsertedCard : IAsyncDisposable
{
    private readonly CancellationTokenSource _pull = new();
    private readonly Task _stay;

    private InsertedCard(IPEndPoint reader, CardOs card) => _stay = VpcdCard.RunAsync(reader, card, null, _pull.Token);

    public static InsertedCard Insert(IPEndPoint reader, CardOs card) => new(reader, card);

    /// <summary>Puts a card into the reader of a fresh service, and returns when it is seen there.</summary>
    public static async Task<InsertedCard> ShowAsync(PrivatePcscd pcscd, CardOs card, CancellationToken cancel)
    {
        await using var reader = await pcscd.OpenAsync(null, cancel);
        var inserted = Insert(pcscd.EndPoint, card);
        await using var seen = await reader.InsertedAsync(cancel);
        Assert.Equal(card.Atr, seen.Atr);
        return inserted;
    }

    /// <summary>A new card of the lab.</summary>
    public static CardOs Demonstration(CardId id) => Of(Personalisation.Demonstration(id));

    /// <summary>A new card.</summary>
    /// <param name="personalisation">Disposed here.</param>
    public static CardOs Of(Personalisation personalisation)
    {
        using (personalisation)
        {
            var medium = new MemoryMedium();
            CardImage.Create(medium, personalisation);
            return CardImage.Open(medium);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pull.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _stay);
        _pull.Dispose();
    }
}

using Tessera.Cards;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Lines;

/// <summary>A card that comes out of its reader as it went in, and can be put in again.</summary>
internal sealed class LastingCard(CardInHand card) : ICard
{
    private volatile bool _off;

    public Bytes Atr => card.Atr;

    public Task Removed => card.Removed;

    /// <summary>Its reader has no power: what it answers is heard by nobody.</summary>
    public void PowerOff() => _off = true;

    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        ThrowIfOff();
        var answer = await card.TransmitAsync(command, cancel);
        ThrowIfOff();
        return answer;
    }

    public Task ResetAsync(CancellationToken cancel) => card.ResetAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfOff()
    {
        if (_off) throw new ConnectionLostException("The reader has no power.");
    }
}

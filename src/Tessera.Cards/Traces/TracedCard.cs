using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>A card that is watched from now on.</summary>
public sealed class TracedCard : ICard
{
    private readonly ICard _card;
    private readonly CardTrace _trace;

    /// <param name="card">Powered; owned from here on.</param>
    /// <param name="trace">Told that the card was powered; stays the caller's.</param>
    public TracedCard(ICard card, CardTrace trace)
    {
        (_card, _trace) = (card, trace);
        trace.Reset(card.Atr);
    }

    public Bytes Atr => _card.Atr;

    public Task Removed => _card.Removed;

    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        var begun = _trace.Begin();
        ResponseApdu? answer = null;
        try
        {
            return answer = await _card.TransmitAsync(command, cancel);
        }
        finally
        {
            _trace.End(begun, command, answer);
        }
    }

    public async Task ResetAsync(CancellationToken cancel)
    {
        await _card.ResetAsync(cancel);
        _trace.Reset(_card.Atr);
    }

    public Task<IAsyncDisposable> HoldAsync(CancellationToken cancel) => _card.HoldAsync(cancel);

    /// <summary>What is typed there is seen by no program, and by no trace.</summary>
    public Task<IPinPad?> FindPinPadAsync(CancellationToken cancel) => _card.FindPinPadAsync(cancel);

    public ValueTask DisposeAsync() => _card.DisposeAsync();
}

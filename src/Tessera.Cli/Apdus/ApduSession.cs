using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cli.Apdus;

/// <summary>What is said to a card at hand by <c>tessera apdu</c>, and every exchange told as it is wanted.</summary>
internal sealed class ApduSession : ICardChannel
{
    private readonly CardAtHand _card;
    private readonly CardTrace _trace;
    private TraceEntry? _last;

    public ApduSession(CardAtHand card)
    {
        _card = card;
        _trace = new CardTrace(entry => _last = entry, TimeProvider.System);
        _trace.Reset(card.Atr);
    }

    public string Reader => _card.Reader;

    public string Atr => _card.Atr.ToString();

    /// <summary>The last exchange in words, or the last reset.</summary>
    public TraceEntry Last => _last!;

    /// <summary>One command and its whole answer, chained and collected as the card needs it.</summary>
    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        var begun = _trace.Begin();
        ResponseApdu? answer = null;
        try
        {
            return answer = await _card.Channel.TransmitAsync(command, cancel);
        }
        finally
        {
            _trace.End(begun, command, answer);
        }
    }

    /// <summary>Nothing is selected and nobody verified any more.</summary>
    public async Task ResetAsync(CancellationToken cancel)
    {
        await _card.ResetAsync(cancel);
        _trace.Reset(_card.Atr);
    }

    /// <summary>Awaits a card after the one at hand was pulled.</summary>
    /// <exception cref="ConnectionLostException">The reader is gone too.</exception>
    public async Task ReturnAsync(CancellationToken cancel)
    {
        await _card.ReturnAsync(cancel);
        _trace.Reset(_card.Atr);
    }

    /// <summary>The PIN of the card, asked for without echo.</summary>
    /// <exception cref="InvalidDataException">It is not the PIN.</exception>
    /// <exception cref="CardStatusException">The card refuses it otherwise.</exception>
    public Task VerifyPinAsync(CancellationToken cancel) => PinAtHand.VerifyAsync(this, cancel);
}

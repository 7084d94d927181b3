using Tessera.Cards;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Story.Cards;

/// <summary>One insertion of the card, until it is pulled or its power goes.</summary>
public sealed class InsertedCard : ICard
{
    private readonly CardOs _card;
    private readonly Func<CommandApdu, Task> _carriedOut;
    private readonly bool _isLent;
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="carriedOut">Told of each command before its answer is given; null where nobody is.</param>
    /// <param name="isLent">The card stays the caller's; else it is disposed with this.</param>
    public InsertedCard(CardOs card, Func<CommandApdu, Task>? carriedOut = null, bool isLent = false)
    {
        (_card, _carriedOut, _isLent) = (card, carriedOut ?? (_ => Task.CompletedTask), isLent);
        Atr = card.Reset();
    }

    public Bytes Atr { get; }

    public Task Removed => _removed.Task;

    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Removed.IsCompleted) throw new ConnectionLostException("The card is out.");
        try
        {
            var answer = _card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>();
            await _carriedOut(command);
            return answer;
        }
        catch (IOException e)
        {
            Pull();
            throw new ConnectionLostException("The card has no power.", e);
        }
    }

    public Task ResetAsync(CancellationToken cancel)
    {
        _card.Reset();
        return Task.CompletedTask;
    }

    /// <summary>The card is out.</summary>
    public void Pull() => _removed.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Pull();
        if (!_isLent) _card.Dispose();
        return ValueTask.CompletedTask;
    }
}

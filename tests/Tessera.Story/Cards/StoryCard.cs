using Tessera.Cards;
using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Story.Cards;

/// <summary>The card of a story: an image that outlives every cut of its power.</summary>
internal sealed class StoryCard : IDisposable
{
    private readonly MemoryMedium _image = new();
    private readonly Scissors _scissors;

    public StoryCard(Scissors scissors, CardId id)
        : this(scissors, Personalisation.Demonstration(id)) { }

    /// <param name="personalisation">Disposed here.</param>
    public StoryCard(Scissors scissors, Personalisation personalisation)
    {
        _scissors = scissors;
        using (personalisation) CardImage.Create(_image, personalisation);
    }

    /// <summary>Powers it; a card whose power is cut while it starts is inserted again.</summary>
    public InsertedCard Insert() => new(Power());

    /// <summary>As <see cref="Insert"/>, for whoever resets it.</summary>
    public CardOs Power()
    {
        while (true)
        {
            var medium = new ScissoredMedium(_image, _scissors);
            try
            {
                return CardImage.Open(medium);
            }
            catch (IOException) when (medium.IsCut)
            {
                // Out, and in again.
            }
        }
    }

    public void Dispose() => _image.Dispose();

    /// <summary>The card as it is, for looking at.</summary>
    public CardOs Open()
    {
        var card = CardImage.Open(_image);
        card.Reset();
        return card;
    }

    /// <summary>Every write is a place where the power may go.</summary>
    private sealed class ScissoredMedium(MemoryMedium image, Scissors scissors) : IImageMedium
    {
        private readonly CuttableMedium _medium = new(image);

        public bool IsCut { get; private set; }

        public string Name => _medium.Name;

        public int Length => _medium.Length;

        public void Read(int offset, Span<byte> octets) => _medium.Read(offset, octets);

        public void Write(int offset, ReadOnlySpan<byte> octets)
        {
            if (!IsCut && scissors.Next(CutKind.CardPower, $"{octets.Length} octets at {offset}") is { } cut)
            {
                IsCut = true;
                _medium.CutAfter(0, cut.Octets);
            }

            _medium.Write(offset, octets);
        }

        public void Flush() => _medium.Flush();

        public void Dispose() => _medium.Dispose();
    }
}

/// <summary>One insertion of the card, until it is pulled or its power goes.</summary>
public sealed class InsertedCard : ICard
{
    private readonly CardOs _card;
    private readonly Func<CommandApdu, Task> _carriedOut;
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="carriedOut">Told of each command before its answer is given; null where nobody is.</param>
    public InsertedCard(CardOs card, Func<CommandApdu, Task>? carriedOut = null)
    {
        (_card, _carriedOut) = (card, carriedOut ?? (_ => Task.CompletedTask));
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
        _card.Dispose();
        return ValueTask.CompletedTask;
    }
}

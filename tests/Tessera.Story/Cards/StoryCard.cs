using Tessera.Cards;
using Tessera.Lab.Shelf;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;

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

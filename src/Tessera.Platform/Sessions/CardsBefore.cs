using System.Collections.Concurrent;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>Which card was last at which terminal. It is a guess that saves a round trip, so memory is enough for it.</summary>
internal sealed class CardsBefore
{
    private const int MaxTerminals = 10_000;

    private readonly ConcurrentDictionary<Bytes, CardId> _cards = new();

    /// <summary>Its digits; null where none was there.</summary>
    public string? Of(Bytes terminal) => _cards.TryGetValue(terminal, out var card) ? card.ToString() : null;

    public void Remember(Bytes terminal, CardId card)
    {
        if (_cards.Count >= MaxTerminals) _cards.Clear();
        _cards[terminal] = card;
    }
}

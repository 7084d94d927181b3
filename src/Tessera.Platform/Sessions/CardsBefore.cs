using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tessera.Cards;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>
/// Which card was last at which terminal: a guess that saves a round trip. And which holder entered the PIN at which
/// insertion: it saves asking again. Memory is enough for both.
/// </summary>
internal sealed class CardsBefore
{
    private const int MaxTerminals = 10_000;

    private readonly ConcurrentDictionary<Bytes, CardId> _cards = new();

    private readonly ConditionalWeakTable<ILink, string> _loggedIn = [];

    /// <summary>The digits of the card whose holder entered the PIN at that insertion; null where nobody did.</summary>
    public string? LoggedIn(ILink link) => _loggedIn.TryGetValue(link, out var card) ? card : null;

    /// <summary>The holder of the card entered the PIN at that insertion.</summary>
    public void Remember(ILink link, CardId card) => _loggedIn.AddOrUpdate(link, card.ToString());

    /// <summary>Its digits; null where none was there.</summary>
    public string? Of(Bytes terminal) => _cards.TryGetValue(terminal, out var card) ? card.ToString() : null;

    public void Remember(Bytes terminal, CardId card)
    {
        if (_cards.Count >= MaxTerminals) _cards.Clear();
        _cards[terminal] = card;
    }
}

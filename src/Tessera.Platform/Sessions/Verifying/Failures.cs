using System.Collections.Concurrent;
using Tessera.Cards;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// How often in a row the verification of a holder or a signature came to nothing at a card. A card's own counter of wrong
/// PINs is what keeps; this is memory, and begins again with the server.
/// </summary>
/// <param name="most">So often, and the card is disabled; 0 for never.</param>
internal sealed class Failures(int most)
{
    private const int MaxCards = 10_000;

    private readonly ConcurrentDictionary<CardId, int> _failed = new();

    public bool AreCounted => most > 0;

    /// <returns>It was one too many.</returns>
    public bool Add(CardId card)
    {
        if (_failed.Count >= MaxCards) _failed.Clear();
        return _failed.AddOrUpdate(card, 1, (_, before) => before + 1) >= most;
    }

    public void Clear(CardId card) => _failed.TryRemove(card, out _);
}

using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>What an authentic S1 says about the copy and the open intent (docs/protocols/purse.md §5).</summary>
internal enum Conclusion
{
    /// <summary>The card is where the book has it.</summary>
    Agrees,

    /// <summary>The open intent is done.</summary>
    Done,

    /// <summary>The open intent is not done and its S2 is dead.</summary>
    NotDone,

    /// <summary>The open intent may still be done.</summary>
    Open,

    /// <summary>The state is from before the last booking.</summary>
    Stale,

    /// <summary>The card has moved without the issuer, as it may: it is asked to prove each number that is missing.</summary>
    Missing,

    /// <summary>What a true card in step with this book cannot say.</summary>
    Impossible,
}

/// <summary>Draws a <see cref="Conclusion"/>.</summary>
internal static class Conclusions
{
    /// <param name="nonce">
    /// What the S1 was made over, if the server issued it; null if the card made it by itself.
    /// </param>
    public static Conclusion Draw(PurseState s1, IssuedNonce? nonce, CardCopy copy, Intent? open) =>
        ((long)s1.Number - copy.Number) switch
        {
            0 when s1.Balance != copy.Balance || s1.Last.S2 != copy.LastS2 => Conclusion.Impossible,
            0 when copy.Ahead.Count > 0 =>
                nonce is null || s1.Number >= nonce.Number ? Conclusion.Stale : Conclusion.Impossible,
            0 when open is null => Conclusion.Agrees,
            0 when nonce?.After == open.Id => Conclusion.NotDone,
            0 => Conclusion.Open,
            1 when open is not null && open.Alternative(s1.Last) >= 0 && s1.Balance == copy.Balance + s1.Last.Delta =>
                Conclusion.Done,
            >= 1 and <= PurseCommands.LogRecords when MayBeOffline(copy, open) => Conclusion.Missing,
            < 0 when nonce is null || s1.Number >= nonce.Number => Conclusion.Stale,
            _ => Conclusion.Impossible,
        };

    /// <summary>The card was allowed to debit offline once, or may have been just now.</summary>
    private static bool MayBeOffline(CardCopy copy, Intent? open) =>
        copy.Limits is not null || open is { IsAllowance: true };

    /// <summary>The first alternative of the intent that <paramref name="movement"/> is; -1 if none.</summary>
    public static int Alternative(this Intent intent, Movement movement)
    {
        for (var i = 0; i < intent.Moves.Count; i++)
        {
            if (intent.Moves[i].Allows(movement)) return i;
        }

        return -1;
    }

    public static bool IsOwn(Bytes nonce) => nonce.Span.IndexOfAnyExcept((byte)0) < 0;
}

using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Platform.Logins;

/// <summary>A pair that was given out, as it is on record: its digits are not.</summary>
/// <param name="Call">The call it was given in.</param>
/// <param name="Application">What the caller chose; null where the first application is meant.</param>
/// <param name="Digest">Of card and digits under a key of the server.</param>
/// <param name="Until">The end of its life; it comes nearer when the pair is delivered.</param>
/// <param name="UsedBy">The card's number of the session it opened.</param>
public sealed record TemporaryLogin(
    Guid Id, CardId Card, string Call, string? Application, Bytes Digest, DateTimeOffset Dispatched,
    DateTimeOffset Until, ushort? UsedBy = null);

/// <summary>What is counted by the day, so that it has an end.</summary>
public enum LoginCount
{
    /// <summary>Pairs sent to a holder because of a calling number, which anybody may forge.</summary>
    Claimed = 1,

    /// <summary>Pairs sent to a holder whose card spoke up by a fresh packet of its own.</summary>
    Proven = 2,

    /// <summary>Wrong pairs of a holder.</summary>
    Failed = 3,

    /// <summary>Wrong pairs from a number.</summary>
    FailedFrom = 4,
}

namespace Tessera.Platform.Logins;

/// <summary>How long temporary logins live, and how many there may be.</summary>
public sealed record LoginOptions
{
    /// <summary>From the delivery of the pair. Default 60 s.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From its dispatch, whenever it is delivered. Default 3 minutes.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Pairs that calling numbers bring a holder in a day, sent again included. Default 10.</summary>
    public int ClaimedADay { get; init; } = 10;

    /// <summary>Pairs that a holder's own cards ask for in a day. Default 50.</summary>
    public int ProvenADay { get; init; } = 50;

    /// <summary>Wrong pairs of a holder in a day. Default 5.</summary>
    public int FailedADay { get; init; } = 5;

    /// <summary>Wrong pairs from one number in a day, of whatever holders. Default 20.</summary>
    public int FailedFromADay { get; init; } = 20;

    /// <summary>How long it is remembered that a pair was right once. Default 1 day.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(1);
}

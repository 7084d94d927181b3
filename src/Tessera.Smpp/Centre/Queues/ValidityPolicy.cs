namespace Tessera.Smpp.Centre;

/// <summary>How long messages are kept for a recipient that cannot be reached.</summary>
public sealed record ValidityPolicy
{
    /// <summary>Where the sender says nothing. Default 2 days.</summary>
    public TimeSpan Default { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Whatever the sender says. Default 7 days.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromDays(7);

    /// <summary>When a message that came at <paramref name="now"/> expires.</summary>
    /// <param name="asked">By the sender; null where it left that to the centre.</param>
    public DateTimeOffset Until(DateTimeOffset now, DateTimeOffset? asked)
    {
        var latest = now + Max;
        var until = asked ?? now + Default;
        return until < latest ? until : latest;
    }
}

namespace Tessera.Server.Calls;

/// <summary>How long callers may take.</summary>
internal sealed record CallLimits
{
    /// <summary>Between one invitation to press the data key and the next: to find card and key. Default 8 s.</summary>
    public TimeSpan Finding { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A call in which nobody presses a key and no data begin or end for so long is over. Default 60 minutes.</summary>
    public TimeSpan Stillness { get; init; } = TimeSpan.FromMinutes(60);
}

using System.Net;

namespace Tessera.Lab.Houses.Telephones;

/// <summary>A telephone's make, and what it is plugged into.</summary>
public sealed record TelephoneOptions
{
    /// <summary>
    /// Whom it speaks to by SIP over UDP when it calls: the device beside it, or the socket in the wall. Asked at each
    /// call; null where it is plugged into nothing.
    /// </summary>
    public required Func<IPEndPoint?> Line { get; init; }

    /// <summary>A number without a further digit for so long is whole. Default 4 s.</summary>
    public TimeSpan DialPause { get; init; } = TimeSpan.FromSeconds(4);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

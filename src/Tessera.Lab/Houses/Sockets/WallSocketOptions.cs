using System.Net;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>Which subscriber's line ends in the socket, and what is at its two ends.</summary>
public sealed record WallSocketOptions
{
    /// <summary>Who takes the calls of the house, by SIP over UDP; null where the line is dead.</summary>
    public IPEndPoint? Network { get; init; }

    /// <summary>
    /// The number of the line, which the network knows and asserts, whatever the house says. Default +33155500021.
    /// </summary>
    public string Number { get; init; } = "+33155500021";

    /// <summary>
    /// Who is plugged in, for calls to the house, by SIP over UDP. Asked at each call; null for nobody.
    /// </summary>
    public Func<IPEndPoint?> House { get; init; } = static () => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

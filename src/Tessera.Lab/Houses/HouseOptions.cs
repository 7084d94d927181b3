using System.Net;

namespace Tessera.Lab.Houses;

/// <summary>A house: which line ends in it, and what stands beside the telephone.</summary>
public sealed record HouseOptions
{
    /// <summary>Who takes its calls, by SIP over UDP on this machine; null where the line is dead.</summary>
    public IPEndPoint? Network { get; init; }

    /// <summary>The number of its line. Default +33155500021.</summary>
    public string Number { get; init; } = "+33155500021";

    /// <summary>What stands on the note beside the telephone. Default nothing.</summary>
    public IReadOnlyList<NotedNumber> Notes { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A number that somebody wrote down.</summary>
/// <param name="Name">Whose it is.</param>
public sealed record NotedNumber(string Name, string Number);

namespace Tessera.Lab.Phones.Log;

/// <summary>Which hop of the short message road an entry was seen on.</summary>
public enum LogHop
{
    /// <summary>APDUs between phone and SIM.</summary>
    Sim,

    /// <summary>Toolkit objects inside those APDUs.</summary>
    Toolkit,

    /// <summary>RPDUs between phone and centre.</summary>
    Air,

    /// <summary>TPDUs inside those.</summary>
    Message,

    /// <summary>What happened to the phone itself.</summary>
    Phone,
}

/// <summary>Which way it went, seen from the phone.</summary>
public enum LogDirection
{
    ToSim,
    FromSim,
    ToNetwork,
    FromNetwork,
    Inside,
}

/// <summary>One thing that went over a hop.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Octets">Hexadecimal; octets of a PIN are <c>**</c>.</param>
/// <param name="Text">What it means, perhaps on several lines.</param>
public sealed record LogEntry(
    long Number, DateTimeOffset Time, LogHop Hop, LogDirection Direction, string Octets, string Text);

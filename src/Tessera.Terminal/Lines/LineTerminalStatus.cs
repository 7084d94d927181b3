using Tessera.Phone.Data;
using Tessera.Terminal.Ports;

namespace Tessera.Terminal.Lines;

/// <summary>How a device and its line stand.</summary>
public enum LineStage
{
    /// <summary>There is no call.</summary>
    NoCall,

    /// <summary>People speak; no sound leads to data.</summary>
    Voice,

    /// <summary>The holder pressed the data key: the device asks the server for data.</summary>
    Asking,

    /// <summary>People speak; the server's escape will be obeyed.</summary>
    Armed,

    /// <summary>The device and the server exchange octets; people are muted.</summary>
    Data,
}

/// <summary>What came of pressing the data key.</summary>
public enum DataKeyAnswer
{
    /// <summary>The device asks the server for data, and obeys it for a while.</summary>
    Asking,

    /// <summary>There is no call.</summary>
    NoCall,

    /// <summary>There is no card whose session could use the data.</summary>
    NoCard,

    /// <summary>The battery would not last.</summary>
    BatteryEmpty,

    /// <summary>The line is data already, or just going there.</summary>
    InData,
}

/// <summary>What a device on a telephone line tells of itself.</summary>
/// <param name="Card">A card is in and its session open.</param>
/// <param name="Connected">The server has greeted the device on this data.</param>
/// <param name="Rung">The rung the device speaks on (docs/protocols/line.md §6); null outside of data.</param>
/// <param name="Quality">How the server is heard, in dB; 0 when nothing was heard.</param>
/// <param name="Ending">Why data ended the last time in this call, or did not begin; null before.</param>
public sealed record LineTerminalStatus(
    LineStage Stage, bool Card, bool Connected, int? Rung, double Quality, LineEnding? Ending, PowerState Power);

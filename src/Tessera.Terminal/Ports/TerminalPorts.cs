namespace Tessera.Terminal.Ports;

/// <summary>What a terminal has beside card reader, display and keys; none of it is the terminal's to dispose.</summary>
public sealed record TerminalPorts
{
    /// <summary>Default null: it has none.</summary>
    public IPrinter? Printer { get; init; }

    /// <summary>Default the mains.</summary>
    public IPowerSource Power { get; init; } = new Mains();
}

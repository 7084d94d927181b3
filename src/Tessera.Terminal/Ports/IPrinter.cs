namespace Tessera.Terminal.Ports;

/// <summary>The printer of a terminal, whatever it is made of.</summary>
public interface IPrinter
{
    /// <summary>Prints lines on a sheet of their own, broken to the width of the paper.</summary>
    /// <exception cref="IOException">The printer does not answer.</exception>
    Task PrintAsync(IReadOnlyList<PrintedLine> lines, CancellationToken cancel);
}

/// <summary>A line as it stands on paper.</summary>
/// <param name="Text">Control characters in it mean nothing: they are printed as spaces.</param>
public sealed record PrintedLine(string Text, bool IsBold = false);

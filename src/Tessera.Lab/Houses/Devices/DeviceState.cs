using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;

namespace Tessera.Lab.Houses.Devices;

/// <summary>The device as page and programs see it; never anything typed hidden.</summary>
/// <param name="Lines">Of its display, from top to bottom.</param>
/// <param name="Ask">Names what is shown; a key names it again.</param>
/// <param name="Words">How its line stands.</param>
/// <param name="HasSession">A card is in and its session open.</param>
/// <param name="Rung">The rung it speaks on; null outside of data.</param>
/// <param name="Quality">How the server is heard, in dB; 0 when nothing was heard.</param>
/// <param name="IsMains">Its plug is in the wall.</param>
/// <param name="Percent">Of the battery.</param>
/// <param name="Paper">The sheets that its printer has cut off, until somebody takes them; the newest last.</param>
public sealed record DeviceState(
    bool IsOn, IReadOnlyList<string> Lines, long Ask, LineStage Stage, string Words, bool HasSession, int? Rung,
    double Quality, bool IsMains, int Percent, IReadOnlyList<IReadOnlyList<PrintedLine>> Paper)
{
    /// <summary>It waits for a finger on its reader.</summary>
    public bool WantsFinger { get; init; }

    /// <summary>The card in its slot, in the world's words; empty for none.</summary>
    public string Card { get; init; } = "";
}

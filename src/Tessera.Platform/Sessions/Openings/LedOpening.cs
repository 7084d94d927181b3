using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>A dialogue that was led in the script that opened its session.</summary>
/// <param name="Asked">Names what was asked, as <see cref="Dialogues.ScriptPlan.Asked"/>.</param>
/// <param name="Reading">What came of it.</param>
/// <param name="Before">Steps of that script before it.</param>
internal sealed record LedOpening(Bytes Asked, ScriptReading Reading, int Before);

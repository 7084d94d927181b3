using System.Runtime.InteropServices;

namespace Tessera.Terminal.Serial.Frames;

/// <summary>What a side has heard and what it has room for (docs/protocols/serial.md §3).</summary>
/// <param name="Next">All frames before this number have arrived.</param>
/// <param name="Heard">Bit <c>i</c>: frame <c>Next + 1 + i</c> has arrived too.</param>
/// <param name="Room">Frames from <c>Next</c> on that may be sent, 0 to 8.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SerialReport(byte Next, byte Heard, byte Room);

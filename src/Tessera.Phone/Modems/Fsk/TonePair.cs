using System.Numerics;
using System.Runtime.InteropServices;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>What the two tones of a channel were over one symbol, as amplitudes with their phases.</summary>
/// <param name="Space">Beside an oscillator of its frequency.</param>
/// <param name="Mark">
/// Turned so that it has the phase that space would have had, had it sounded instead from the start of the symbol.
/// </param>
/// <param name="Energy">The squares of all samples from the beginning to the end of the symbol.</param>
/// <param name="Concealed">Some of these samples were not heard but made up.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TonePair(Complex Space, Complex Mark, double Energy, bool Concealed);

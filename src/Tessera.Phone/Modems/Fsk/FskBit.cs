using System.Runtime.InteropServices;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>A bit as it was heard.</summary>
/// <param name="Margin">The amplitude by which it was preferred.</param>
/// <param name="Signal">The power of its tone.</param>
/// <param name="Power">The power of all that was heard.</param>
/// <param name="Concealed">A part of it was not heard but made up.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FskBit(bool One, double Margin, double Signal, double Power, bool Concealed);

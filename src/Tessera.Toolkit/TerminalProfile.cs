using Tessera.Wire;

namespace Tessera.Toolkit;

/// <summary>What a terminal can show and take: TERMINAL PROFILE octets and Tessera's own capability object.</summary>
/// <param name="Octets">The profile as the terminal sent it (TS 102 223 §5.2).</param>
/// <param name="Capabilities">What TERMINAL PROFILE has no bit for.</param>
public sealed record TerminalProfile(Bytes Octets, TerminalCapabilities Capabilities);

/// <summary>What a terminal has beyond TS 102 223.</summary>
[Flags]
public enum TerminalCapabilities : byte
{
    None = 0,

    /// <summary>Pages of the application appear in a browser at its side; they never count as shown.</summary>
    RichPages = 0x01,

    Printer = 0x02,

    Biometrics = 0x04,
}

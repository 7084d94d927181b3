using System.Runtime.InteropServices;

namespace Tessera.Smpp.Centre;

internal enum AttemptResult
{
    Taken,

    /// <summary>Not now: try again.</summary>
    Later,

    /// <summary>It never will be.</summary>
    Never,
}

/// <summary>What became of offering a message to its recipient.</summary>
/// <param name="Error">Cause that a receipt tells; 0 where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Attempt(AttemptResult Result, byte Error, string Reason)
{
    public static Attempt Taken => new(AttemptResult.Taken, 0, "");

    public static Attempt Later(string reason, byte error = 0) => new(AttemptResult.Later, error, reason);

    public static Attempt Never(string reason, byte error) => new(AttemptResult.Never, error, reason);
}

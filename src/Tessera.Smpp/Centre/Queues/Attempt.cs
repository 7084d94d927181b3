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
/// <param name="State">What the message ends in; not final where it is tried again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Attempt(AttemptResult Result, byte Error, string Reason, MessageState State)
{
    public static Attempt Taken => new(AttemptResult.Taken, 0, "", MessageState.Delivered);

    public static Attempt Later(string reason, byte error = 0) => new(AttemptResult.Later, error, reason, MessageState.Enroute);

    public static Attempt Never(string reason, byte error, MessageState state = MessageState.Undeliverable) =>
        new(AttemptResult.Never, error, reason, state);
}

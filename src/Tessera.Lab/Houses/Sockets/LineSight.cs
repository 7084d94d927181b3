namespace Tessera.Lab.Houses.Sockets;

/// <summary>What a line is used for, as somebody hears who only listens.</summary>
public enum LineUse
{
    /// <summary>There is no call.</summary>
    Idle,

    /// <summary>A call is being set up.</summary>
    Ringing,

    Voice,

    /// <summary>An escape signal was heard; whose words follow will show.</summary>
    Escape,

    /// <summary>The ends make themselves known to each other.</summary>
    Opening,

    /// <summary>Sealed frames: nobody but the ends can read them.</summary>
    Data,
}

/// <summary>One direction of a line, as it is heard.</summary>
/// <param name="Modem">What data goes by, in words; empty in voice.</param>
/// <param name="Octets">In frames of data since the call stands.</param>
/// <param name="Packets">That passed since the call stands.</param>
/// <param name="Lost">That a fault took away.</param>
public sealed record LineWay(string Modem, long Octets, long Packets, long Lost);

/// <summary>A line as page and programs see it.</summary>
/// <param name="Words">The state in words.</param>
/// <param name="Number">Who is called, or calls; empty for nobody.</param>
public sealed record LineSight(LineUse Use, string Words, string Number, LineWay Out, LineWay In, LineFaults Faults)
{
    /// <summary>What happened, the oldest first.</summary>
    public IReadOnlyList<LineEntry> Log { get; init; } = [];
}

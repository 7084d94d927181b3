using System.Runtime.InteropServices;
using Tessera.Lab.Calls;

namespace Tessera.Lab.Phones;

/// <summary>Everything a page or a program sees of the phone at one moment; never anything typed hidden.</summary>
/// <param name="Number">Grows with every change.</param>
/// <param name="IsOn">Switched on.</param>
/// <param name="Sim">How the SIM is.</param>
/// <param name="Lines">The display, top to bottom, cut to its width.</param>
/// <param name="Left">What the left soft key does now; empty for nothing.</param>
/// <param name="Right">What the right soft key does now.</param>
/// <param name="Typing">What may be typed now.</param>
/// <param name="Signal">Bars, 0 to 4; 0 without network.</param>
/// <param name="Battery">Bars, 0 to 4.</param>
/// <param name="Network">Name of the network, or why there is none.</param>
/// <param name="Tone">The tone that sounds; null for none.</param>
/// <param name="Identity">Who the phone is in the network.</param>
/// <param name="Menu">The toolkit menu of the SIM; null where it has set up none.</param>
/// <param name="Inbox">Messages, newest first.</param>
/// <param name="Traffic">Short messages since it was switched on, every part counted.</param>
public sealed record HandsetState(
    long Number,
    bool IsOn,
    SimState Sim,
    IReadOnlyList<string> Lines,
    string Left,
    string Right,
    TypingMode Typing,
    int Signal,
    int Battery,
    string Network,
    string? Tone,
    HandsetIdentity Identity,
    ToolkitMenu? Menu,
    IReadOnlyList<InboxMessage> Inbox,
    Traffic Traffic)
{
    /// <summary>The call there is, or was a moment ago; null for none.</summary>
    public CallSight? Call { get; init; }

    /// <summary>Those who are called must not see the number.</summary>
    public bool HidesNumber { get; init; }

    /// <summary>Keys in a call are tones in its sound, not telephone events.</summary>
    public bool KeysInBand { get; init; }

    /// <summary>The display as one text.</summary>
    public string Screen => string.Join('\n', Lines);
}

/// <summary>How a SIM is, as its phone sees it.</summary>
public enum SimState
{
    /// <summary>None in the slot, or the phone is off.</summary>
    Absent,

    /// <summary>It waits for CHV1.</summary>
    PinAsked,

    /// <summary>CHV1 is blocked.</summary>
    Blocked,

    Ready,

    /// <summary>It broke the protocol or does not answer.</summary>
    Faulty,
}

/// <summary>What the phone takes besides keys.</summary>
public enum TypingMode
{
    None,
    Text,

    /// <summary>What is typed appears as asterisks and nowhere else.</summary>
    Hidden,
}

/// <summary>Numbers of the phone, its SIM and its line; empty where not known.</summary>
public sealed record HandsetIdentity(string Imei, string Imsi, string Iccid, string Number)
{
    public static HandsetIdentity Of(string imei) => new(imei, "", "", "");
}

/// <summary>What SET UP MENU put into the phone's menu (ETSI TS 102 223 §6.4.8).</summary>
public sealed record ToolkitMenu(string Title, IReadOnlyList<ToolkitMenuItem> Items, bool HasHelp);

/// <summary>One line of it.</summary>
public sealed record ToolkitMenuItem(byte Identifier, string Text);

/// <summary>A message in the inbox.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="From">Number or name of the sender.</param>
/// <param name="Time">When the centre had it.</param>
/// <param name="Text">All its parts.</param>
/// <param name="Parts">Short messages it came in.</param>
/// <param name="Places">Records of EF.SMS on the SIM, from 1; none in the phone's own memory.</param>
public sealed record InboxMessage(
    long Id, string From, DateTimeOffset Time, string Text, int Parts, bool IsRead, IReadOnlyList<int> Places);

/// <summary>Short messages that went to the network and came from it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Traffic(int Sent, int Received);

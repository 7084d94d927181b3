using System.Globalization;

namespace Tessera.Story;

/// <summary>What can go away in the middle of a story.</summary>
public enum CutKind
{
    /// <summary>The power of the card, at one of its writes.</summary>
    CardPower,

    /// <summary>The link, at a frame from the terminal to the server.</summary>
    FrameUp,

    /// <summary>The link, at a frame from the server to the terminal.</summary>
    FrameDown,

    /// <summary>The server, at a durable step.</summary>
    Server,

    /// <summary>The terminal, at a record of its journal.</summary>
    Terminal,

    /// <summary>An RP message between phone and SMSC: it never arrives.</summary>
    MessageLost,

    /// <summary>It arrives twice.</summary>
    MessageDoubled,

    /// <summary>It arrives after the one behind it.</summary>
    MessageOvertaken,

    /// <summary>It arrives when the session is over.</summary>
    MessageLate,

    /// <summary>The phone, at something it shows.</summary>
    Phone,

    /// <summary>The connection of the gateway to the SMSC, at a message of the phone, until its session is over.</summary>
    Road,

    /// <summary>Packets of the line, at a packet of data, in both directions.</summary>
    Loss,

    /// <summary>The call, at a packet of data.</summary>
    Call,

    /// <summary>The power of the device, at a packet of data.</summary>
    Device,
}

/// <summary>One cut of a story: what goes away, where, and how.</summary>
/// <param name="Place">Which write, frame, durable step or record of the story, from 0.</param>
/// <param name="After">The frame arrives, or the step is durable, and nothing after it; else it is lost too.</param>
/// <param name="Octets">Of a write of the card that are there when its power goes.</param>
/// <param name="Long">
/// The terminal stays away until the server has given its session up; of the line, 2 s are lost and not 0.2 s.
/// </param>
public sealed record Cut(CutKind Kind, int Place, bool After = false, int Octets = 0, bool Long = false)
{
    /// <summary>What cuts of its kind are called in a table.</summary>
    public string Name => Kind switch
    {
        CutKind.CardPower => "card without power at a write",
        CutKind.FrameUp => $"link cut, frame to server {Fate}{Absence}",
        CutKind.FrameDown => $"link cut, frame to terminal {Fate}{Absence}",
        CutKind.Server => $"server killed {Moment} a durable step",
        CutKind.MessageLost => "message lost",
        CutKind.MessageDoubled => "message doubled",
        CutKind.MessageOvertaken => "message overtaken by the next",
        CutKind.MessageLate => "message late",
        CutKind.Phone => "phone switched off at a screen",
        CutKind.Road => "gateway without SMSC until the session is over",
        CutKind.Loss => $"line silent for {(Long ? "2" : "0.2")} s",
        CutKind.Call => "call dropped",
        CutKind.Device => "device without power",
        _ => $"terminal killed {Moment} a journal record",
    };

    /// <summary>From what <see cref="ToString"/> writes: <c>FrameUp:5:after:long</c>, <c>CardPower:3:24</c>.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static Cut Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length < 2 || !Enum.TryParse<CutKind>(parts[0], out var kind)) throw new FormatException($"'{text}' is no cut.");
        var cut = new Cut(kind, int.Parse(parts[1], CultureInfo.InvariantCulture));
        return parts.Skip(2).Aggregate(cut, (so, part) => part switch
        {
            "after" => so with { After = true },
            "long" => so with { Long = true },
            _ => so with { Octets = int.Parse(part, CultureInfo.InvariantCulture) },
        });
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}:{Place}{(Octets > 0 ? $":{Octets}" : "")}{(After ? ":after" : "")}{(Long ? ":long" : "")}");

    private string Fate => After ? "arrives" : "is lost";

    private string Absence => Long ? ", for long" : "";

    private string Moment => After ? "after" : "before";
}

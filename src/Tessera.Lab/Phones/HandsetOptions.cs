using System.Net;

namespace Tessera.Lab.Phones;

/// <summary>A phone's make: what is printed on it, where it stands, and how patient it is.</summary>
public sealed record HandsetOptions
{
    /// <summary>Fifteen digits. Default 490154203237518.</summary>
    public string Imei { get; init; } = "490154203237518";

    /// <summary>Software version, two digits. Default 01.</summary>
    public string SoftwareVersion { get; init; } = "01";

    /// <summary>What the display calls the network. Default "Tessera".</summary>
    public string NetworkName { get; init; } = "Tessera";

    /// <summary>Location area code of the cell it is in. Default 1.</summary>
    public ushort LocationArea { get; init; } = 1;

    /// <summary>Identity of the cell it is in. Default 1.</summary>
    public ushort Cell { get; init; } = 1;

    /// <summary>ISO 639 code of its own words. Default en.</summary>
    public string Language { get; init; } = "en";

    /// <summary>A question of the SIM that nobody answers is answered "no response". Default 60 s.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A text that clears itself stays that long. Default 5 s.</summary>
    public TimeSpan ShowTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two STATUS commands until the SIM asks for another interval. Default 30 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages are also written to the SIM, not only those that ask for it. Default no.</summary>
    public bool StoresOnSim { get; init; }

    /// <summary>Messages the phone itself has room for. Default 50.</summary>
    public int InboxRoom { get; init; } = 50;

    /// <summary>Entries the log keeps. Default 4000.</summary>
    public int LogRoom { get; init; } = 4000;

    /// <summary>The air interface of its short message service centre. Default none: there is no network.</summary>
    public EndPoint? Centre { get; init; }

    /// <summary>
    /// Who takes its calls, by SIP over UDP on this machine. Default none: there is no voice service.
    /// </summary>
    public IPEndPoint? VoiceNetwork { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

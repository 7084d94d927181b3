using System.Net;
using Tessera.Cards;
using Tessera.Smpp;
using Tessera.Toolkit;

namespace Tessera.Gateway;

/// <summary>Where the SMSC is, what the gateway is called there, and its limits.</summary>
public sealed record SmsGatewayOptions
{
    /// <summary>Where the SMSC listens.</summary>
    public required EndPoint Smsc { get; init; }

    /// <summary>
    /// Name, password and limits of the gateway as an ESME; what it does with what is delivered is the gateway's.
    /// </summary>
    public required SmppClientOptions Esme { get; init; }

    /// <summary>The number that cards send to and hear from.</summary>
    public required SmppAddress ServiceNumber { get; init; }

    /// <summary>The issuer's master keys of a version; null where there are none. They stay with the caller.</summary>
    public required Func<byte, MasterKeys?> Keys { get; init; }

    /// <summary>How the SMSC writes message ids in receipts. Default as in its responses.</summary>
    public ReceiptIdForm ReceiptIds { get; init; } = ReceiptIdForm.Same;

    /// <summary>Short messages of the longest script. Default 2, at most 255.</summary>
    public int MaxParts { get; init; } = 2;

    /// <summary>What a script and its answer usually take, as applications are told. Default 15 s.</summary>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A session ends when its card was silent for that long. Default 15 minutes.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Sessions at the same time; an opening beyond is left with the SMSC. Default 1024.</summary>
    public int MaxSessions { get; init; } = 1024;

    /// <summary>How often a script is sent in all. Default 4.</summary>
    public int MaxSends { get; init; } = 4;

    /// <summary>
    /// From the delivery of a script to its sending again, doubled each time. Default 150 s: the holder has 120 s for
    /// each question, and a script at work is not disturbed by another copy.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// From the failure of a message to the sending of its script again, doubled each time. Default 15 s.
    /// </summary>
    public TimeSpan AfterFailure { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a new session waits for the word what became of the packet of the session before. Default 30 s.
    /// </summary>
    public TimeSpan Overtake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Counters that are reserved at once. Default 16.</summary>
    public int CounterBlock { get; init; } = 16;

    /// <summary>
    /// Messages of one sender that wait for others, and of one packet. Default 64: the longest answer takes 62.
    /// </summary>
    public int MaxPartsOfSender { get; init; } = 64;

    /// <summary>Messages of all senders that wait for others. Default 4096.</summary>
    public int MaxPartsWaiting { get; init; } = 4096;

    /// <summary>
    /// Messages of one sender that may wait however many others do: a flood under the numbers of some cards leaves the
    /// rest their openings and short answers. Default 4.
    /// </summary>
    public int AssuredPartsOfSender { get; init; } = 4;

    /// <summary>How long a message waits for the others of its packet. Default 5 minutes.</summary>
    public TimeSpan PartLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a closed session is kept on record. Default 7 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>From one tidying to the next. Default 10 minutes.</summary>
    public TimeSpan Tidying { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The first and the longest wait before connecting again. Default 0.5 s and 30 s.</summary>
    public TimeSpan FirstReconnect { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxReconnect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What is believed of a phone whose opening names a profile that was never told. Default a plain phone.
    /// </summary>
    public TerminalProfile UnknownProfile { get; init; } = TerminalProfile.Phone;

    /// <summary>Told everything that happens, in order for each card; must return at once. Default nobody.</summary>
    public Action<GatewayEvent> Told { get; init; } = _ => { };
}

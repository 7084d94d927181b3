using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.VirtualCard.Sim.Authentication;

namespace Tessera.VirtualCard.Sim;

/// <summary>What makes a SIM of a card: who its subscriber is, and its toolkit applet. Zeroed when disposed.</summary>
public sealed class SimPersonalisation : IDisposable
{
    public required SimSubscription Subscription { get; init; }

    /// <summary>The key sets of the secured packets of this card; owned from here on.</summary>
    public required OtaKeys Keys { get; init; }

    /// <summary>What the network authenticates it by; null for a SIM that has no network. Owned from here on.</summary>
    public SubscriberKey? Subscriber { get; init; }

    /// <summary>What the phone shows of the applet.</summary>
    public SimMenu Menu { get; init; } = SimMenu.Demonstration;

    /// <summary>The PIN of the telephony files, 4 to 8 digits; not that of the purse.</summary>
    public string Chv1 { get; init; } = DemonstrationKeys.Chv1;

    /// <summary>8 digits.</summary>
    public string UnblockChv1 { get; init; } = DemonstrationKeys.Puk;

    /// <summary>The PIN of fixed numbers and charges, 4 to 8 digits; null for a SIM without.</summary>
    public string? Chv2 { get; init; }

    /// <summary>8 digits; it counts only where there is a <see cref="Chv2"/>.</summary>
    public string UnblockChv2 { get; init; } = DemonstrationKeys.Puk;

    /// <summary>
    /// The issuer's code for the files that no CHV opens, made as a PUK is; null for a SIM whose files stay as they are.
    /// Owned from here on.
    /// </summary>
    public PinBlock? Administrator { get; init; }

    /// <summary>The phone must ask for CHV1 when it starts. Default: it need not.</summary>
    public bool AsksChv1 { get; init; }

    public void Dispose()
    {
        Keys.Dispose();
        Subscriber?.Dispose();
        Administrator?.Dispose();
    }
}

/// <summary>A subscription as the files of a SIM tell of it.</summary>
/// <param name="Iccid">Identification of the card: 18 to 20 digits (ITU-T E.118).</param>
/// <param name="Imsi">Identity of the subscriber: 6 to 15 digits (ITU-T E.212).</param>
/// <param name="Msisdn">The subscriber's own number.</param>
/// <param name="ServiceCentre">Number of the short message service centre.</param>
/// <param name="ServiceNumber">Where the toolkit applet sends its messages to.</param>
/// <param name="VoiceNumber">The service's number for calls; a call to it is announced. Empty for none.</param>
/// <param name="Provider">What the phone shows for the network, at most 16 characters.</param>
public sealed record SimSubscription(
    string Iccid, string Imsi, string Msisdn, string ServiceCentre, string ServiceNumber, string VoiceNumber,
    string Provider)
{
    /// <summary>Digits of the network code in the IMSI, behind the three of the country: 2 or 3.</summary>
    public int NetworkCodeDigits { get; init; } = 2;

    /// <summary>A subscription of the test network 001 01, with numbers that France keeps for fiction.</summary>
    public static SimSubscription Demonstration { get; } = new(
        Iccid: "8988211000000000018", Imsi: "001010000000001", Msisdn: "+33639980001", ServiceCentre: "+33639980000",
        ServiceNumber: "83773", VoiceNumber: "+33639980083", Provider: "Tessera");
}

/// <summary>The menu that the toolkit applet sets up in the phone.</summary>
public sealed record SimMenu(string Title, IReadOnlyList<SimMenuItem> Items)
{
    public static SimMenu Demonstration { get; } =
        new("Tessera", [new("Purse", "purse"), new("Settings", "preferences"), SimMenuItem.Connect]);
}

/// <summary>An item of the menu, and the application that it opens a session for.</summary>
/// <param name="Application">
/// 1 to 16 graphic ASCII characters; empty for the item that asks for the login of a caller, who chose the application
/// in the call.
/// </param>
public sealed record SimMenuItem(string Text, string Application)
{
    /// <summary>For a caller with a login.</summary>
    public static SimMenuItem Connect { get; } = new("Connect", "");
}

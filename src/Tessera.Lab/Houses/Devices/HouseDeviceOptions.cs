using System.Net;
using Tessera.Cards;
using Tessera.Phone.Data;
using Tessera.Phone.Sip;
using Tessera.Terminal.Displays;

namespace Tessera.Lab.Houses.Devices;

/// <summary>A device's make, and what it stands between.</summary>
public sealed record HouseDeviceOptions
{
    /// <summary>For people. Default "Home device".</summary>
    public string Name { get; init; } = "Home device";

    /// <summary>Certificate and journal; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>The one server it obeys.</summary>
    public required LinePublicKey Server { get; init; }

    /// <summary>Where cards come in; the device owns it, and it outlives the power.</summary>
    public required ICardReader Slot { get; init; }

    /// <summary>Default four lines of twenty characters.</summary>
    public DisplaySize Display { get; init; } = DisplaySize.Largest;

    /// <summary>
    /// The synthetic finger of who lives here, by its number; the one behind it is another's. Default 1.
    /// </summary>
    public long Finger { get; init; } = 1;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The socket in the wall, by SIP over UDP; the house knows it.</summary>
    internal IPEndPoint Wall { get; init; } = new(IPAddress.Loopback, SipUri.DefaultPort);

    /// <summary>The telephone, by SIP over UDP; null for none.</summary>
    internal Func<SipUri?> Telephone { get; init; } = static () => null;
}

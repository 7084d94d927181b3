using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>
/// What a phone tells its SIM unasked: the data of ENVELOPE (ETSI TS 102 223 §7, 3GPP TS 51.014 §7.1).
/// </summary>
internal static class Envelope
{
    private const ushort SmsPpDownloadTag = 0xD1;
    private const ushort MenuSelectionTag = 0xD3;
    private const ushort CallControlTag = 0xD4;
    private const ushort EventDownloadTag = 0xD6;
    private const ushort TimerExpirationTag = 0xD7;
    private const byte UserActivity = 0x04;

    /// <summary>The holder took an item of the menu of SET UP MENU, or asked what it is.</summary>
    public static Bytes MenuSelection(byte item, bool help) => Write(
        MenuSelectionTag,
        [
            Devices(Device.Keypad, Device.Uicc),
            ComprehensionTlv.Of(ObjectTag.ItemIdentifier, item),
            .. help ? (ComprehensionTlv[])[ComprehensionTlv.Of(ObjectTag.HelpRequest)] : [],
        ]);

    /// <summary>A short message for the SIM.</summary>
    /// <param name="serviceCentre">Type of number, digits; empty for none.</param>
    /// <param name="deliver">SMS-DELIVER as it came.</param>
    public static Bytes SmsPpDownload(Bytes serviceCentre, Bytes deliver) => Write(
        SmsPpDownloadTag,
        [
            Devices(Device.Network, Device.Uicc),
            .. serviceCentre.Length == 0
                ? []
                : (ComprehensionTlv[])[new ComprehensionTlv((byte)ObjectTag.Address, serviceCentre)],
            new ComprehensionTlv((byte)ObjectTag.SmsTpdu | ComprehensionTlv.Required, deliver),
        ]);

    /// <summary>The holder wants to call somebody: may he (3GPP TS 51.014 §9.1.6).</summary>
    /// <param name="address">Type of number, digits.</param>
    /// <param name="place">Where the phone is; empty where it does not know.</param>
    public static Bytes CallControl(Bytes address, Bytes place) => Write(
        CallControlTag,
        [
            Devices(Device.Terminal, Device.Uicc),
            ComprehensionTlv.Of(ObjectTag.Address, address.Span),
            .. place.Length == 0
                ? []
                : (ComprehensionTlv[])[ComprehensionTlv.Of(ObjectTag.LocationInformation, place.Span)],
        ]);

    public static Bytes TimerExpiration(byte timer, TimeSpan ran) => Write(
        TimerExpirationTag,
        [
            Devices(Device.Terminal, Device.Uicc),
            ComprehensionTlv.Of(ObjectTag.TimerIdentifier, timer),
            new ComprehensionTlv((byte)ObjectTag.TimerValue | ComprehensionTlv.Required, SwappedBcd.Time(ran)),
        ]);

    public static Bytes Event(byte happened) => Write(
        EventDownloadTag,
        [
            ComprehensionTlv.Of(ObjectTag.EventList, happened),
            Devices(happened == UserActivity ? Device.Terminal : Device.Display, Device.Uicc),
        ]);

    private static ComprehensionTlv Devices(Device from, Device to) =>
        ComprehensionTlv.Of(ObjectTag.DeviceIdentities, (byte)from, (byte)to);

    private static Bytes Write(ushort tag, IReadOnlyList<ComprehensionTlv> objects)
    {
        var content = Bytes.Of(output =>
        {
            foreach (var item in objects) item.Write(new ByteWriter(output));
        });
        return Bytes.Of(output => Tlv.Write(new ByteWriter(output), tag, content.Span));
    }
}

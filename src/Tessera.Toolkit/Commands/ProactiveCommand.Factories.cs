using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>
/// The commands our applications use, built with command number 1 and comprehension required throughout.
/// </summary>
public sealed partial record ProactiveCommand
{
    private const byte FirstNumber = 1;

    /// <summary>DISPLAY TEXT (§6.4.1).</summary>
    public static ProactiveCommand DisplayText(
        string text, DisplayQualifier qualifier = DisplayQualifier.WaitForUser) =>
        New(CommandType.DisplayText, (byte)qualifier, Device.Display, Text8D(text));

    /// <summary>GET INKEY (§6.4.2): one key.</summary>
    public static ProactiveCommand GetInkey(string text, InputQualifier qualifier = InputQualifier.Digits) =>
        New(CommandType.GetInkey, (byte)qualifier, Device.Terminal, Text8D(text));

    /// <summary>GET INPUT (§6.4.3): <paramref name="least"/> to <paramref name="most"/> characters.</summary>
    public static ProactiveCommand GetInput(
        string text, byte least, byte most, InputQualifier qualifier = InputQualifier.Digits) =>
        New(CommandType.GetInput, (byte)qualifier, Device.Terminal, Text8D(text), Length91(least, most));

    /// <summary>SELECT ITEM (§6.4.9) with identifiers 1, 2, 3 ...</summary>
    /// <exception cref="ArgumentException">No item, or more than 255.</exception>
    public static ProactiveCommand SelectItem(string title, params IReadOnlyList<string> items)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count, nameof(items));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, byte.MaxValue, nameof(items));
        return New(CommandType.SelectItem, 0, Device.Terminal,
            [Alpha85(title), .. items.Select((item, i) => Item8F((byte)(i + 1), item))]);
    }

    /// <summary>The title of a SELECT ITEM whose items are kept elsewhere.</summary>
    internal static ProactiveCommand SelectNothing(string title) =>
        New(CommandType.SelectItem, 0, Device.Terminal, Alpha85(title));

    /// <summary>SET UP MENU (§6.4.8) with identifiers 1, 2, 3 ...; without items it removes the menu.</summary>
    public static ProactiveCommand SetUpMenu(string title, params IReadOnlyList<string> items) =>
        New(CommandType.SetUpMenu, 0, Device.Terminal, items.Count == 0
            ? [Alpha85(title), ComprehensionTlv.Of(ObjectTag.Item)]
            : [Alpha85(title), .. items.Select((item, i) => Item8F((byte)(i + 1), item))]);

    /// <summary>PLAY TONE (§6.4.5).</summary>
    public static ProactiveCommand PlayTone(Tone tone, TimeUnit unit, byte interval) =>
        New(CommandType.PlayTone, 0, Device.Earpiece,
            ComprehensionTlv.Of(ObjectTag.Tone, (byte)tone),
            ComprehensionTlv.Of(ObjectTag.Duration, (byte)unit, interval));

    /// <summary>
    /// SET UP CALL (§6.4.13), only if no other call is on; <paramref name="number"/> as in <see cref="DialNumber"/>.
    /// </summary>
    public static ProactiveCommand SetUpCall(string confirmation, string number) =>
        New(CommandType.SetUpCall, 0, Device.Network,
            Alpha85(confirmation), new ComprehensionTlv(0x86, DialNumber.Encode(number)));

    /// <summary>SEND SHORT MESSAGE (§6.4.10): <paramref name="submit"/> is an SMS-SUBMIT, sent as it is.</summary>
    public static ProactiveCommand SendShortMessage(string alpha, Bytes submit) =>
        New(CommandType.SendShortMessage, 0, Device.Network, Alpha85(alpha), new ComprehensionTlv(0x8B, submit));

    /// <summary>PROVIDE LOCAL INFORMATION (§6.4.15): <paramref name="what"/> is its qualifier.</summary>
    public static ProactiveCommand ProvideLocalInformation(byte what) =>
        New(CommandType.ProvideLocalInformation, what, Device.Terminal);

    /// <summary>PROVIDE LOCAL INFORMATION about the battery.</summary>
    public static ProactiveCommand ProvideBatteryState() => ProvideLocalInformation(AdditionalReader.BatteryQualifier);

    /// <summary>PERFORM CARD APDU: a command for the card in an additional reader.</summary>
    /// <param name="reader">0 to 7.</param>
    public static ProactiveCommand PerformCardApdu(CommandApdu command, int reader = 0) => New(
        CommandType.PerformCardApdu, 0, Reader(reader), new ComprehensionTlv(0xA2, Bytes.Of(command)));

    /// <summary>POWER ON CARD in an additional reader, 0 to 7.</summary>
    public static ProactiveCommand PowerOnCard(int reader = 0) => New(CommandType.PowerOnCard, 0, Reader(reader));

    /// <summary>POWER OFF CARD in an additional reader, 0 to 7.</summary>
    public static ProactiveCommand PowerOffCard(int reader = 0) => New(CommandType.PowerOffCard, 0, Reader(reader));

    /// <summary>GET READER STATUS of all additional readers.</summary>
    public static ProactiveCommand GetReaderStatus() => New(CommandType.GetReaderStatus, 0, Device.Terminal);

    /// <summary>MORE TIME (§6.4.4): the card is still at work.</summary>
    public static ProactiveCommand MoreTime() => New(CommandType.MoreTime, 0, Device.Terminal);

    internal static ProactiveCommand New(
        CommandType type, byte qualifier, Device destination, params ReadOnlySpan<ComprehensionTlv> objects) =>
        new(FirstNumber, type, qualifier, Device.Uicc, destination, Sequence.Of(objects));

    private static Device Reader(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 7);
        return (Device)((int)Device.AdditionalReader0 + number);
    }

    private static ComprehensionTlv Text8D(string text) => new(0x8D, TextString.Encode(text));

    private static ComprehensionTlv Alpha85(string text) => new(0x85, AlphaIdentifier.Encode(text));

    private static ComprehensionTlv Item8F(byte identifier, string text) =>
        new(0x8F, new Bytes((byte[])[identifier, .. AlphaIdentifier.Encode(text).Span]));

    private static ComprehensionTlv Length91(byte least, byte most) =>
        ComprehensionTlv.Of(ObjectTag.ResponseLength, least, most);
}

using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>State of one additional card reader: the object of GET READER STATUS (ETSI TS 102 223).</summary>
/// <remarks>
/// <code>
/// b3 b2 b1 number of the reader | b4 removable | b5 present | b6 takes ID-1 cards | b7 card in it | b8 card powered
/// </code>
/// </remarks>
public readonly record struct CardReaderStatus(byte Octet)
{
    private const int NumberMask = 0x07;
    private const int RemovableBit = 0x08;
    private const int PresentBit = 0x10;
    private const int Id1Bit = 0x20;
    private const int CardBit = 0x40;
    private const int PoweredBit = 0x80;

    /// <summary>0 to 7.</summary>
    public int Number => Octet & NumberMask;

    public bool IsRemovable => (Octet & RemovableBit) != 0;

    public bool IsPresent => (Octet & PresentBit) != 0;

    public bool TakesId1 => (Octet & Id1Bit) != 0;

    public bool HasCard => (Octet & CardBit) != 0;

    public bool IsPowered => (Octet & PoweredBit) != 0;

    /// <summary>A built-in reader for cards of any size.</summary>
    public static CardReaderStatus Of(int number, bool hasCard, bool isPowered)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(number & NumberMask, number, nameof(number));
        return new CardReaderStatus(
            (byte)(number | PresentBit | Id1Bit | (hasCard ? CardBit : 0) | (isPowered ? PoweredBit : 0)));
    }
}

/// <summary>Why a command for an additional reader failed: behind the general result 38 (ETSI TS 102 223 §8.12.9).</summary>
public enum ReaderProblem : byte
{
    Unspecific = 0x00,
    NoReader = 0x01,
    NoCard = 0x02,
    ReaderBusy = 0x03,
    CardPoweredOff = 0x04,
    CommandFormat = 0x05,
    MuteCard = 0x06,
    Transmission = 0x07,
    Protocol = 0x08,
    UnknownReader = 0x09,
}

/// <summary>How much is left in a battery (ETSI TS 102 223 §8.76).</summary>
public enum BatteryLevel : byte
{
    VeryLow = 0x00,
    Low = 0x01,
    Average = 0x02,
    Good = 0x03,
    Full = 0x04,
}

/// <summary>What commands for additional readers and the battery say, and how they are answered.</summary>
public static class AdditionalReader
{
    /// <summary>Qualifier of PROVIDE LOCAL INFORMATION for the battery.</summary>
    public const byte BatteryQualifier = 0x0A;

    private const int Last = 0x17;

    /// <summary>The number of the additional reader that the command goes to; null where it goes elsewhere.</summary>
    public static int? ReaderOf(this ProactiveCommand command) =>
        (int)command.Destination is >= (int)Device.AdditionalReader0 and <= Last and var device
            ? device - (int)Device.AdditionalReader0
            : null;

    /// <summary>The C-APDU of a PERFORM CARD APDU; null where there is none that can be read.</summary>
    public static CommandApdu? CardCommand(this ProactiveCommand command) => Read<CommandApdu>(command.Find(ObjectTag.CApdu));

    /// <summary>The R-APDU of the answer to it.</summary>
    public static ResponseApdu? CardAnswer(this TerminalResponse response) => Read<ResponseApdu>(response.Find(ObjectTag.RApdu));

    /// <summary>The ATR in the answer to POWER ON CARD.</summary>
    public static Bytes? Atr(this TerminalResponse response) => response.Find(ObjectTag.CardAtr);

    /// <summary>The readers in the answer to GET READER STATUS.</summary>
    public static IReadOnlyList<CardReaderStatus> Readers(this TerminalResponse response) =>
    [
        .. response.Objects.Where(found => found is { Name: ObjectTag.CardReaderStatus, Value.Length: 1 })
            .Select(found => new CardReaderStatus(found.Value.Span[0])),
    ];

    /// <summary>The battery in the answer to PROVIDE LOCAL INFORMATION.</summary>
    public static BatteryLevel? Battery(this TerminalResponse response) =>
        response.Find(ObjectTag.BatteryState) is { Length: 1 } value ? (BatteryLevel)value.Span[0] : null;

    /// <summary>The card in the reader answered.</summary>
    public static TerminalResponse Answered(ProactiveCommand command, ResponseApdu answer) => TerminalResponse.To(
        command, GeneralResult.Success, ComprehensionTlv.Of(ObjectTag.RApdu, Bytes.Of(answer).Span));

    /// <summary>The card in the reader has power.</summary>
    public static TerminalResponse PoweredOn(ProactiveCommand command, Bytes atr) =>
        TerminalResponse.To(command, GeneralResult.Success, ComprehensionTlv.Of(ObjectTag.CardAtr, atr.Span));

    public static TerminalResponse Reports(ProactiveCommand command, params IReadOnlyList<CardReaderStatus> readers) =>
        TerminalResponse.To(
            command, GeneralResult.Success,
            [.. readers.Select(reader => ComprehensionTlv.Of(ObjectTag.CardReaderStatus, reader.Octet))]);

    public static TerminalResponse Reports(ProactiveCommand command, BatteryLevel battery) => TerminalResponse.To(
        command, GeneralResult.Success, ComprehensionTlv.Of(ObjectTag.BatteryState, (byte)battery));

    public static TerminalResponse Failed(ProactiveCommand command, ReaderProblem problem) =>
        TerminalResponse.To(command, GeneralResult.MultipleCardProblem) with
        {
            Additional = new Bytes((byte[])[(byte)problem]),
        };

    private static T? Read<T>(Bytes? octets) where T : class, IWireFormat<T>
    {
        try
        {
            return octets?.Read<T>();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}

using System.Globalization;

namespace Tessera.Cards.Pcsc;

/// <summary>The result of a PC/SC function (PC/SC part 5; names as in winscard.h).</summary>
public readonly record struct PcscStatus(uint Code)
{
    public static readonly PcscStatus Success = new(0);
    public static readonly PcscStatus InsufficientBuffer = new(0x80100008);
    public static readonly PcscStatus UnknownReader = new(0x80100009);
    public static readonly PcscStatus Timeout = new(0x8010000A);
    public static readonly PcscStatus SharingViolation = new(0x8010000B);
    public static readonly PcscStatus NoService = new(0x8010001D);
    public static readonly PcscStatus ServiceStopped = new(0x8010001E);
    public static readonly PcscStatus NoReadersAvailable = new(0x8010002E);
    public static readonly PcscStatus CommDataLost = new(0x8010002F);
    public static readonly PcscStatus ResetCard = new(0x80100068);

    private static readonly Dictionary<uint, string> Names = new()
    {
        [0x00000000] = "SCARD_S_SUCCESS",
        [0x80100001] = "SCARD_F_INTERNAL_ERROR",
        [0x80100002] = "SCARD_E_CANCELLED",
        [0x80100003] = "SCARD_E_INVALID_HANDLE",
        [0x80100004] = "SCARD_E_INVALID_PARAMETER",
        [0x80100005] = "SCARD_E_INVALID_TARGET",
        [0x80100006] = "SCARD_E_NO_MEMORY",
        [0x80100007] = "SCARD_F_WAITED_TOO_LONG",
        [0x80100008] = "SCARD_E_INSUFFICIENT_BUFFER",
        [0x80100009] = "SCARD_E_UNKNOWN_READER",
        [0x8010000A] = "SCARD_E_TIMEOUT",
        [0x8010000B] = "SCARD_E_SHARING_VIOLATION",
        [0x8010000C] = "SCARD_E_NO_SMARTCARD",
        [0x8010000D] = "SCARD_E_UNKNOWN_CARD",
        [0x8010000E] = "SCARD_E_CANT_DISPOSE",
        [0x8010000F] = "SCARD_E_PROTO_MISMATCH",
        [0x80100010] = "SCARD_E_NOT_READY",
        [0x80100011] = "SCARD_E_INVALID_VALUE",
        [0x80100012] = "SCARD_E_SYSTEM_CANCELLED",
        [0x80100013] = "SCARD_F_COMM_ERROR",
        [0x80100014] = "SCARD_F_UNKNOWN_ERROR",
        [0x80100015] = "SCARD_E_INVALID_ATR",
        [0x80100016] = "SCARD_E_NOT_TRANSACTED",
        [0x80100017] = "SCARD_E_READER_UNAVAILABLE",
        [0x80100018] = "SCARD_P_SHUTDOWN",
        [0x80100019] = "SCARD_E_PCI_TOO_SMALL",
        [0x8010001A] = "SCARD_E_READER_UNSUPPORTED",
        [0x8010001B] = "SCARD_E_DUPLICATE_READER",
        [0x8010001C] = "SCARD_E_CARD_UNSUPPORTED",
        [0x8010001D] = "SCARD_E_NO_SERVICE",
        [0x8010001E] = "SCARD_E_SERVICE_STOPPED",
        [0x8010001F] = "SCARD_E_UNEXPECTED",
        [0x80100022] = "SCARD_E_UNSUPPORTED_FEATURE",
        [0x8010002E] = "SCARD_E_NO_READERS_AVAILABLE",
        [0x8010002F] = "SCARD_E_COMM_DATA_LOST",
        [0x80100031] = "SCARD_E_SERVER_TOO_BUSY",
        [0x80100065] = "SCARD_W_UNSUPPORTED_CARD",
        [0x80100066] = "SCARD_W_UNRESPONSIVE_CARD",
        [0x80100067] = "SCARD_W_UNPOWERED_CARD",
        [0x80100068] = "SCARD_W_RESET_CARD",
        [0x80100069] = "SCARD_W_REMOVED_CARD",
        [0x8010006A] = "SCARD_W_SECURITY_VIOLATION",
        [0x8010006E] = "SCARD_W_CANCELLED_BY_USER",
    };

    public bool IsSuccess => Code == 0;

    public override string ToString() =>
        Names.TryGetValue(Code, out var name) ? name : Code.ToString("X8", CultureInfo.InvariantCulture);
}

using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>PC/SC refused what was asked of it, and neither a card nor a reader had gone.</summary>
public sealed class PcscException(PcscStatus status, string message, Exception? cause = null)
    : IOException(message, cause)
{
    public PcscStatus Status { get; } = status;

    /// <summary>There is no PC/SC service to ask.</summary>
    internal static PcscException NoService(Exception? cause = null) => new(
        PcscStatus.NoService,
        OperatingSystem.IsWindows()
            ? "There is no PC/SC service: start the service \"Smart Card\" (SCardSvr)."
            : "There is no PC/SC service: install pcscd, start it, and let this user reach /run/pcscd/pcscd.comm.",
        cause);

    /// <summary>What a failed function means to the user of <paramref name="reader"/>.</summary>
    internal static IOException Of(PcscStatus status, string function, string reader) =>
        Lost(status, function, reader) is { } reason
            ? new ConnectionLostException($"{reason} ({function}: {status}).")
            : new PcscException(status, $"{function} on {reader}: {status}.");

    private static string? Lost(PcscStatus status, string function, string reader) => status.ToString() switch
    {
        "SCARD_W_REMOVED_CARD" or "SCARD_E_NO_SMARTCARD" => $"The card was removed from {reader}",
        "SCARD_W_RESET_CARD" => $"Another program reset the card in {reader}",
        "SCARD_W_UNPOWERED_CARD" => $"The card in {reader} lost its power",
        "SCARD_W_UNRESPONSIVE_CARD" => $"The card in {reader} is mute",
        "SCARD_E_NOT_TRANSACTED" or "SCARD_E_COMM_DATA_LOST" => $"The card in {reader} did not answer",
        "SCARD_E_UNKNOWN_READER" or "SCARD_E_READER_UNAVAILABLE" or "SCARD_E_NO_READERS_AVAILABLE" =>
            $"The reader {reader} is gone",
        "SCARD_E_NO_SERVICE" or "SCARD_E_SERVICE_STOPPED" or "SCARD_F_COMM_ERROR" => "The PC/SC service stopped",
        // A service that ends with a question unread resets its connection, and pcsc-lite takes every reset for a client
        // that polkit refuses. Whether this one may use a card is decided when it connects, and never later.
        "SCARD_W_SECURITY_VIOLATION" when function is not "SCardConnect" => "The PC/SC service stopped",
        _ => null,
    };
}

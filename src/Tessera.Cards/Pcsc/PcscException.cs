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
        Lost(status, reader) is { } reason
            ? new ConnectionLostException($"{reason} ({function}: {status}).")
            : new PcscException(status, $"{function} on {reader}: {status}.");

    private static string? Lost(PcscStatus status, string reader)
    {
        if (status == PcscStatus.RemovedCard || status == PcscStatus.NoSmartcard) return $"The card was removed from {reader}";
        if (status == PcscStatus.ResetCard) return $"Another program reset the card in {reader}";
        if (status == PcscStatus.UnpoweredCard) return $"The card in {reader} lost its power";
        if (status == PcscStatus.UnresponsiveCard) return $"The card in {reader} is mute";
        if (status == PcscStatus.NotTransacted || status == PcscStatus.CommDataLost) return $"The card in {reader} did not answer";
        if (status == PcscStatus.UnknownReader || status == PcscStatus.ReaderUnavailable || status == PcscStatus.NoReadersAvailable)
            return $"The reader {reader} is gone";
        return status == PcscStatus.NoService || status == PcscStatus.ServiceStopped || status == PcscStatus.CommError
            ? "The PC/SC service stopped"
            : null;
    }
}

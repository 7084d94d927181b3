using Tessera.Server.Browsers;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>
/// Follows the terminals: gives each a code to show until a browser has taken it, and keeps its desk up to date.
/// </summary>
internal sealed class TerminalWatch(
    TerminalDesks desks, Pairing pairing, IServiceProvider services, ILogger<TerminalWatch> log)
{
    private readonly Lock _gate = new();
    private string _origin = "";

    /// <summary>Where the pages are, once the server listens.</summary>
    public void ServedAt(Uri address)
    {
        lock (_gate) _origin = address.GetLeftPart(UriPartial.Authority);
    }

    public PairingCode Pair(Bytes terminal)
    {
        if (pairing.IsTaken(terminal)) return PairingCode.None;
        lock (_gate) return new PairingCode(pairing.CodeFor(terminal), $"{_origin}/open");
    }

    public void Changed(TerminalStatus status)
    {
        if (!desks.Of(status.Terminal).Update(status)) return;
        services.GetRequiredService<TerminalAdmission>().Changed.Raise();
        log.LogInformation("Terminal {Terminal} ({Name}): connected {Connected}, card {Card}",
            status.Terminal, status.Name, status.Connected, status.Reader.HasCard);
        if (status is { Connected: true, Reader.HasCard: false } && pairing.IsTaken(status.Terminal)) Offer(status.Terminal);
    }

    /// <summary>A browser took the terminal's code: it shows none any more.</summary>
    public void Taken(Bytes terminal)
    {
        log.LogInformation("Terminal {Terminal} has a browser", terminal);
        services.GetRequiredService<LinkListener>().Show(terminal, PairingCode.None);
    }

    /// <summary>Another browser may have the terminal: it shows a fresh code.</summary>
    public void Offer(Bytes terminal)
    {
        PairingCode code;
        lock (_gate) code = new PairingCode(pairing.CodeFor(terminal), $"{_origin}/open");
        services.GetRequiredService<LinkListener>().Show(terminal, code);
    }
}

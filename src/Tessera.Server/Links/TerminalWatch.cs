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
        lock (_gate) return new PairingCode(pairing.CodeFor(terminal), $"{_origin}/open");
    }

    public void Changed(TerminalStatus status)
    {
        var desk = desks.Of(status.Terminal);
        var wasThere = (desk.IsConnected, desk.HasCard);
        (desk.Name, desk.Profile) = (status.Name, status.Profile);
        (desk.IsConnected, desk.HasCard) = (status.Connected, status.Reader.HasCard);
        if (wasThere == (desk.IsConnected, desk.HasCard)) return;

        log.LogInformation("Terminal {Terminal} ({Name}): connected {Connected}, card {Card}",
            status.Terminal, status.Name, status.Connected, status.Reader.HasCard);
        desk.TellPresence();
    }

    /// <summary>A browser took the terminal's code: it shows none any more.</summary>
    public void Taken(Bytes terminal) => services.GetRequiredService<LinkListener>().Show(terminal, PairingCode.None);
}

using Tessera.Server.Browsers;
using Tessera.Server.Calls;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>
/// Which terminals may connect: takes them in by codes, renames and withdraws them, and says so in the log.
/// </summary>
internal sealed class TerminalAdmission(
    DataFolder folder, TerminalDesks desks, IServiceProvider services, TimeProvider time, ILogger<TerminalAdmission> log)
    : IDisposable
{
    private EnrolmentDesk? _desk;

    /// <summary>Makes codes, and lets in who proves one.</summary>
    public EnrolmentDesk Desk =>
        LazyInitializer.EnsureInitialized(ref _desk, () => new EnrolmentDesk(PeerIdentity.Of(folder.Certificate), Admit, time));

    /// <summary>Raised when a terminal came, went, or became known or unknown.</summary>
    public Signal Changed { get; } = new();

    /// <summary>All that may connect, and those that others vouch for and were seen since the server started.</summary>
    public IReadOnlyList<TerminalState> All
    {
        get
        {
            var enrolled = folder.Terminals.All.ToDictionary(one => one.Key.Id, one => one.Value);
            var calling = Calls.Terminals.ToDictionary(status => status.Terminal);
            return
            [
                .. enrolled.Select(one => StateOf(one.Key, one.Value, calling.GetValueOrDefault(one.Key)))
                    .OrderBy(state => state.Name, StringComparer.Ordinal),
                .. desks.All.Where(desk => !enrolled.ContainsKey(desk.Terminal)).Select(desk => new TerminalState(
                    desk.Terminal.ToString(), desk.Name, desk.IsConnected, desk.HasCard, desk.IsRich, Enrolled: false)),
            ];
        }
    }

    private LinkListener Calls => services.GetRequiredService<CallLines>().Listener;

    /// <summary>A code for one terminal.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public EnrolmentCode NewCode()
    {
        var code = Desk.NewCode();
        log.LogInformation("A code for a terminal was made, good until {Until:O}", code.Until);
        return code;
    }

    /// <param name="terminal">The 16 digits of its id, or all 64 of its key.</param>
    /// <returns>False where there is no such terminal.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public bool Rename(string terminal, string name)
    {
        if (folder.Terminals.Find(terminal) is not { } known || !folder.Terminals.Rename(known, name)) return false;
        log.LogInformation("Terminal {Terminal} is named {Name} now", known.Id, name);
        Changed.Raise();
        return true;
    }

    /// <summary>From now on the terminal is refused; its connection and its session end.</summary>
    /// <param name="terminal">The 16 digits of its id, or all 64 of its key.</param>
    /// <returns>False where there is no such terminal.</returns>
    public bool Withdraw(string terminal)
    {
        if (folder.Terminals.Find(terminal) is not { } known || !folder.Terminals.Remove(known)) return false;
        Desk.Void(known);
        services.GetRequiredService<LinkListener>().Dismiss(known.Id);
        Calls.Dismiss(known.Id);
        desks.Forget(known.Id);
        log.LogInformation("Terminal {Terminal} was withdrawn", known.Id);
        Changed.Raise();
        return true;
    }

    public void Dispose() => _desk?.Dispose();

    private TerminalState StateOf(Bytes terminal, string name, TerminalStatus? calling)
    {
        var desk = desks.All.FirstOrDefault(desk => desk.Terminal == terminal);
        return new TerminalState(
            terminal.ToString(), name, desk is { IsConnected: true } || calling is { Connected: true },
            desk is { HasCard: true } || calling is { Reader.HasCard: true }, desk is { IsRich: true }, Enrolled: true);
    }

    private void Admit(PeerIdentity terminal, string name)
    {
        folder.Terminals.Add(terminal, name);
        log.LogInformation("Terminal {Terminal} ({Name}) was enrolled", terminal.Id, name);
        Changed.Raise();
    }
}

/// <summary>A terminal as the server sees it.</summary>
/// <param name="Terminal">The first 8 octets of SHA-256 of its public key.</param>
/// <param name="Enrolled">It is in the register, and may be renamed and withdrawn.</param>
public sealed record TerminalState(
    string Terminal, string Name, bool Connected, bool Card, bool Rich, bool Enrolled);

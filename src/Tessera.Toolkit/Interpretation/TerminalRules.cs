using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What a terminal enforces and can do; a server that knows it computes what the terminal computes.</summary>
public sealed record TerminalRules
{
    private const int MaxProactive = CommandScript.MaxLength;

    /// <summary>
    /// Server identity: the first 8 octets of SHA-256 of its SubjectPublicKeyInfo; the card id on the short message
    /// road.
    /// </summary>
    public required Bytes Server { get; init; }

    public required TerminalProfile Profile { get; init; }

    /// <summary>The allow-lists. Default: purse, data store, PIV.</summary>
    public Sequence<AppletPolicy> Applets { get; init; } =
        [AppletPolicies.Purse, AppletPolicies.Store, AppletPolicies.Piv];

    /// <summary>
    /// The allow-lists for the card in an additional reader, which gets no PIN and moves no value. Default: data store,
    /// PIV.
    /// </summary>
    public Sequence<AppletPolicy> ReaderApplets { get; init; } = [AppletPolicies.Store, AppletPolicies.Piv];

    /// <summary>Octets of the longest proactive command. Default 8192; 256 behind FETCH.</summary>
    public int MaxCommand { get; init; } = MaxProactive;

    /// <summary>Octets of the longest answer. Default 8192.</summary>
    public int MaxAnswer { get; init; } = ResponseScript.MaxLength;

    /// <summary>
    /// The SELECT ITEM that is kept under an id and a version for the application of the session, or null. Default:
    /// none is.
    /// </summary>
    public Func<ListVersion, ProactiveCommand?> CachedList { get; init; } = _ => null;

    /// <summary>Who the terminal is: the first 8 octets of SHA-256 of its public key. Default nobody.</summary>
    public Bytes Terminal { get; init; }

    /// <summary>
    /// The one verifier that gets what holders enter here, encrypted, where the owner of the terminal wants that. Default
    /// none.
    /// </summary>
    public PinnedVerifier? Verifier { get; init; }

    public TerminalWording Wording { get; init; } = TerminalWording.English;

    /// <summary>A terminal on IP or on a telephone line, with whatever card is in it.</summary>
    public static TerminalRules ForTerminal(Bytes server, TerminalProfile profile) =>
        new() { Server = server, Profile = profile };

    /// <summary>The toolkit applet of a SIM: purse and data store only, commands that one FETCH carries.</summary>
    /// <param name="server">The 8 octets of the card id: this road has no certificate, its keys are the card's.</param>
    public static TerminalRules ForSim(Bytes server, TerminalProfile profile) => new()
    {
        Server = server,
        Profile = profile,
        Applets = [AppletPolicies.Purse, AppletPolicies.Store],
        ReaderApplets = [],
        MaxCommand = ProactiveCommand.MaxFetchLength,
    };
}

/// <summary>How a script finds the card.</summary>
/// <param name="Selected">The application selected, null where none is.</param>
/// <param name="Currency">Of the purse, as it named it when it was selected.</param>
/// <param name="InitializeInForce">An INITIALIZE waits for its MOVE.</param>
public sealed record CardSituation(AppletPolicy? Selected, ushort? Currency, bool InitializeInForce)
{
    /// <summary>A card in a reader: every script selects what it needs.</summary>
    public static CardSituation Inserted(bool initializeInForce) => new(null, null, initializeInForce);

    /// <summary>A SIM: its purse is selected when a script begins.</summary>
    public static CardSituation Sim(ushort currency, bool initializeInForce) =>
        new(AppletPolicies.Purse, currency, initializeInForce);
}

/// <summary>The verifier that a terminal is set up for.</summary>
/// <param name="Id">As scripts name it, 8 octets.</param>
/// <param name="Name">As holders read it.</param>
public sealed record PinnedVerifier(Bytes Id, string Name);

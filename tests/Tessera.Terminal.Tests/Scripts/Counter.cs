using Tessera.Cards.Biometrics;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>A terminal with rich pages, a card with 50.00 in it, and the till of the server that it pays at.</summary>
internal sealed class Counter : IAsyncDisposable
{
    public static readonly ScriptLimits Limits = new();

    private static readonly Bytes Server = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private readonly TempFolder _folder = new();
    private readonly IBiometricReader? _fingers;
    private FileScriptJournal? _journal;

    private Counter(FingerTemplate? finger, IBiometricReader? fingers)
    {
        _fingers = fingers;
        Card = new CardInHand(finger);
        if (fingers is not null) Profile = Profile with { Capabilities = TerminalCapabilities.Biometrics };
        (Screen, Runner) = SwitchOn();
    }

    public CardInHand Card { get; }

    public Till Till { get; } = new(Server, CardInHand.Id);

    public ManualTime Time { get; } = new();

    public TerminalProfile Profile { get; } = TerminalProfile.Rich;

    public RichScreen Screen { get; private set; }

    public ScriptRunner Runner { get; private set; }

    /// <summary>Of the card since it was put in.</summary>
    public ushort Session { get; private set; }

    public string JournalPath => _folder.File("scripts.journal");

    /// <param name="finger">A finger the card knows; the card's from here on.</param>
    /// <param name="fingers">Where it is laid; null where a terminal has nothing for it.</param>
    public static async Task<Counter> OpenAsync(
        CancellationToken cancel, FingerTemplate? finger = null, IBiometricReader? fingers = null)
    {
        var counter = new Counter(finger, fingers);
        await counter.Till.LoadAsync(counter.Card, 5000, cancel);
        counter.Session = counter.Runner.Insert(counter.Card).Session;
        return counter;
    }

    /// <summary>Has the card say S1, and gives the purchase that follows.</summary>
    public async Task<Bytes> AuthoriseAsync(CancellationToken cancel, byte number = 1, bool withFinger = false)
    {
        Till.TakeState(await Runner.RunAsync(Till.Opening(Session, number), cancel));
        return Till.Purchase(Session, (byte)(number + 1), withFinger);
    }

    /// <summary>The journal is closed, as it is when the power goes.</summary>
    public void SwitchOff() => _journal?.Dispose();

    /// <summary>As it is after <see cref="SwitchOff"/>, with its journal and nothing else.</summary>
    public void SwitchOnAgain() => (Screen, Runner) = SwitchOn();

    public async ValueTask DisposeAsync()
    {
        await Card.DisposeAsync();
        SwitchOff();
        Till.Dispose();
        _folder.Dispose();
    }

    private (RichScreen Screen, ScriptRunner Runner) SwitchOn()
    {
        var screen = new RichScreen();
        _journal = FileScriptJournal.Open(JournalPath);
        var runner = new ScriptRunner(
            _journal, TerminalRules.ForTerminal(Server, Profile), new ScreenHolder(screen, finger: _fingers), Limits,
            Time);
        return (screen, runner);
    }
}

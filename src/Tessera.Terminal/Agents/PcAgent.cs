using Tessera.Cards;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Pages;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Agents;

/// <summary>
/// The terminal beside a PC: it reaches its server over the network, and its own page on 127.0.0.1 is its display and
/// keypad.
/// </summary>
public sealed class PcAgent : IAsyncDisposable
{
    private readonly CardTerminal _terminal;
    private readonly ScreenPage _page;

    private PcAgent(CardTerminal terminal, ScreenPage page) => (_terminal, _page) = (terminal, page);

    /// <summary>Its display and keypad.</summary>
    public Uri Page => _page.Address;

    /// <inheritdoc cref="CardTerminal.Status"/>
    public LinkStatus Status => _terminal.Status;

    /// <inheritdoc cref="CardTerminal.Completion"/>
    public Task Completion => _terminal.Completion;

    /// <summary>
    /// Who a terminal of that folder is; makes its key at the first time. The server must know it before it connects.
    /// </summary>
    public static PeerIdentity IdentityOf(PcAgentOptions options) =>
        CardTerminal.IdentityOf(options.Folder, options.Name);

    /// <summary>The display of a terminal of that profile.</summary>
    public static Screen ScreenOf(TerminalProfile profile) =>
        profile.HasRichPages ? new RichScreen() : new KeypadScreen(DisplaySize.Of(profile));

    /// <summary>Switches the terminal on.</summary>
    /// <param name="openReader">
    /// Opens the reader where cards come in, which is the terminal's from then on; asked again, until it succeeds, when
    /// there is none or it went away (<see cref="IOException"/>).
    /// </param>
    /// <exception cref="IOException">Another terminal uses the folder, or the port of the page is taken.</exception>
    public static async Task<PcAgent> StartAsync(
        PcAgentOptions options, Func<CancellationToken, Task<ICardReader>> openReader, CancellationToken cancel,
        TimeProvider? time = null)
    {
        var screen = ScreenOf(options.Profile);
        var terminal = CardTerminal.Open(TerminalOf(options), screen, time);
        if (options.OffersRelay)
            screen.Menu = new ScreenMenu(() => terminal.RelayEntry, () => _ = terminal.SwitchRelayAsync());
        try
        {
            var page = await ScreenPage.StartAsync(
                screen, new LocalPageOptions { Port = options.Port, Ancestors = options.Ancestors }, cancel);
            var road = options.Road ?? ((own, token) => TerminalConnection.OpenAsync(
                new TerminalConnectionOptions { Server = options.Server, Pin = options.Pin, Certificate = own }, token));
            terminal.Start(openReader, token => road(terminal.Certificate, token));
            return new PcAgent(terminal, page);
        }
        catch
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _page.DisposeAsync();
    }

    private static CardTerminalOptions TerminalOf(PcAgentOptions options) => new()
    {
        Name = options.Name,
        Folder = options.Folder,
        Pin = options.Pin,
        Profile = options.Profile,
        Ports = options.Ports,
        ReaderRetry = options.ReaderRetry,
    };
}

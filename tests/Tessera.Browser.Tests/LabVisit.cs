using Microsoft.Playwright;
using Tessera.Testing;

namespace Tessera.Browser.Tests;

/// <summary>Chromium at the lab of a new server.</summary>
internal sealed class LabVisit : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private readonly List<IPage> _pages = [];
    private readonly Chromium _chromium;
    private ServerProcess? _server;

    private LabVisit(Chromium chromium) => _chromium = chromium;

    /// <summary>The page of the lab.</summary>
    public IPage Page { get; private set; } = null!;

    public LabPage Lab { get; private set; } = null!;

    public HomePage Home => new(Page);

    public ServerProcess Server => _server!;

    public static async Task<LabVisit> StartAsync(Chromium chromium, CancellationToken cancel)
    {
        var visit = new LabVisit(chromium);
        try
        {
            visit._server = await ServerProcess.StartAsync(visit._data.Path, cancel);
            visit.Page = await visit.OpenAsync("/lab");
            visit.Lab = new LabPage(visit.Page);
            return visit;
        }
        catch
        {
            await visit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another page of the server, beside the lab.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await _chromium.OpenAsync(new Uri(Server.Address, path));
        _pages.Add(page);
        return page;
    }

    /// <summary>Fifty are loaded and a lunch is paid at the PC; the switches of the phone's faults are at hand.</summary>
    public async Task LunchAsync(string pin)
    {
        await Lab.InsertAsync("pc");
        await Lab.ConnectAsync();
        await Lab.LunchAsync(pin);
        await Lab.LeaveAsync();
        await Lab.Phone.OpenFaultsAsync();
    }

    /// <summary>The books hold, and SIM and account have the same.</summary>
    public async Task HoldsAsync(string balance)
    {
        var ledger = await OpenAsync("/ledger");
        var copy = ledger.Locator("tr", new() { HasText = await Lab.CardIdAsync("sim") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = balance })).ToHaveCountAsync(2);
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        await Assertions.Expect(ledger.Locator("h2", new() { HasText = "Open intents" })).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        foreach (var page in _pages) await page.CloseAsync();
        _data.Dispose();
    }
}

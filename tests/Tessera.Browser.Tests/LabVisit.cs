using Microsoft.Playwright;
using Tessera.Testing;

namespace Tessera.Browser.Tests;

/// <summary>Chromium at the lab of a new server.</summary>
internal sealed class LabVisit : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private Chromium? _chromium;
    private ServerProcess? _server;

    private LabVisit() { }

    /// <summary>The page of the lab.</summary>
    public IPage Page { get; private set; } = null!;

    public LabPage Lab { get; private set; } = null!;

    public HomePage Home => new(Page);

    public ServerProcess Server => _server!;

    public static async Task<LabVisit> StartAsync(CancellationToken cancel)
    {
        var visit = new LabVisit();
        try
        {
            visit._chromium = await Chromium.StartAsync();
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
    public Task<IPage> OpenAsync(string path) => _chromium!.OpenAsync(new Uri(Server.Address, path));

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_chromium is not null) await _chromium.DisposeAsync();
        _data.Dispose();
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Houses.Devices;
using Tessera.Lab.Pages;
using Tessera.Terminal.Pages;

namespace Tessera.Lab.Houses.Page;

/// <summary>A house as a page of its own on 127.0.0.1, and the same for programs. Nothing that is typed is logged.</summary>
public sealed class HousePage : IAsyncDisposable
{
    private const string Assets = "Tessera.Lab.Houses.Page.Assets";

    private readonly House _house;
    private readonly Func<string> _card;
    private LocalPage _page = null!;

    private HousePage(House house, Func<string> card) => (_house, _card) = (house, card);

    public Uri Address => _page.Address;

    /// <inheritdoc cref="LocalPage.Token"/>
    public string Token => _page.Token;

    /// <param name="house">It stays the caller's.</param>
    /// <param name="card">Says which card is in the slot of its device; empty for none.</param>
    public static async Task<HousePage> StartAsync(
        House house, Func<string> card, LocalPageOptions options, CancellationToken cancel)
    {
        var page = new HousePage(house, card);
        var content = new LocalPageContent(typeof(HousePage).Assembly, Assets, "house")
        {
            TokenInAddress = ["/events"],
            Modules =
            [
                PageModules.Page, PageModules.Sound, $"{Assets}.telephone.js", $"{Assets}.device.js",
                $"{Assets}.line.js", $"{Assets}.spectrum.js",
            ],
            Json = HouseJson.Default,
        };
        page._page = await LocalPage.StartAsync(content, options, page.Map, cancel);
        return page;
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private HouseSight Sight => new(
        _house.Options.Number, _house.Options.Notes, _house.Telephone.State, DeviceState, _house.Socket.State);

    private DeviceState? DeviceState => _house.Device is { State: var state } ? state with { Card = _card() } : null;

    private void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/state", () => Results.Json(Sight, HouseJson.Default.HouseSight));
        app.MapGet("/events", (CancellationToken cancel) =>
            TypedResults.ServerSentEvents(ChangesAsync(cancel), "changed"));
        app.MapTelephone(_house.Telephone);
        app.MapSocket(_house.Socket);
        if (_house.Device is { } device) app.MapDevice(device);
    }

    private async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var (telephone, line, device) = (_house.Telephone.Number, _house.Socket.Number, _house.Device?.Number ?? 0);
            yield return (telephone + line + device).ToString(CultureInfo.InvariantCulture);
            using var first = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await await Task.WhenAny(
                _house.Telephone.ChangedAsync(telephone, first.Token), _house.Socket.ChangedAsync(line, first.Token),
                _house.Device?.ChangedAsync(device, first.Token) ?? Task.Delay(Timeout.Infinite, first.Token));
            await first.CancelAsync();
        }
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Pages;
using Tessera.Terminal.Pages;

namespace Tessera.Lab.Phones.Page;

/// <summary>
/// A phone as a page of its own on 127.0.0.1, and the same for programs. Nothing that is typed is logged.
/// </summary>
public sealed class PhonePage : IAsyncDisposable
{
    private readonly Handset _phone;
    private readonly ISimTray? _tray;
    private readonly PhoneSwitches _switches;
    private LocalPage _page = null!;

    private PhonePage(Handset phone, ISimTray? tray) =>
        (_phone, _tray, _switches) = (phone, tray, new PhoneSwitches(phone.Air, tray));

    public Uri Address => _page.Address;

    /// <inheritdoc cref="LocalPage.Token"/>
    public string Token => _page.Token;

    /// <param name="tray">
    /// The hand at the SIM's slot; null where there is none. It stays the caller's, as the phone.
    /// </param>
    public static async Task<PhonePage> StartAsync(
        Handset phone, ISimTray? tray, LocalPageOptions options, CancellationToken cancel)
    {
        var page = new PhonePage(phone, tray);
        var content = new LocalPageContent(typeof(PhonePage).Assembly, "Tessera.Lab.Phones.Page.Assets", "phone")
        {
            TokenInAddress = ["/events", "/log.txt"],
            Modules = [PageModules.Page, PageModules.Sound],
            Json = PhoneJson.Default,
        };
        page._page = await LocalPage.StartAsync(content, options, page.Map, cancel);
        return page;
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/state", () => Results.Json(
            new PhoneSight(_phone.State, _phone.Air?.Faults, _tray?.State, _phone.Log.Newest),
            PhoneJson.Default.PhoneSight));
        app.MapGet("/events", (CancellationToken cancel) =>
            TypedResults.ServerSentEvents(ChangesAsync(cancel), "changed"));
        app.MapGet("/log", (long? after) => Results.Json(
            _phone.Log.After(after ?? 0), PhoneJson.Default.IReadOnlyListLogEntry));
        app.MapGet("/log.txt", () => Results.File(
            Encoding.UTF8.GetBytes(LogText.Of(_phone.Log.After(0))), "text/plain; charset=utf-8", "phone-log.txt"));
        app.MapPost("/key", (PhoneKey key, CancellationToken cancel) => Enum.IsDefined(key)
            ? PageAnswer.AskAsync(() => _phone.PressAsync(key, cancel))
            : throw new BadHttpRequestException("There is no such key."));
        app.MapPost("/type", (TypeRequest request, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => _phone.TypeAsync(request.Text, cancel)));
        app.MapPost("/power", (bool on, CancellationToken cancel) => PageAnswer.AskAsync(() => _phone.PowerAsync(on, cancel)));
        app.MapPost("/send", (SendRequest request, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => _phone.SendAsync(request.To, request.Text, cancel)));
        app.MapPost("/menu", (int place, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => _phone.SelectAsync(place, cancel)));
        app.MapPost("/faults", (FaultRequest request, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => _switches.SetAsync(request, cancel)));
        app.MapCalls(_phone);
    }

    private async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var number = _phone.Number;
            yield return number.ToString(CultureInfo.InvariantCulture);
            await _phone.ChangedAsync(number, cancel);
        }
    }
}

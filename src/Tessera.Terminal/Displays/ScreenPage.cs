using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Terminal.Pages;

namespace Tessera.Terminal.Displays;

/// <summary>
/// The terminal's display and keypad as a page of its own on 127.0.0.1: what is typed there goes to this process and
/// nowhere else, and no request is logged.
/// </summary>
public sealed class ScreenPage : IAsyncDisposable
{
    private const int MaxEntry = 512;

    private readonly Screen _screen;
    private LocalPage _page = null!;

    private ScreenPage(Screen screen) => _screen = screen;

    public Uri Address => _page.Address;

    /// <inheritdoc cref="LocalPage.Token"/>
    public string Token => _page.Token;

    public static async Task<ScreenPage> StartAsync(Screen screen, LocalPageOptions options, CancellationToken cancel)
    {
        var page = new ScreenPage(screen);
        var content = new LocalPageContent(typeof(ScreenPage).Assembly, "Tessera.Terminal.Displays.Page", "screen")
        {
            MaxBody = MaxEntry,
            TokenInAddress = ["/events"],
        };
        page._page = await LocalPage.StartAsync(content, options, page.Map, cancel);
        return page;
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/state", () => Results.Json(ScreenState.Of(_screen), ScreenJson.Default.ScreenState));
        app.MapGet("/events", (CancellationToken cancel) => TypedResults.ServerSentEvents(ChangesAsync(cancel), "changed"));
        app.MapPost("/key", (long ask, Key key) => Press(ask, key));
        app.MapPost("/menu", PressMenu);
        app.MapPost("/ok", (long ask) => Answer(ask, new Acknowledged()));
        app.MapPost("/cancel", (long ask) => Answer(ask, new Cancelled()));
        app.MapPost("/choice", (long ask, int place) => Answer(ask, new Selected(place)));
        app.MapPost("/decision", (long ask, bool yes) => Answer(ask, new Decided(yes)));
        app.MapPost("/entry", async (long ask, HttpContext http) => Answer(ask, await ReadEntryAsync(http)));
    }

    /// <summary>409 where the screen has moved on: a second press of a key is not for the next question.</summary>
    private Results<NoContent, Conflict, BadRequest> Press(long ask, Key key)
    {
        if (_screen is not KeypadScreen keypad || !Enum.IsDefined(key)) return TypedResults.BadRequest();
        return keypad.TryPress(ask, key) ? TypedResults.NoContent() : TypedResults.Conflict();
    }

    /// <summary>409 where the entry is there no longer.</summary>
    private Results<NoContent, Conflict> PressMenu()
    {
        if (_screen.Menu is not { } menu || menu.Entry() is null) return TypedResults.Conflict();
        menu.Press();
        return TypedResults.NoContent();
    }

    /// <summary>409 where the screen has moved on, or the answer does not fit what is asked.</summary>
    private Results<NoContent, Conflict> Answer(long ask, ScreenAnswer answer) =>
        _screen is RichScreen rich && rich.TryAnswer(ask, answer) ? TypedResults.NoContent() : TypedResults.Conflict();

    private static async Task<Entry> ReadEntryAsync(HttpContext http)
    {
        var octets = new byte[MaxEntry];
        var characters = new char[MaxEntry];
        try
        {
            var length = await http.Request.Body.ReadAtLeastAsync(
                octets, MaxEntry, throwOnEndOfStream: false, http.RequestAborted);
            var count = Encoding.UTF8.GetChars(octets.AsSpan(0, length), characters);
            return new Entry(characters.AsSpan(0, count));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
            Array.Clear(characters);
        }
    }

    private async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var number = _screen.Number;
            yield return number.ToString(CultureInfo.InvariantCulture);
            await _screen.ChangedAsync(number, cancel);
        }
    }
}

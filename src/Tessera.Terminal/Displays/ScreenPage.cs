using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tessera.Terminal.Displays;

/// <summary>
/// The terminal's display and keypad as a page of its own on 127.0.0.1: what is typed there goes to this process and
/// nowhere else, and no request is logged.
/// </summary>
/// <remarks>
/// Every request must name this host (no rebinding of names), carry the random token that only this page has (no other
/// page can write), and come from this origin.
/// </remarks>
public sealed class ScreenPage : IAsyncDisposable
{
    private const string TokenHeader = "X-Tessera-Token";
    private const int MaxEntry = 512;

    private readonly Screen _screen;
    private readonly WebApplication _app;
    private readonly string _ancestors;

    private ScreenPage(Screen screen, WebApplication app, ScreenPageOptions options)
    {
        _screen = screen;
        _app = app;
        _ancestors = options.Ancestors.Count == 0 ? "'none'" : string.Join(' ', options.Ancestors);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What a program that drives the page sends as <c>X-Tessera-Token</c>.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public static async Task<ScreenPage> StartAsync(Screen screen, ScreenPageOptions options, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = MaxEntry;
            kestrel.AddServerHeader = false;
        });
        var page = new ScreenPage(screen, builder.Build(), options);
        page.Map();
        try
        {
            await page._app.StartAsync(cancel);
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }

        var addresses = page._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        page.Address = new Uri(addresses.Addresses.Single());
        return page;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.Use(GuardAsync);
        var html = Asset("screen.html").Replace("{token}", Token, StringComparison.Ordinal);
        _app.MapGet("/", () => Results.Text(html, "text/html"));
        _app.MapGet("/screen.css", () => Results.Text(Asset("screen.css"), "text/css"));
        _app.MapGet("/screen.js", () => Results.Text(Asset("screen.js"), "text/javascript"));
        _app.MapGet("/state", () => Results.Json(ScreenState.Of(_screen), ScreenJson.Default.ScreenState));
        _app.MapGet("/events", (CancellationToken cancel) => TypedResults.ServerSentEvents(ChangesAsync(cancel), "changed"));
        _app.MapPost("/key", (long ask, Key key) => Press(ask, key));
        _app.MapPost("/ok", (long ask) => Answer(ask, new Acknowledged()));
        _app.MapPost("/cancel", (long ask) => Answer(ask, new Cancelled()));
        _app.MapPost("/choice", (long ask, int place) => Answer(ask, new Selected(place)));
        _app.MapPost("/decision", (long ask, bool yes) => Answer(ask, new Decided(yes)));
        _app.MapPost("/entry", async (long ask, HttpContext http) => Answer(ask, await ReadEntryAsync(http)));
    }

    private async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + $"base-uri 'none'; form-action 'none'; frame-ancestors {_ancestors}";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (IsAllowed(http.Request)) await next(http);
        else http.Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    private bool IsAllowed(HttpRequest request)
    {
        if (request.Host != new HostString(Address.Host, Address.Port)) return false;
        var own = Address.GetLeftPart(UriPartial.Authority);
        if (request.Headers.Origin.Any(origin => !string.Equals(origin, own, StringComparison.Ordinal))) return false;
        if (request.Path.Value is "/" or "/screen.css" or "/screen.js") return true;

        var token = (request.Path == "/events" ? request.Query["token"] : request.Headers[TokenHeader]).ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token));
    }

    /// <summary>409 where the screen has moved on: a second press of a key is not for the next question.</summary>
    private Results<NoContent, Conflict, BadRequest> Press(long ask, Key key)
    {
        if (_screen is not KeypadScreen keypad || !Enum.IsDefined(key)) return TypedResults.BadRequest();
        return keypad.TryPress(ask, key) ? TypedResults.NoContent() : TypedResults.Conflict();
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

    private static string Asset(string name)
    {
        using var stream = typeof(ScreenPage).Assembly.GetManifestResourceStream($"Tessera.Terminal.Displays.Page.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

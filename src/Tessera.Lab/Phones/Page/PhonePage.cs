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

namespace Tessera.Lab.Phones.Page;

/// <summary>A phone as a page of its own on 127.0.0.1, and the same for programs.</summary>
/// <remarks>
/// Every request must name this host (no rebinding of names), carry the random token that only this page has (no other
/// page can write), and come from this origin. Nothing that is typed is logged.
/// </remarks>
public sealed class PhonePage : IAsyncDisposable
{
    private const string TokenHeader = "X-Tessera-Token";
    private const int MaxBody = 4096;

    private readonly Handset _phone;
    private readonly ISimTray? _tray;
    private readonly PhoneSwitches _switches;
    private readonly WebApplication _app;
    private readonly string _ancestors;

    private PhonePage(Handset phone, ISimTray? tray, WebApplication app, PhonePageOptions options)
    {
        (_phone, _tray, _app) = (phone, tray, app);
        _switches = new PhoneSwitches(phone.Air, tray);
        _ancestors = options.Ancestors.Count == 0 ? "'none'" : string.Join(' ', options.Ancestors);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What a program that drives the page sends as <c>X-Tessera-Token</c>.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <param name="tray">
    /// The hand at the SIM's slot; null where there is none. It stays the caller's, as the phone.
    /// </param>
    public static async Task<PhonePage> StartAsync(
        Handset phone, ISimTray? tray, PhonePageOptions options, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.AddServerHeader = false;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, PhoneJson.Default);
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        var page = new PhonePage(phone, tray, builder.Build(), options);
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
        var html = Asset("phone.html").Replace("{token}", Token, StringComparison.Ordinal);
        _app.MapGet("/", () => Results.Text(html, "text/html"));
        _app.MapGet("/phone.css", () => Results.Text(Asset("phone.css"), "text/css"));
        _app.MapGet("/phone.js", () => Results.Text(Asset("phone.js"), "text/javascript"));
        _app.MapGet("/state", () => Results.Json(
            new PhoneSight(_phone.State, _phone.Air?.Faults, _tray?.State, _phone.Log.Newest),
            PhoneJson.Default.PhoneSight));
        _app.MapGet("/events", (CancellationToken cancel) =>
            TypedResults.ServerSentEvents(ChangesAsync(cancel), "changed"));
        _app.MapGet("/log", (long? after) => Results.Json(
            _phone.Log.After(after ?? 0), PhoneJson.Default.IReadOnlyListLogEntry));
        _app.MapGet("/log.txt", () => Results.File(
            Encoding.UTF8.GetBytes(LogText.Of(_phone.Log.After(0))), "text/plain; charset=utf-8", "phone-log.txt"));
        _app.MapPost("/key", (PhoneKey key, CancellationToken cancel) => Enum.IsDefined(key)
            ? AskAsync(_phone.PressAsync(key, cancel))
            : throw new BadHttpRequestException("There is no such key."));
        _app.MapPost("/type", (TypeRequest request, CancellationToken cancel) =>
            AskAsync(_phone.TypeAsync(request.Text, cancel)));
        _app.MapPost("/power", (bool on, CancellationToken cancel) => AskAsync(_phone.PowerAsync(on, cancel)));
        _app.MapPost("/send", (SendRequest request, CancellationToken cancel) =>
            AskAsync(_phone.SendAsync(request.To, request.Text, cancel)));
        _app.MapPost("/menu", (int place, CancellationToken cancel) => AskAsync(_phone.SelectAsync(place, cancel)));
        _app.MapPost("/faults", (FaultRequest request, CancellationToken cancel) =>
            AskAsync(_switches.SetAsync(request, cancel)));
    }

    /// <summary>503 where the phone has more to do than it takes, 409 where the switch is not there now.</summary>
    private static async Task<Results<NoContent, StatusCodeHttpResult, Conflict<string>, BadRequest<string>>> AskAsync(
        Task asked)
    {
        try
        {
            await asked;
            return TypedResults.NoContent();
        }
        catch (PhoneBusyException)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        catch (InvalidOperationException e)
        {
            return TypedResults.Conflict(e.Message);
        }
        catch (ArgumentException e)
        {
            return TypedResults.BadRequest(e.Message);
        }
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
        if (request.Path.Value is "/" or "/phone.css" or "/phone.js") return true;

        var inAddress = request.Path.Value is "/events" or "/log.txt";
        var token = (inAddress ? request.Query["token"] : request.Headers[TokenHeader]).ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token));
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

    private static string Asset(string name)
    {
        var resource = $"Tessera.Lab.Phones.Page.Assets.{name}";
        using var stream = typeof(PhonePage).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

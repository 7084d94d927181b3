using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tessera.Terminal.Pages;

/// <summary>
/// A page of this process on 127.0.0.1: what is typed there goes to this process and nowhere else, and no request is
/// logged.
/// </summary>
/// <remarks>
/// Every request must name this host (no rebinding of names), carry the random token that only this page has (no other
/// page can write), and come from this origin.
/// </remarks>
public sealed class LocalPage : IAsyncDisposable
{
    private const string TokenHeader = "X-Tessera-Token";

    private readonly WebApplication _app;
    private readonly LocalPageContent _content;
    private readonly string _ancestors;

    /// <summary>What a browser gets before it has the token.</summary>
    private readonly string[] _open;

    private LocalPage(WebApplication app, LocalPageContent content, LocalPageOptions options)
    {
        (_app, _content) = (app, content);
        _open = ["/", $"/{content.Name}.css", $"/{content.Name}.js", .. content.Modules.Select(PathOf)];
        _ancestors = options.Ancestors.Count == 0 ? "'none'" : string.Join(' ', options.Ancestors);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What a program that drives the page sends as <c>X-Tessera-Token</c>.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <param name="map">Adds what the page asks for and does.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalPage> StartAsync(
        LocalPageContent content, LocalPageOptions options, Action<IEndpointRouteBuilder> map, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = content.MaxBody;
            kestrel.AddServerHeader = false;
        });
        if (content.Json is { } resolver)
        {
            builder.Services.ConfigureHttpJsonOptions(json =>
            {
                json.SerializerOptions.TypeInfoResolverChain.Insert(0, resolver);
                json.SerializerOptions.RespectNullableAnnotations = true;
            });
        }

        var page = new LocalPage(builder.Build(), content, options);
        page.MapContent();
        map(page._app);
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

    private void MapContent()
    {
        _app.Use(GuardAsync);
        var (html, css, script) = (_content.Read("html"), _content.Read("css"), _content.Read("js"));
        html = html.Replace("{token}", Token, StringComparison.Ordinal);
        _app.MapGet(_open[0], () => Results.Text(html, "text/html"));
        _app.MapGet(_open[1], () => Results.Text(css, "text/css"));
        _app.MapGet(_open[2], () => Results.Text(script, "text/javascript"));
        foreach (var module in _content.Modules)
        {
            var text = _content.ReadResource(module);
            _app.MapGet(PathOf(module), () => Results.Text(text, "text/javascript"));
        }
    }

    /// <summary>The last two parts of the name of a resource: <c>Folder.sound.js</c> is <c>/sound.js</c>.</summary>
    private static string PathOf(string module) => $"/{string.Join('.', module.Split('.')[^2..])}";

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
        if (_open.Contains(request.Path.Value, StringComparer.Ordinal)) return true;

        var inAddress = _content.TokenInAddress.Contains(request.Path.Value, StringComparer.Ordinal);
        var token = (inAddress ? request.Query["token"] : request.Headers[TokenHeader]).ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token));
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Components.Pages;
using Tessera.Server.Components.Parts;
using Tessera.Server.Hosting;
using Tessera.Server.Links;

namespace Tessera.Server.Browsers;

/// <summary>The pages of the applications: open, see, answer, and be told when something changed.</summary>
internal static class ApplicationEndpoints
{
    private static readonly TimeSpan CookieAge = TimeSpan.FromDays(30);

    public static void MapApplications(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in (string[])["/app", "/app/{name}"])
        {
            routes.MapGet(prefix, Show);
            routes.MapGet($"{prefix}/part", ShowPart);
            routes.MapGet($"{prefix}/events", Events);
            routes.MapPost($"{prefix}/answer", Answer);
        }

        routes.MapGet("/open", (IAntiforgery forgery, HttpContext http) => Open(forgery, http, null, null, embedded: false));
        routes.MapPost("/open", Confirm);
    }

    private static Results<RazorComponentResult<Application>, NotFound> Show(
        string? name, bool? embedded, ApplicationCatalogue catalogue, TerminalDesks desks, Pairing pairing,
        IAntiforgery forgery, HttpContext http)
    {
        var application = name is null ? null : catalogue.Find(name);
        if (name is not null && application is null) return TypedResults.NotFound();
        var tokens = forgery.GetAndStoreTokens(http);
        var desk = DeskOf(http, desks, pairing);
        desk?.Open(name);
        return new RazorComponentResult<Application>(new
        {
            Address = AddressOf(application),
            Title = TitleOf(application),
            Name = name ?? "",
            TokenName = tokens.FormFieldName,
            TokenValue = tokens.RequestToken!,
            Part = desk is null ? null : PartOf(desk, application),
            Embedded = embedded ?? false,
        });
    }

    private static Results<RazorComponentResult<PageForm>, NotFound> ShowPart(
        string? name, ApplicationCatalogue catalogue, TerminalDesks desks, Pairing pairing, IAntiforgery forgery,
        HttpContext http)
    {
        if (DeskOf(http, desks, pairing) is not { } desk) return TypedResults.NotFound();
        var tokens = forgery.GetAndStoreTokens(http);
        var application = name is null ? null : catalogue.Find(name);
        desk.Find(application?.Name);
        return new RazorComponentResult<PageForm>(new
        {
            Part = PartOf(desk, application),
            Action = $"{AddressOf(application)}/answer",
            TokenName = tokens.FormFieldName,
            TokenValue = tokens.RequestToken!,
        });
    }

    private static Results<ServerSentEventsResult<string>, NotFound> Events(
        TerminalDesks desks, Pairing pairing, IHostApplicationLifetime life, HttpContext http) =>
        DeskOf(http, desks, pairing) is { } desk
            ? TypedResults.ServerSentEvents(Changes(desk.Page, life.ApplicationStopping), "changed")
            : TypedResults.NotFound();

    private static async IAsyncEnumerable<string> Changes(
        BrowserPage page, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var count = 0; ; count++)
        {
            var seen = page.Sight;
            yield return count.ToString(CultureInfo.InvariantCulture);
            await page.ChangedAsync(seen, cancel);
        }
    }

    private static Results<RedirectHttpResult, NotFound> Answer(
        string? name, [FromForm] string ticket, [FromForm] string? act, [FromForm] int? choice, [FromForm] string? text,
        ApplicationCatalogue catalogue, TerminalDesks desks, Pairing pairing, HttpContext http)
    {
        if (DeskOf(http, desks, pairing) is not { } desk) return TypedResults.NotFound();
        PageAnswer answer = act switch
        {
            "cancel" => new Cancelled(),
            "enter" => new Typed(text ?? ""),
            _ => choice is { } place ? new Chosen(place) : new Continued(),
        };
        if (act is "leave") desk.TryLeave(ticket);
        else desk.Page.TryAnswer(ticket, answer);
        return TypedResults.Redirect(AddressOf(name is null ? null : catalogue.Find(name)));
    }

    private static Results<RedirectHttpResult, RazorComponentResult<Application>> Confirm(
        [FromForm] string code, [FromForm] string? app, [FromForm] string? embedded, ApplicationCatalogue catalogue,
        Pairing pairing, TerminalDesks desks, TerminalWatch watch, IAntiforgery forgery, HttpContext http)
    {
        var isEmbedded = embedded is "1";
        var application = app is null ? null : catalogue.Find(app);
        var result = pairing.Confirm(code);
        if (result.Token is null) return Open(forgery, http, application, result.Refusal, isEmbedded);

        desks.Of(result.Terminal).Open(application?.Name);
        watch.Taken(result.Terminal);
        http.Response.Cookies.Append(CookieOf(http), result.Token, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, Path = "/app", MaxAge = CookieAge,
        });
        return TypedResults.Redirect($"{AddressOf(application)}{(isEmbedded ? "?embedded=true" : "")}");
    }

    private static RazorComponentResult<Application> Open(
        IAntiforgery forgery, HttpContext http, ICardApplication? application, string? refusal, bool embedded)
    {
        var tokens = forgery.GetAndStoreTokens(http);
        return new RazorComponentResult<Application>(new
        {
            Address = AddressOf(application),
            Title = "Connect",
            Name = application?.Name ?? "",
            TokenName = tokens.FormFieldName,
            TokenValue = tokens.RequestToken!,
            Refusal = refusal,
            Embedded = embedded,
        });
    }

    private static string AddressOf(ICardApplication? application) => application is null ? "/app" : $"/app/{application.Name}";

    private static string TitleOf(ICardApplication? application) => application?.Title ?? "Your card";

    private static PagePart PartOf(TerminalDesk desk, ICardApplication? here) =>
        new(desk.Page.Sight, here, desk.Running, desk.Offered);

    private static TerminalDesk? DeskOf(HttpContext http, TerminalDesks desks, Pairing pairing) =>
        pairing.TerminalOf(http.Request.Cookies[CookieOf(http)]) is { } terminal ? desks.Of(terminal) : null;

    /// <summary>Cookies know no ports: another server on this machine must not get or change this one's.</summary>
    private static string CookieOf(HttpContext http) =>
        string.Create(CultureInfo.InvariantCulture, $"tessera-browser-{http.Connection.LocalPort}");
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tessera.Lab;
using Tessera.Server.Components.Parts;
using Tessera.Server.Hosting;
using Tessera.Server.ShortMessages;

namespace Tessera.Server.Browsers;

/// <summary>The lab's page: terminals in frames, and the hand that moves the card.</summary>
internal static class LabEndpoints
{
    /// <summary>Nothing where there is no lab: short messages are then nobody's to look at.</summary>
    public static void MapLab(this IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<ServerOptions>().Lab) return;
        routes.MapGet("/lab", Show);
        routes.MapGet("/lab/controls", Controls);
        routes.MapGet("/lab/events", (LabService lab, IHostApplicationLifetime life) =>
            LiveEvents.Of(lab.ChangedAsync, life));
        routes.MapGet("/lab/road", (RoadLog road) => new RazorComponentResult<ShortMessageTable>(new { road.State }));
        routes.MapGet("/lab/road/events", (RoadLog road, IHostApplicationLifetime life) =>
            LiveEvents.Of(road.ChangedAsync, life));
        routes.MapGet("/lab/log", (DialogueLog log) =>
            new RazorComponentResult<Components.Pages.LabLog>(new { log.Entries }));
        routes.MapGet("/lab/log/part", (DialogueLog log) => new RazorComponentResult<DialogueTable>(new { log.Entries }));
        routes.MapGet("/lab/log/events", (DialogueLog log, IHostApplicationLifetime life) =>
            LiveEvents.Of(log.ChangedAsync, life));
        routes.MapPost("/lab/card", MoveAsync);
    }

    private static Results<RazorComponentResult<Components.Pages.Lab>, NotFound> Show(
        LabService lab, RoadLog road, IAntiforgery forgery, HttpContext http)
    {
        if (lab.World is not { } world) return TypedResults.NotFound();
        var parameters = Parameters(world, forgery, http);
        parameters[nameof(Components.Pages.Lab.Road)] = road.State;
        return new RazorComponentResult<Components.Pages.Lab>(parameters);
    }

    private static Results<RazorComponentResult<LabControls>, NotFound> Controls(
        LabService lab, IAntiforgery forgery, HttpContext http)
    {
        if (lab.World is not { } world) return TypedResults.NotFound();
        return new RazorComponentResult<LabControls>(Parameters(world, forgery, http));
    }

    private static async Task<Results<RedirectHttpResult, NotFound, BadRequest<string>>> MoveAsync(
        [FromForm] string card, [FromForm] string? place, [FromForm] string? cut, LabService lab, CancellationToken cancel)
    {
        if (lab.World is not { } world) return TypedResults.NotFound();
        try
        {
            if (cut is null) await lab.MoveAsync(card, place, cancel);
            else await world.CutPowerAsync(card, writes: 0, cancel);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return TypedResults.BadRequest(e.Message);
        }

        return TypedResults.Redirect("/lab");
    }

    private static Dictionary<string, object?> Parameters(LabWorld world, IAntiforgery forgery, HttpContext http)
    {
        var tokens = forgery.GetAndStoreTokens(http);
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LabControls.State)] = world.State,
            [nameof(LabControls.TokenName)] = tokens.FormFieldName,
            [nameof(LabControls.TokenValue)] = tokens.RequestToken,
        };
    }
}

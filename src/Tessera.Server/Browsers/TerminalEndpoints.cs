using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tessera.Server.Components.Pages;
using Tessera.Server.Components.Parts;
using Tessera.Server.Links;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Browsers;

/// <summary>The page of the terminals: who may connect, and a code for another one.</summary>
internal static class TerminalEndpoints
{
    private const string Path = "/terminals";

    public static void MapTerminalPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (TerminalAdmission admission, LinkAddress links, IAntiforgery forgery, HttpContext http) =>
            Show(admission, links, forgery, http, code: null, refusal: null));
        routes.MapGet($"{Path}/part", (TerminalAdmission admission, IAntiforgery forgery, HttpContext http) =>
            new RazorComponentResult<TerminalTable>(Parameters(admission, forgery, http)));
        routes.MapGet($"{Path}/events", (TerminalAdmission admission, IHostApplicationLifetime life) =>
            LiveEvents.Of(admission.Changed.WaitAsync, life));
        routes.MapPost($"{Path}/code", MakeCodeAsync);
        routes.MapPost($"{Path}/change", Change);
    }

    /// <summary>The code is in this answer alone; a page that is loaded again does not show it.</summary>
    private static async Task<Results<RazorComponentResult<Terminals>, BadRequest>> MakeCodeAsync(
        TerminalAdmission admission, LinkAddress links, IAntiforgery forgery, HttpContext http)
    {
        // The form has no field that would have it checked.
        if (!await forgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        try
        {
            return Show(admission, links, forgery, http, admission.NewCode(), refusal: null);
        }
        catch (InvalidOperationException full)
        {
            return Show(admission, links, forgery, http, code: null, full.Message);
        }
    }

    private static Results<RedirectHttpResult, BadRequest<string>> Change(
        [FromForm] string terminal, [FromForm] string? name, [FromForm] string? withdraw, TerminalAdmission admission)
    {
        try
        {
            if (withdraw is not null) admission.Withdraw(terminal);
            else admission.Rename(terminal, name ?? "");
            return TypedResults.Redirect(Path);
        }
        catch (ArgumentException e)
        {
            return TypedResults.BadRequest(e.Message);
        }
    }

    private static RazorComponentResult<Terminals> Show(
        TerminalAdmission admission, LinkAddress links, IAntiforgery forgery, HttpContext http, EnrolmentCode? code,
        string? refusal)
    {
        var parameters = Parameters(admission, forgery, http);
        parameters[nameof(Terminals.Code)] = code;
        parameters[nameof(Terminals.Refusal)] = refusal;
        parameters[nameof(Terminals.Address)] = links.Stream ?? links.Value;
        return new RazorComponentResult<Terminals>(parameters);
    }

    private static Dictionary<string, object?> Parameters(
        TerminalAdmission admission, IAntiforgery forgery, HttpContext http)
    {
        var tokens = forgery.GetAndStoreTokens(http);
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(TerminalTable.All)] = admission.All,
            [nameof(TerminalTable.TokenName)] = tokens.FormFieldName,
            [nameof(TerminalTable.TokenValue)] = tokens.RequestToken,
        };
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Browsers;
using Tessera.Server.Hosting;
using Tessera.Server.Links;

namespace Tessera.Server.Api;

/// <summary>A session as its page shows it, for programs: pair with a terminal, see, wait, answer.</summary>
internal static class SessionApi
{
    private const string Header = "X-Tessera-Browser";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void MapSessionApi(this RouteGroupBuilder api)
    {
        api.MapPost("/pair", Pair).WithSummary(
            "Gives a browser the terminal that shows the code; its token goes into X-Tessera-Browser");
        api.MapGet("/session", SeeAsync).WithSummary("What the page shows; with `seen`, waits up to 30 s for something else");
        api.MapPost("/session/answer", Answer).WithSummary("Answers what the page asks, under its ticket");
    }

    private static Results<Ok<Paired>, ProblemHttpResult> Pair(
        PairRequest request, Pairing pairing, TerminalDesks desks, ApplicationCatalogue catalogue, TerminalWatch watch)
    {
        var application = request.Application is { } name ? catalogue.Find(name) : null;
        if (application is null && request.Application is not null)
            return TypedResults.Problem("There is no such application.", statusCode: StatusCodes.Status400BadRequest);
        var result = pairing.Confirm(request.Code);
        if (result.Token is null) return TypedResults.Problem(result.Refusal, statusCode: StatusCodes.Status403Forbidden);
        desks.Of(result.Terminal).Open(application?.Name);
        watch.Taken(result.Terminal);
        return TypedResults.Ok(new Paired(result.Token, result.Terminal.ToString()));
    }

    private static async Task<Results<Ok<SightState>, UnauthorizedHttpResult>> SeeAsync(
        [FromHeader(Name = Header)] string? browser, long? seen, TerminalDesks desks, Pairing pairing, TimeProvider time,
        IHostApplicationLifetime life, CancellationToken cancel)
    {
        if (pairing.TerminalOf(browser) is not { } terminal) return TypedResults.Unauthorized();
        var page = desks.Of(terminal).Page;
        var sight = page.Sight;
        if (seen != sight.Number) return TypedResults.Ok(SightState.Of(sight));

        using var late = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel, life.ApplicationStopping);
        try
        {
            await page.ChangedAsync(sight, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TypedResults.Ok(SightState.Of(sight));
        }

        return TypedResults.Ok(SightState.Of(page.Sight));
    }

    private static Results<NoContent, UnauthorizedHttpResult, Conflict<string>> Answer(
        [FromHeader(Name = Header)] string? browser, AnswerRequest request, TerminalDesks desks, Pairing pairing)
    {
        if (pairing.TerminalOf(browser) is not { } terminal) return TypedResults.Unauthorized();
        var desk = desks.Of(terminal);
        PageAnswer answer = request switch
        {
            { Cancel: true } => new Cancelled(),
            { Choice: { } place } => new Chosen(place),
            { Text: { } text } => new Typed(text),
            _ => new Continued(),
        };
        return (request.Leave ? desk.TryLeave(request.Ticket) : desk.Page.TryAnswer(request.Ticket, answer))
            ? TypedResults.NoContent()
            : TypedResults.Conflict("The page has moved on: look again.");
    }
}

/// <summary>The digits a terminal shows.</summary>
/// <param name="Application">What the card opens at once; null to be asked.</param>
internal sealed record PairRequest(string Code, string? Application = null);

/// <summary>A browser and its terminal.</summary>
internal sealed record Paired(string Token, string Terminal);

/// <summary>What the holder does: one of choice (from 0), text, cancel, leave; none of them goes on.</summary>
/// <param name="Leave">Away from the application, to the list of all.</param>
internal sealed record AnswerRequest(
    string Ticket, int? Choice = null, string? Text = null, bool Cancel = false, bool Leave = false);

/// <summary>What a page shows.</summary>
/// <param name="Number">Another one is another sight.</param>
/// <param name="Kind"><c>note choice text amount</c> want an answer under the ticket; <c>status</c> wants none.</param>
/// <param name="Missing">What is missing at the terminal; null for nothing.</param>
internal sealed record SightState(
    long Number, string Kind, string Ticket, string Title, IReadOnlyList<string> Text, IReadOnlyList<string> Choices,
    string? State, string? Missing)
{
    private const int Columns = 100;

    public static SightState Of(PageSight sight) => sight.Request is { } request
        ? new SightState(
            sight.Number, KindOf(request), sight.Ticket, request.View.Title, Lines(request.View),
            request is ChoicePage choice ? choice.Choices : [], null, sight.Notice)
        : new SightState(
            sight.Number, "status", "", "", [sight.Status?.Text ?? ""], [], sight.Status?.State.ToString(), sight.Notice);

    private static string KindOf(PageRequest request) => request switch
    {
        NotePage => "note",
        ChoicePage => "choice",
        TextPage => "text",
        AmountPage => "amount",
        _ => throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture, $"{request.GetType().Name} has no name here."), nameof(request)),
    };

    private static IReadOnlyList<string> Lines(View view) => [.. TextRendering.Lines(view, Columns)];
}

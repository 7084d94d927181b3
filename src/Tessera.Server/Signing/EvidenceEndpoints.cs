using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Browsers;
using Tessera.Server.Components.Pages;

namespace Tessera.Server.Signing;

/// <summary>Pages and API of what cards have signed.</summary>
internal static class EvidenceEndpoints
{
    private const string Json = "application/json";
    private const int MaxTitle = 60;

    public static void MapEvidence(this RouteGroupBuilder pages)
    {
        pages.MapGet("/evidence", async (string? before, EvidenceReader evidence, CancellationToken cancel) =>
        {
            var behind = EvidenceReader.IdOf(before);
            var lines = await evidence.ReadAsync(behind, cancel);
            return new RazorComponentResult<EvidenceList>(new { Lines = lines, Before = behind?.ToString() });
        });
        pages.MapGet("/evidence/{id}", async Task<Results<RazorComponentResult<EvidenceOne>, NotFound>> (
            string id, EvidenceReader evidence, CancellationToken cancel) =>
            await evidence.FindAsync(id, cancel) is { } one
                ? new RazorComponentResult<EvidenceOne>(new { Evidence = one })
                : TypedResults.NotFound());
        pages.MapGet("/evidence/{id}/file", FileAsync);
    }

    public static void MapEvidenceApi(this RouteGroupBuilder api)
    {
        api.MapGet("/evidence", (string? before, EvidenceReader evidence, CancellationToken cancel) =>
            evidence.ReadAsync(EvidenceReader.IdOf(before), cancel))
            .WithSummary("What cards have signed, the newest first");
        api.MapGet("/evidence/{id}", FileAsync)
            .WithSummary("A file of evidence, octet for octet, for `tessera evidence verify`");
        api.MapPost("/terminals/{terminal}/signatures", OrderAsync)
            .WithSummary("Has the next card that comes into a terminal sign a document, and waits for it");
        api.MapPost("/terminals/{terminal}/card/disable", DisableAsync)
            .WithSummary("Disables the card whose session runs at a terminal: in the books, on the card, and the session ends");
        api.MapGet("/terminals/{terminal}/signatures", WaitingAt)
            .WithSummary("The title of the document that waits at a terminal for a card to sign it");
    }

    private static async Task<Results<Ok<OrderedSignature>, NotFound, Conflict<string>, ProblemHttpResult>> OrderAsync(
        string terminal, SignatureRequest request, TerminalDesks desks, SigningDesk signing, CancellationToken cancel)
    {
        if (DeskOf(terminal, desks) is not { } desk) return TypedResults.NotFound();
        if (request is not { Title.Length: > 0 and <= MaxTitle, Text.Length: <= View.MaxText })
            return TypedResults.Problem(
                $"A document has a title of at most {MaxTitle} characters and a text of at most {View.MaxText}.",
                statusCode: StatusCodes.Status400BadRequest);
        var document = View.Titled(request.Title).Text(request.Text);
        if (SessionHost.FaultOf(document) is { } fault)
            return TypedResults.Problem(fault, statusCode: StatusCodes.Status400BadRequest);
        return await signing.OrderAsync(desk.Terminal, document, cancel) is { } outcome
            ? TypedResults.Ok(new OrderedSignature(outcome.Transaction?.Evidence, outcome.Transaction?.Signer, outcome.Words))
            : TypedResults.Conflict("Another document waits at that terminal.");
    }

    private static async Task<Results<Ok<DisabledCard>, NotFound, Conflict<string>>> DisableAsync(
        string terminal, TerminalDesks desks, SessionHost host, CancellationToken cancel) =>
        DeskOf(terminal, desks) is not { } desk || await host.DisableAtAsync(desk.Terminal, cancel) is not var (card, refusal)
            ? TypedResults.NotFound()
            : refusal is null
                ? TypedResults.Ok(new DisabledCard(card?.ToString()))
                : TypedResults.Conflict(refusal.Detail);

    private static Results<Ok<string>, NotFound> WaitingAt(string terminal, TerminalDesks desks, SigningDesk signing) =>
        DeskOf(terminal, desks) is { } desk && signing.WaitingAt(desk.Terminal) is { } document
            ? TypedResults.Ok(document.Title)
            : TypedResults.NotFound();

    private static TerminalDesk? DeskOf(string terminal, TerminalDesks desks) => desks.All.FirstOrDefault(
        one => string.Equals(one.Terminal.ToString(), terminal, StringComparison.OrdinalIgnoreCase));

    private static async Task<Results<FileContentHttpResult, NotFound>> FileAsync(
        string id, EvidenceReader evidence, CancellationToken cancel) =>
        await evidence.FileAsync(id, cancel) is { } file
            ? TypedResults.File(file.ToArray(), Json, $"evidence-{id}.json")
            : TypedResults.NotFound();
}

/// <summary>A document to be signed.</summary>
/// <param name="Title">1 to 60 characters.</param>
internal sealed record SignatureRequest(string Title, string Text);

/// <summary>A card that was taken out of use.</summary>
/// <param name="Card">Null where it has yet to say which it is: what it said and did until then is thrown away.</param>
internal sealed record DisabledCard(string? Card);

/// <summary>What became of it.</summary>
/// <param name="Evidence">The id of the evidence; null where nothing was signed.</param>
/// <param name="Reason">Why not; empty where it was.</param>
internal sealed record OrderedSignature(string? Evidence, string? Signer, string Reason);

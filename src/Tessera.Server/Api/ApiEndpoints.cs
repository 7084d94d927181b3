using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Lab;
using Tessera.Server.Books;
using Tessera.Server.Hosting;
using Tessera.Server.Links;
using Tessera.Server.ShortMessages;
using Tessera.Server.Signing;
using Tessera.Storage.Objects;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Api;

/// <summary>The HTTP API: what the pages do, for programs; described by OpenAPI at /openapi/v1.json.</summary>
internal static class ApiEndpoints
{
    public static void MapApi(this WebApplication app, ServerOptions options)
    {
        var api = app.MapGroup("/api").AddEndpointFilter<SameOrigin>();
        api.MapGet("/applications", (ApplicationCatalogue catalogue) =>
            catalogue.All.Select(application => new ApplicationState(application.Name, application.Title)).ToArray())
            .WithSummary("The card applications of this server");
        api.MapTerminals();
        api.MapGet("/ledger", (BookReader books, CancellationToken cancel) => books.ReadAsync(cancel))
            .WithSummary("The books and the proof that they hold");
        api.MapGet("/changes", (string? before, ChangeReader changes, CancellationToken cancel) =>
            changes.ReadAsync(ChangeReader.Behind(before), cancel))
            .WithSummary("What was changed on cards, the newest first, and how far it has come on its way to the others");
        api.MapGet("/objects/keys", (ObjectKeyFolder keys) =>
            keys.Keys.Select(key => new ObjectKeyState(key.Number, key.Name, key.PublicKey)).ToArray())
            .WithSummary("The public keys that tickets, coupons and receipts are checked with; the last one signs now");
        api.MapEvidenceApi();
        api.MapClearingApi();
        api.MapSessionApi();
        if (options.Lab) api.MapLabApi();
    }

    private static void MapLabApi(this RouteGroupBuilder api)
    {
        api.MapGet("/link", Link).WithSummary("Where a terminal connects, and the key it must find there");
        api.MapPost("/terminals", Enrol).WithSummary("Makes a terminal known by the SHA-256 of its public key");
        api.MapGet("/lab", State).WithSummary("Terminals and cards of the lab");
        api.MapGet("/lab/road", (RoadLog road) => road.State)
            .WithSummary("The short messages of each session, every part counted, and what happened to them");
        api.MapGet("/lab/log", (DialogueLog log) => log.Entries)
            .WithSummary("The newest of all that went over the short message road, from APDU to PDU, in order of time");
        api.MapPost(
            "/lab/cards/{card}/insert",
            (string card, InsertRequest request, LabService lab, CancellationToken cancel) =>
                MoveAsync(lab, card, request.Place, cancel)).WithSummary("Puts a card into a terminal");
        api.MapPost("/lab/cards/{card}/pull", (string card, LabService lab, CancellationToken cancel) =>
            MoveAsync(lab, card, null, cancel)).WithSummary("Pulls a card, whatever it is doing");
        api.MapPost("/lab/cards/{card}/cut", CutAsync).WithSummary("Cuts the power of a card after some writes of its memory");
    }

    private static Results<Ok<LinkState>, NotFound> Link(LinkAddress address, DataFolder folder) => address.Value is { } link
        ? TypedResults.Ok(new LinkState(
            link.ToString(), PeerIdentity.Of(folder.Certificate).ToString(), address.Stream?.OriginalString))
        : TypedResults.NotFound();

    private static Results<NoContent, ProblemHttpResult> Enrol(EnrolRequest request, DataFolder folder)
    {
        try
        {
            folder.Terminals.Add(PeerIdentity.Parse(request.Pin), request.Name);
            return TypedResults.NoContent();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return Problem(e);
        }
    }

    private static Results<Ok<LabState>, NotFound> State(LabService lab) =>
        lab.World is { } world ? TypedResults.Ok(world.State) : TypedResults.NotFound();

    private static async Task<Results<Ok<LabState>, NotFound, ProblemHttpResult>> MoveAsync(
        LabService lab, string card, string? place, CancellationToken cancel)
    {
        if (lab.World is not { } world) return TypedResults.NotFound();
        try
        {
            await lab.MoveAsync(card, place, cancel);
            return TypedResults.Ok(world.State);
        }
        catch (ArgumentException e)
        {
            return Problem(e);
        }
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> CutAsync(
        string card, [Description("Writes that still happen")] int writes, LabService lab, CancellationToken cancel)
    {
        if (lab.World is not { } world) return TypedResults.NotFound();
        try
        {
            await world.CutPowerAsync(card, writes, cancel);
            return TypedResults.NoContent();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return Problem(e);
        }
    }

    private static ProblemHttpResult Problem(Exception reason) =>
        TypedResults.Problem(reason.Message, statusCode: StatusCodes.Status400BadRequest);
}

/// <summary>An application that can be opened.</summary>
internal sealed record ApplicationState(string Name, string Title);

/// <summary>A key of signed objects.</summary>
/// <param name="Name">As objects name it.</param>
/// <param name="PublicKey">PEM.</param>
internal sealed record ObjectKeyState(int Number, string Name, string PublicKey);

/// <summary>Where terminals connect.</summary>
/// <param name="Address">By WebSocket.</param>
/// <param name="Pin">SHA-256 of the server's SubjectPublicKeyInfo, 64 hexadecimal digits.</param>
/// <param name="Stream">In a plain TLS stream; null where the server takes none.</param>
internal sealed record LinkState(string Address, string Pin, string? Stream);

/// <summary>A terminal to be made known.</summary>
/// <param name="Pin">SHA-256 of its SubjectPublicKeyInfo, 64 hexadecimal digits.</param>
internal sealed record EnrolRequest(string Pin, string Name);

/// <summary>Where a card goes.</summary>
/// <param name="Place">Name of a terminal of the lab.</param>
internal sealed record InsertRequest(string Place);

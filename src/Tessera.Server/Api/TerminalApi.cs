using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Server.Links;

namespace Tessera.Server.Api;

/// <summary>The terminals for programs: who may connect, and how another one comes to.</summary>
internal static class TerminalApi
{
    public static void MapTerminals(this RouteGroupBuilder api)
    {
        api.MapGet("/terminals", (TerminalAdmission admission) => admission.All)
            .WithSummary("The terminals that may connect, and others seen since the server started");
        api.MapPost("/terminals/codes", MakeCode)
            .WithSummary("Makes a one-time code that a terminal is taken in by (tessera terminal run --enrol)");
        api.MapPut("/terminals/{terminal}", Rename).WithSummary("Gives a terminal another name");
        api.MapDelete("/terminals/{terminal}", (string terminal, TerminalAdmission admission) =>
            Found(admission.Withdraw(terminal)))
            .WithSummary("Withdraws a terminal: its connection ends, and it is refused from now on");
    }

    private static Results<Ok<CodeState>, ProblemHttpResult> MakeCode(TerminalAdmission admission)
    {
        try
        {
            var code = admission.NewCode();
            return TypedResults.Ok(new CodeState(code.Digits, code.Until));
        }
        catch (InvalidOperationException full)
        {
            return TypedResults.Problem(full.Message, statusCode: StatusCodes.Status429TooManyRequests);
        }
    }

    private static Results<NoContent, NotFound, ProblemHttpResult> Rename(
        string terminal, RenameRequest request, TerminalAdmission admission)
    {
        try
        {
            return admission.Rename(terminal, request.Name) ? TypedResults.NoContent() : TypedResults.NotFound();
        }
        catch (ArgumentException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static Results<NoContent, NotFound> Found(bool found) =>
        found ? TypedResults.NoContent() : TypedResults.NotFound();
}

/// <summary>A code, told once.</summary>
/// <param name="Code">25 digits in groups of five.</param>
internal sealed record CodeState(string Code, DateTimeOffset Until)
{
    public override string ToString() => nameof(CodeState);
}

/// <summary>Another name for a terminal.</summary>
internal sealed record RenameRequest(string Name);

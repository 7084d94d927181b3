using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tessera.Lab.Phones;

namespace Tessera.Lab.Pages;

/// <summary>What a page or a program is told of something that it asked for.</summary>
internal static class PageAnswer
{
    /// <summary>503 where there is more to do than is taken, 409 where it cannot be done now, 400 where never.</summary>
    public static async Task<Results<NoContent, StatusCodeHttpResult, Conflict<string>, BadRequest<string>>> AskAsync(
        Func<Task> ask)
    {
        try
        {
            await ask();
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

    /// <inheritdoc cref="AskAsync"/>
    public static Task<Results<NoContent, StatusCodeHttpResult, Conflict<string>, BadRequest<string>>> Ask(Action ask) =>
        AskAsync(() =>
        {
            ask();
            return Task.CompletedTask;
        });
}

namespace Tessera.Server.Api;

/// <summary>
/// Programs may call the API, and pages of this server; pages from elsewhere may not, in whatever browser they run.
/// </summary>
internal sealed class SameOrigin : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var own = $"{request.Scheme}://{request.Host}";
        return request.Headers.Origin.All(origin => string.Equals(origin, own, StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Problem("Another origin.", statusCode: StatusCodes.Status403Forbidden));
    }
}

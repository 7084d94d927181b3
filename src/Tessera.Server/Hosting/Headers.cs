namespace Tessera.Server.Hosting;

/// <summary>
/// What every page says to the browser: nothing from elsewhere, and frames only of terminals on this machine.
/// </summary>
internal static class Headers
{
    public static Task AddAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-src 'self' http://127.0.0.1:*; img-src 'self' data:; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        return next(http);
    }
}

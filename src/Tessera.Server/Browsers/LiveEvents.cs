using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tessera.Server.Browsers;

/// <summary>Tells a page at once, and each time something changed, that a part of it is to be fetched again.</summary>
internal static class LiveEvents
{
    public static ServerSentEventsResult<string> Of(
        Func<CancellationToken, Task> changed, IHostApplicationLifetime life) =>
        TypedResults.ServerSentEvents(CountAsync(changed, life.ApplicationStopping), "changed");

    private static async IAsyncEnumerable<string> CountAsync(
        Func<CancellationToken, Task> changed, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var count = 0; ; count++)
        {
            var next = changed(cancel);
            yield return count.ToString(CultureInfo.InvariantCulture);
            await next;
        }
    }
}

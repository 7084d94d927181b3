using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Pages;

namespace Tessera.Lab.Phones.Page;

/// <summary>The phone as a telephone, for its page and for programs: it dials, hangs up and is listened to.</summary>
internal static class CallRoutes
{
    public static void MapCalls(this IEndpointRouteBuilder app, Handset phone)
    {
        app.MapPost("/dial", (string number, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => phone.DialAsync(number, cancel)));
        app.MapPost("/hangup", (CancellationToken cancel) => PageAnswer.AskAsync(() => phone.HangUpAsync(cancel)));
        app.MapPost("/press", (string keys, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => phone.PressAsync(keys, cancel)));
        app.MapPost("/hide-number", (bool hidden, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => phone.HideNumberAsync(hidden, cancel)));
        app.MapPost("/in-band-keys", (bool on, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => phone.KeysInBandAsync(on, cancel)));
        app.MapGet("/sound", (HttpContext http) => SoundStream.SendAsync(http, 1, phone.Earpiece.ListenAsync));
    }
}

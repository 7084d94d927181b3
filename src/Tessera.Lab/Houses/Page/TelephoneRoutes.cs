using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Houses.Telephones;
using Tessera.Lab.Pages;

namespace Tessera.Lab.Houses.Page;

/// <summary>The hand at the telephone, and the ear at its handset.</summary>
internal static class TelephoneRoutes
{
    public static void MapTelephone(this IEndpointRouteBuilder app, Telephone telephone)
    {
        app.MapPost("/telephone/lift", () => PageAnswer.Ask(telephone.Lift));
        app.MapPost("/telephone/hangup", () => PageAnswer.Ask(telephone.PutDown));
        app.MapPost("/telephone/press", (string keys) => PageAnswer.Ask(() => telephone.Press(keys)));
        app.MapPost("/telephone/dial", (string number) => PageAnswer.Ask(() => telephone.Dial(number)));
        app.MapPost("/telephone/redial", () => PageAnswer.Ask(telephone.Redial));
        app.MapPost("/telephone/in-band-keys", (bool on) => PageAnswer.Ask(() => telephone.SendKeysInBand(on)));
        app.MapGet("/telephone/sound", (HttpContext http) =>
            SoundStream.SendAsync(http, 1, telephone.Earpiece.ListenAsync));
    }
}

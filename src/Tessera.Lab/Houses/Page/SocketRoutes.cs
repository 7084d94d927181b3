using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Pages;

namespace Tessera.Lab.Houses.Page;

/// <summary>The lab's ear and hand at the socket in the wall.</summary>
internal static class SocketRoutes
{
    public static void MapSocket(this IEndpointRouteBuilder app, WallSocket socket)
    {
        app.MapPost("/line/faults", (LineFaults faults) => PageAnswer.Ask(() => socket.Set(faults)));
        app.MapPost("/line/burst", (int milliseconds) => PageAnswer.Ask(() => socket.Burst(milliseconds)));
        app.MapPost("/line/cut", () => PageAnswer.Ask(socket.Cut));
        app.MapGet("/line/sound", (HttpContext http) => SoundStream.SendAsync(http, 2, socket.Earpiece.ListenAsync));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Tessera.Lab.Houses.Devices;
using Tessera.Lab.Pages;
using Tessera.Terminal.Displays;

namespace Tessera.Lab.Houses.Page;

/// <summary>The hand at the device: keys, fingers, power, battery, paper.</summary>
internal static class DeviceRoutes
{
    public static void MapDevice(this IEndpointRouteBuilder app, HouseDevice device)
    {
        app.MapPost("/device/key", (long ask, Key key) => PageAnswer.Ask(() => Press(device, ask, key)));
        app.MapPost("/device/finger", (bool own) => PageAnswer.Ask(() => device.Lay(own)));
        app.MapPost("/device/power", (bool on, CancellationToken cancel) =>
            PageAnswer.AskAsync(() => device.PowerAsync(on, cancel)));
        app.MapPost("/device/mains", (bool on) => PageAnswer.Ask(() => device.Plug(on)));
        app.MapPost("/device/battery", (int percent) => PageAnswer.Ask(() => device.Charge(percent)));
        app.MapPost("/device/paper/tear", () => PageAnswer.Ask(device.Tear));
    }

    private static void Press(HouseDevice device, long ask, Key key)
    {
        if (!Enum.IsDefined(key)) throw new ArgumentException("There is no such key.", nameof(key));
        if (!device.TryPress(ask, key)) throw new InvalidOperationException("Something else is shown by now.");
    }
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tessera.Lab;
using Tessera.Lab.Houses;
using Tessera.Phone.Data;
using Tessera.Server.Api;
using Tessera.Server.Browsers;
using Tessera.Server.Calls;
using Tessera.Server.Cards;
using Tessera.Server.Links;
using Tessera.Server.ShortMessages;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Sim;

namespace Tessera.Server.Hosting;

/// <summary>The server from its first line to its last.</summary>
internal static class TesseraServer
{
    private const string Holder = "Ada Marchand";

    public static async Task RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var options = ServerOptions.Read(builder.Configuration);
        await using var folder = await DataFolder.OpenAsync(options, CancellationToken.None);

        builder.Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Configuration["AllowedHosts"] ??= "127.0.0.1;localhost";
        builder.WebHost.ConfigureTessera(options, folder);
        builder.Services.AddTessera(options, folder);
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(forms => forms.Cookie.Name = $"tessera-forms-{options.Port}");
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        builder.Services.AddDataProtection().SetApplicationName("Tessera")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(folder.Path, "forms")));
        builder.Services.AddOpenApi();
        builder.Services.AddHealthChecks().AddCheck<BookHealth>("ledger").AddCheck<RoadHealth>("short messages");
        using var export = TelemetryExport.Start(builder.Configuration);

        await using var app = builder.Build();
        if (folder.Authority.RetireLabKey() is { } note) app.Logger.LogWarning("{Note}", note);
        app.UseLinks();
        app.Use(Headers.AddAsync);
        app.UseStaticFiles();
        app.UseAntiforgery();
        app.MapHealthChecks("/health");
        app.MapOpenApi();
        app.MapPages();
        app.MapApi(options);

        await app.Services.GetRequiredService<ShortMessageRoad>().StartAsync(app.Lifetime.ApplicationStopping);
        app.Services.GetRequiredService<VoiceRoad>().Start();
        await app.StartAsync(app.Lifetime.ApplicationStopping);
        var (pages, links, streams) = Addresses(app);
        app.Services.GetRequiredService<TerminalWatch>().ServedAt(pages);
        app.Services.GetRequiredService<LinkAddress>().Set(links, streams);
        if (streams is not null) app.Logger.LogInformation("Links in a plain TLS stream at {Address}", streams);
        if (options.Lab) await StartLabAsync(app.Services, folder, pages, links);
        Console.WriteLine($"Tessera is ready: {pages}");
        await app.WaitForShutdownAsync(app.Lifetime.ApplicationStopping);
    }

    private static Task StartLabAsync(IServiceProvider services, DataFolder folder, Uri pages, Uri links) =>
        services.GetRequiredService<LabService>().StartAsync(new LabOptions
        {
            Folder = Path.Combine(folder.Path, "lab"),
            Link = links,
            Pin = PeerIdentity.Of(folder.Certificate),
            Air = services.GetRequiredService<ShortMessageRoad>().Air,
            VoiceNetwork = services.GetRequiredService<VoiceRoad>().Address,
            LineServer = LinePublicKey.Of(folder.Certificate),
            Notes =
            [
                .. services.GetRequiredService<ServerOptions>().OfferNumbers.Select(offer =>
                    new NotedNumber($"{char.ToUpperInvariant(offer.Value[0])}{offer.Value[1..]}", $"+{offer.Key}")),
                new NotedNumber("Login", SimSubscription.Demonstration.VoiceNumber),
            ],
            Origin = pages.GetLeftPart(UriPartial.Authority),
            Enrol = (terminal, name, _) =>
            {
                folder.Terminals.Add(terminal, name);
                return Task.CompletedTask;
            },
            Make = services.GetRequiredService<CardIssuing>().MakeAsync,
            Register = (order, cancel) =>
                services.GetRequiredService<CardIssuing>().RegisterAsync(order, Holder, cancel),
        }, CancellationToken.None);

    /// <summary>What Kestrel listens on, in the order in which it was told to.</summary>
    private static (Uri Pages, Uri Links, Uri? Streams) Addresses(WebApplication app)
    {
        var all = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).ToList();
        var links = new UriBuilder(all[1]) { Scheme = Uri.UriSchemeWss, Path = LinkEndpoint.Path }.Uri;
        return (all[0], links, all.Count > 2 ? new Uri($"{TerminalConnection.StreamScheme}://{all[2].Authority}") : null);
    }
}

using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Tessera.Apps;
using Tessera.Gateway;
using Tessera.Platform.Changes;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Logins;
using Tessera.Platform.Money;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Signing;
using Tessera.Server.Books;
using Tessera.Server.Browsers;
using Tessera.Server.Calls;
using Tessera.Server.Cards;
using Tessera.Server.Links;
using Tessera.Server.Logins;
using Tessera.Server.ShortMessages;
using Tessera.Server.Signing;
using Tessera.Storage.Changes;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Logins;
using Tessera.Storage.Money;
using Tessera.Storage.Objects;
using Tessera.Storage.Sessions;
using Tessera.Storage.Signing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Server.Hosting;

/// <summary>Puts the server together: which store, which keys, which applications, who listens where.</summary>
internal static class Composition
{
    /// <summary>What the key for the digests of logins is derived for.</summary>
    private const byte LoginDigests = 0x4C;

    public static void AddTessera(this IServiceCollection services, ServerOptions options, DataFolder folder)
    {
        services.AddSingleton(options);
        services.AddSingleton(folder);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ApplicationCatalogue(
            [
                new PurseApplication(), new PreferencesApplication(), new ShopApplication(TimeProvider.System),
                new OrdersApplication(),
            ]));
        services.AddMoney(options, folder);
        services.AddEvidence(folder);
        services.AddLinks(options, folder);
        services.AddSingleton(new Pairing(Path.Combine(folder.Path, "browsers"), TimeProvider.System));
        services.AddSingleton<TerminalDesks>();
        services.AddSingleton<LabService>();
        services.AddSingleton<LinkAddress>();
        services.AddSingleton<RoadLog>();
        services.AddSingleton<ShortMessageRoad>();
        services.AddSingleton<DialogueLog>();
        services.AddSingleton(provider =>
            new Telemetry(() => provider.GetRequiredService<LinkListener>().Terminals.Count(terminal => terminal.Connected)));
        services.AddLogins(folder);
        services.AddHostedService<SessionService>();
        services.AddHostedService<LateSettlement>();
    }

    /// <summary>
    /// Pages on one port, links with mutual TLS on another, links in a plain TLS stream on a third; all on 127.0.0.1, but
    /// for that where the operator says so.
    /// </summary>
    public static void ConfigureTessera(this ConfigureWebHostBuilder web, ServerOptions options, DataFolder folder) =>
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Listen(
                IPAddress.Loopback, options.LinkPort,
                listen => listen.UseHttps(https => Pin(https, LinkTls.Protocols, folder, Admission())));
            if (options.StreamPort is { } port)
            {
                kestrel.Listen(
                    options.TlsAddress, port,
                    listen => listen.UseHttps(https => Pin(https, LinkTls.StreamProtocols, folder, Admission()))
                        .UseConnectionHandler<StreamEndpoint>());
            }

            TerminalAdmission Admission() => kestrel.ApplicationServices.GetRequiredService<TerminalAdmission>();
        });

    /// <summary>
    /// Both sides show a certificate, and the terminals are those of the register; while a code is open others may ask to be
    /// taken in.
    /// </summary>
    private static void Pin(
        HttpsConnectionAdapterOptions https, SslProtocols protocols, DataFolder folder, TerminalAdmission admission)
    {
        https.ServerCertificate = folder.Certificate;
        https.SslProtocols = protocols;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) =>
            folder.Terminals.Allows(PeerIdentity.Of(certificate)) || admission.Desk.IsOpen;
    }

    private static void AddMoney(this IServiceCollection services, ServerOptions options, DataFolder folder)
    {
        services.AddSingleton(new PurseKeyring(folder.FindKeys));
        services.AddSingleton<IChangeStore>(new SqliteChangeStore(folder.Database));
        services.AddSingleton<ChangeLog>();
        services.AddSingleton(folder.Objects);
        services.AddSingleton(provider => new CardFields(
            provider.GetRequiredService<ChangeLog>(), new StoreKeyring(folder.FindKeys),
            provider.GetRequiredService<ApplicationCatalogue>().All)
        {
            Issuer = new ObjectIssuer(
                new SqliteObjectBook(folder.Database), () => [.. folder.Objects.Keys.Select(key => key.Key)],
                provider.GetRequiredService<TimeProvider>()),
        });
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<IMoneyStore>(new SqliteMoneyStore(folder.Database));
        services.AddSingleton<ISessionStore>(new SqliteSessionStore(folder.Database));
        services.AddSingleton(new SqliteHolderStore(folder.Database));
        services.AddSingleton<IGatewayStore>(new SqliteGatewayStore(folder.Database));
        services.AddSingleton<IHolderStore>(provider => options.Lab
            ? new WelcomingHolders(
                provider.GetRequiredService<SqliteHolderStore>(), provider.GetRequiredService<CardIssuing>)
            : provider.GetRequiredService<SqliteHolderStore>());
        services.AddSingleton(options.Purses);
        services.AddSingleton<Treasury>();
        services.AddSingleton<CardStandings>();
        services.AddSingleton<BookReader>();
        services.AddSingleton(provider => new CardIssuing(
            folder, provider.GetRequiredService<SqliteHolderStore>(), provider.GetRequiredService<Treasury>(),
            provider.GetRequiredService<IGatewayStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SessionHost(
            provider.GetRequiredService<Treasury>(), provider.GetRequiredService<IHolderStore>(),
            provider.GetRequiredService<ISessionStore>(), PeerIdentity.Of(folder.Certificate).Id,
            new Platform.Sessions.SessionOptions { Verification = options.Verification, DisableAfter = options.DisableAfter },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CardFields>(), provider.GetRequiredService<Notary>(),
            options.Certificates == CertificatePolicy.Ignored
                ? null
                : new CertificateLogin(
                    folder.Trust.ReadAsync, options.Certificates == CertificatePolicy.Required,
                    provider.GetRequiredService<TimeProvider>()),
            options.Verifier is { } verifier
                ? new SessionVerifier(
                    verifier.Key,
                    new VerifierClient(
                        verifier.Key, verifier.Host, verifier.Port, folder.Certificate,
                        provider.GetRequiredService<TimeProvider>()).AskAsync)
                : null,
            new KeyLogin(
                new SqliteKeyRegister(folder.Database), folder.Trust.ReadAsync, options.PivHolders,
                options.Certificates != CertificatePolicy.Ignored, provider.GetRequiredService<TimeProvider>())));
    }

    private static void AddEvidence(this IServiceCollection services, DataFolder folder)
    {
        services.AddSingleton(folder.Trust);
        services.AddSingleton(folder.Authority);
        services.AddHostedService<ListKeeper>();
        services.AddSingleton<IEvidenceStore>(new SqliteEvidenceStore(folder.Database));
        services.AddSingleton(provider => new Notary(
            provider.GetRequiredService<IEvidenceStore>(), folder.Certificate, folder.Trust.ReadAsync,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton<SigningDesk>();
    }

    private static void AddLogins(this IServiceCollection services, DataFolder folder)
    {
        services.AddSingleton(new LoginOptions());
        services.AddSingleton(provider => new TemporaryLogins(
            new SqliteLoginStore(folder.Database), Kdf.DeriveKey(folder.Vault.Versions[0].Cards.Ota, LoginDigests, []),
            provider.GetRequiredService<LoginOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoginDesk>();
        services.AddSingleton<Announcements>();
        services.AddSingleton<CallProcessor>();
        services.AddSingleton(new CallLimits());
        services.AddSingleton<CallLines>();
        services.AddSingleton<Callers>();
        services.AddSingleton<LostCards>();
        services.AddSingleton<OfferDesk>();
        services.AddSingleton<CallRouter>();
        services.AddSingleton<VoiceRoad>();
    }

    private static void AddLinks(this IServiceCollection services, ServerOptions options, DataFolder folder) =>
        services.AddSingleton(provider => new LinkListener(new LinkListenerOptions
        {
            Server = PeerIdentity.Of(folder.Certificate),
            Knows = folder.Terminals.Allows,
            Enrolments = provider.GetRequiredService<TerminalAdmission>().Desk,
            Relayed = options.RelayReaders.Count > 0
                ? card => provider.GetRequiredService<RelayReaders>().Take(card)
                : null,
            Pair = terminal => provider.GetRequiredService<TerminalWatch>().Pair(terminal),
            Changed = status => provider.GetRequiredService<TerminalWatch>().Changed(status),
        })).AddSingleton<TerminalWatch>().AddSingleton<TerminalAdmission>().AddSingleton<RelayReaders>();
}

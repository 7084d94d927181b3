using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Server.Books;
using Tessera.Server.Links;
using Tessera.Storage;
using Tessera.Storage.Keys;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;

namespace Tessera.Server.Hosting;

/// <summary>
/// What the server keeps on disk, opened: the database, the sealed master keys, its certificate, its terminals.
/// </summary>
public sealed class DataFolder : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private DataFolder(
        string path, Database database, MasterKeys issuer, MasterKeys? demonstration, X509Certificate2 certificate) =>
        (Path, Database, Issuer, Demonstration, Certificate) = (path, database, issuer, demonstration, certificate);

    public string Path { get; }

    public Database Database { get; }

    /// <summary>The keys that cards of this server are issued with.</summary>
    public MasterKeys Issuer { get; }

    /// <summary>The published keys of demonstration cards; only on a server with the lab.</summary>
    public MasterKeys? Demonstration { get; }

    public X509Certificate2 Certificate { get; }

    public TerminalRegister Terminals { get; private init; } = null!;

    /// <summary>Tells when the database wrote something of books or changes.</summary>
    internal BookNews News { get; private init; } = null!;

    /// <summary>Opens the folder, making it and everything in it at the first start.</summary>
    public static async Task<DataFolder> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(options.Data);
        else Directory.CreateDirectory(options.Data, OwnerOnly);

        var issuer = await SealedKeys.OpenAsync(options.Data, cancel);
        var news = new BookNews(TimeProvider.System);
        var database = await Database.OpenAsync(
            System.IO.Path.Combine(options.Data, "tessera.db"), news.Take, cancel);
        var certificate = LinkCertificate.LoadOrCreate(System.IO.Path.Combine(options.Data, "server.pem"), "Tessera server");
        return new DataFolder(
            options.Data, database, issuer, options.Lab ? DemonstrationKeys.Create() : null, certificate)
        {
            Terminals = new TerminalRegister(System.IO.Path.Combine(options.Data, "terminals")),
            News = news,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Issuer.Dispose();
        Demonstration?.Dispose();
        Certificate.Dispose();
    }
}

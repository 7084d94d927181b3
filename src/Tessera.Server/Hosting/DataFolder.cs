using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Server.Books;
using Tessera.Server.Links;
using Tessera.Server.Signing;
using Tessera.Storage;
using Tessera.Storage.Keys;
using Tessera.Storage.Objects;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;

namespace Tessera.Server.Hosting;

/// <summary>
/// What the server keeps on disk, opened: the database, the sealed master keys, its certificate, its terminals.
/// </summary>
public sealed class DataFolder : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock _reading = new();
    private readonly List<Vault> _vaults;
    private DateTime _changed;

    private DataFolder(
        string path, Database database, Vault vault, MasterKeys? demonstration, X509Certificate2 certificate)
    {
        (Path, Database, Vault, Demonstration, Certificate) = (path, database, vault, demonstration, certificate);
        _vaults = [vault];
    }

    public string Path { get; }

    public Database Database { get; }

    /// <summary>The issuer's master keys of every version.</summary>
    public Vault Vault { get; }

    /// <summary>The keys that cards of this server are issued with.</summary>
    public MasterKeys Issuer => Vault.Current.Cards;

    /// <summary>
    /// The master keys of a version, null where there are none. One that the vault got after it was opened here is looked
    /// for on disk, so that a rotation needs no new start.
    /// </summary>
    public MasterKeys? FindKeys(byte version)
    {
        if (Demonstration?.Version == version) return Demonstration;
        lock (_reading)
        {
            var known = _vaults.Select(vault => vault.Find(version)).FirstOrDefault(keys => keys is not null);
            if (known is not null || Vault.ChangedAt(Path) is var changed && changed == _changed) return known?.Cards;
            _vaults.Add(Vault.Reopen(Path, Seal, TimeProvider.System));
            _changed = changed;
            return _vaults[^1].Find(version)?.Cards;
        }
    }

    /// <summary>The published keys of demonstration cards; only on a server with the lab.</summary>
    public MasterKeys? Demonstration { get; }

    public X509Certificate2 Certificate { get; }

    public TerminalRegister Terminals { get; private init; } = null!;

    /// <summary>
    /// Who is believed to say whose a card is: the folder <c>trust</c>, or another that is named, and the built-in authority
    /// where there is one.
    /// </summary>
    public TrustFolder Trust { get; private init; } = null!;

    /// <summary>Issues the certificates of the lab's cards; on a server without the lab there need be none.</summary>
    public OwnAuthority Authority { get; private init; } = null!;

    /// <summary>What opens the vault again when it was changed.</summary>
    private VaultSeal Seal { get; init; } = VaultSeal.None;

    /// <summary>The keys that tickets, coupons and receipts are signed with.</summary>
    public ObjectKeyFolder Objects { get; private init; } = null!;

    /// <summary>Tells when the database wrote something of books or changes.</summary>
    internal BookNews News { get; private init; } = null!;

    /// <summary>Opens the folder, making it and everything in it at the first start.</summary>
    public static async Task<DataFolder> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(options.Data);
        else Directory.CreateDirectory(options.Data, OwnerOnly);

        var seal = await options.ReadSealAsync(cancel);
        var vault = await Vault.OpenAsync(options.Data, seal, TimeProvider.System, cancel);
        var news = new BookNews(TimeProvider.System);
        var database = await Database.OpenAsync(
            System.IO.Path.Combine(options.Data, "tessera.db"), news.Take, cancel);
        var certificate = LinkCertificate.LoadOrCreate(System.IO.Path.Combine(options.Data, "server.pem"), "Tessera server");
        var trust = options.Trust ?? System.IO.Path.Combine(options.Data, "trust");
        var authority = new OwnAuthority(options.Data, TimeProvider.System);
        if (options.Lab) await authority.CreateAsync(cancel);
        return new DataFolder(
            options.Data, database, vault, options.Lab ? DemonstrationKeys.Create() : null, certificate)
        {
            Terminals = new TerminalRegister(System.IO.Path.Combine(options.Data, "terminals")),
            News = news,
            Seal = seal,
            Trust = new TrustFolder(trust, authority.Folder),
            Authority = authority,
            Objects = await ObjectKeyFolder.OpenAsync(ObjectKeyFolder.In(options.Data), cancel),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        foreach (var vault in _vaults) vault.Dispose();
        Seal.Dispose();
        Demonstration?.Dispose();
        Certificate.Dispose();
        Trust.Dispose();
        Authority.Dispose();
        Objects.Dispose();
    }
}

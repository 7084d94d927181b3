using System.CommandLine;
using Tessera.Cards;
using Tessera.Cli.Keys;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Issuing;
using Tessera.Storage.Keys;
using Tessera.Storage.Money;
using Tessera.VirtualCard;

namespace Tessera.Cli.Issuing;

/// <summary>The data folder of a server, running or not, and who works on it.</summary>
internal sealed class IssuerAtHand : IAsyncDisposable
{
    private readonly ActLog _acts;
    private readonly string _operator;
    private Vault? _vault;
    private MasterKeys? _demonstration;

    private readonly ParseResult _parsed;

    private IssuerAtHand(ParseResult parsed, string folder, Database database, string by)
    {
        (_parsed, Folder, Database, _operator) = (parsed, folder, database, by);
        _acts = new ActLog(database, TimeProvider.System);
    }

    public static Option<string> Data { get; } = new("--data")
    {
        Description = "The data folder of the server; it may be running.", HelpName = "dir", Required = true,
    };

    public static Option<string?> Operator { get; } = new("--operator")
    {
        Description = "Who does it, for the log; the user of this machine where it is not named.", HelpName = "name",
    };

    public string Folder { get; }

    public Database Database { get; }

    public string By => _operator;

    public ActLog Acts => _acts;

    public SqliteHolderStore Holders => new(Database);

    public IssuanceStore Issuances => new(Database, TimeProvider.System);

    /// <summary>The keys of the folder, opened when they are needed first.</summary>
    public async Task<Vault> VaultAsync(CancellationToken cancel)
    {
        if (_vault is not null) return _vault;
        using var seal = await SealAtHand.ReadAsync(_parsed, Folder, cancel);
        return _vault = await Vault.OpenAsync(Folder, seal, TimeProvider.System, cancel);
    }

    public async Task<Treasury> TreasuryAsync(CancellationToken cancel)
    {
        _demonstration ??= DemonstrationKeys.Create();
        var keys = new PurseKeyring([.. (await VaultAsync(cancel)).Cards, _demonstration]);
        return new Treasury(new SqliteMoneyStore(Database), keys, TimeProvider.System);
    }

    public async Task<CardRegister> RegisterAsync(CancellationToken cancel) =>
        new(Holders, await TreasuryAsync(cancel), new SqliteGatewayStore(Database));

    public async Task<IssuingDesk> DeskAsync(CancellationToken cancel) => new(
        await VaultAsync(cancel), Issuances, Holders, await RegisterAsync(cancel), _acts);

    /// <exception cref="FormatException">There is no such card.</exception>
    public async Task<CardRegistration> FindAsync(CardId card, CancellationToken cancel) =>
        await Holders.FindCardAsync(card, cancel) ?? throw new FormatException($"There is no card {card} in the register.");

    public static string FolderOf(ParseResult parsed) => FolderOf(parsed.GetRequiredValue(Data));

    private static string FolderOf(string named)
    {
        var folder = Path.GetFullPath(named);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{folder}: there is no data folder of a server.");
    }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Task<IssuerAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel) =>
        OpenAsync(parsed, FolderOf(parsed), parsed.GetValue(Operator) ?? Environment.UserName, cancel);

    /// <summary>To look something up.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Task<IssuerAtHand> OpenAsync(ParseResult parsed, string folder, CancellationToken cancel) =>
        OpenAsync(parsed, FolderOf(folder), Environment.UserName, cancel);

    private static async Task<IssuerAtHand> OpenAsync(
        ParseResult parsed, string folder, string by, CancellationToken cancel) =>
        new(parsed, folder, await Database.OpenAsync(Path.Combine(folder, "tessera.db"), cancel: cancel), by);

    /// <summary>Logged before it is done.</summary>
    public Task ActAsync(string what, string subject, string detail, CancellationToken cancel) =>
        _acts.AddAsync(new Act(_operator, what, subject, detail), cancel);

    public async ValueTask DisposeAsync()
    {
        _vault?.Dispose();
        _demonstration?.Dispose();
        await Database.DisposeAsync();
    }
}

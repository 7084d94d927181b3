using System.CommandLine;
using Tessera.Storage;
using Tessera.Storage.Issuing;

namespace Tessera.Cli.Issuing;

/// <summary>The data folder of a server, running or not, and who works on it.</summary>
internal sealed class IssuerAtHand : IAsyncDisposable
{
    private readonly ActLog _acts;
    private readonly string _operator;

    private IssuerAtHand(string folder, Database database, string by)
    {
        (Folder, Database, _operator) = (folder, database, by);
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

    public static string FolderOf(ParseResult parsed)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(Data));
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{folder}: there is no data folder of a server.");
    }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static async Task<IssuerAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var folder = FolderOf(parsed);
        return new IssuerAtHand(
            folder, await Database.OpenAsync(Path.Combine(folder, "tessera.db"), cancel: cancel),
            parsed.GetValue(Operator) ?? Environment.UserName);
    }

    /// <summary>Logged before it is done.</summary>
    public Task ActAsync(string what, string subject, string detail, CancellationToken cancel) =>
        _acts.AddAsync(new Act(_operator, what, subject, detail), cancel);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

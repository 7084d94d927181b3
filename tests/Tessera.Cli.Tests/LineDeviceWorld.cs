using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tessera.Cards;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>What a device of the tool on a telephone line is surrounded by: the real server and a holder with money.</summary>
internal sealed partial class LineDeviceWorld : IDisposable
{
    public const string Shop = "+33639980084";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => Path.Combine(_folder.Path, "lab", "card.img");

    public string File(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    /// <summary>A server whose lab has the holder's card on its shelf.</summary>
    public async Task<ServerProcess> StartServerAsync()
    {
        var server = await ServerProcess.StartAsync(_folder.Path, Cancel);
        return await server.OrEndAsync(() => Eventually.SeeAsync(
            () => Task.FromResult(System.IO.File.Exists(Image)), exists => exists, Cancel));
    }

    /// <summary>A server whose holder has money.</summary>
    public async Task<ServerProcess> StartFundedServerAsync()
    {
        await using (await StartServerAsync())
        {
            // The lab makes its cards at the first start.
        }

        await FundAsync(2000);
        return await StartServerAsync();
    }

    /// <summary>Pipes for the sound of a line, and for what a device says.</summary>
    public async Task<(string Heard, string Said)> PipesAsync()
    {
        var pipes = (Heard: File("heard"), Said: File("said"));
        using var made = Process.Start("mkfifo", [pipes.Heard, pipes.Said]);
        await made.WaitForExitAsync(Cancel);
        return pipes;
    }

    /// <summary>The device, with the card of the lab in its slot.</summary>
    public ToolProcess Start(ServerProcess server, string link, params IEnumerable<string> arguments) => ToolProcess.Start(
    [
        "terminal", "run", "--server", server.Address.ToString(), "--dir", File("terminal"), "--json",
        "--card", Image, "--link", link, .. arguments,
    ]);

    public static TerminalPage PageOf(JsonElement told) =>
        new(new Uri(told.GetProperty("page").GetString()!), told.GetProperty("token").GetString()!);

    /// <summary>Where the server takes calls, as its log says.</summary>
    public static async Task<string> CallsAsync(ServerProcess server) => (await Eventually.SeeAsync(
        () => Task.FromResult(Calls().Match(server.Output)), match => match.Success, Cancel)).Groups["at"].Value;

    /// <summary>Puts money on the account of the lab's holder, while no server is there.</summary>
    private async Task FundAsync(uint amount)
    {
        CardId id;
        using (var card = CardImage.Open(FileMedium.Open(Image))) id = card.Id;
        await using var database = await Database.OpenAsync(File("tessera.db"), cancel: Cancel);
        var registration = await new SqliteHolderStore(database).FindCardAsync(id, Cancel);
        using var masters = DemonstrationKeys.Create();
        var treasury = new Treasury(new SqliteMoneyStore(database), new PurseKeyring(masters), TimeProvider.System);
        await treasury.FundAsync(registration!.Holder, amount, "bank", "test", Cancel);
    }

    [GeneratedRegex(@"Calls at sip:(?<at>127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Calls();
}

using System.Text.Json;
using Tessera.Storage.Keys;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

public sealed class VaultCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => Directory.CreateDirectory(Path.Combine(_folder.Path, "data")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_version_is_made_given_out_to_two_officers_and_taken_in_elsewhere()
    {
        var other = Directory.CreateDirectory(Path.Combine(_folder.Path, "other")).FullName;
        var (a, b) = (Path.Combine(_folder.Path, "a.json"), Path.Combine(_folder.Path, "b.json"));
        var ada = await SecretAsync("ada.txt", "correct horse battery");
        var ben = await SecretAsync("ben.txt", "staple of another kind");

        var rotated = await RunAsync("vault", "rotate", "--data", Data, "--operator", "eve");
        var exported = await RunAsync(
            "vault", "export", "--data", Data, "--operator", "eve", "--first-officer", "ada", "--first", a,
            "--first-passphrase", ada, "--second-officer", "ben", "--second", b, "--second-passphrase", ben, "--json");
        Assert.Equal((0, 0), (rotated.ExitCode, exported.ExitCode));
        Assert.Equal("01 02", string.Join(' ', rotated.Lines.Select(line => line[..2])));
        Assert.EndsWith("current", rotated.Lines[1], StringComparison.Ordinal);

        var wrong = await RunAsync(
            "vault", "import", "--data", other, "--first", a, "--first-passphrase", ben, "--second", b,
            "--second-passphrase", ben);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("the passphrase is another one", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await ShowAsync(other)).GetProperty("versions").GetArrayLength());

        var imported = await RunAsync(
            "vault", "import", "--data", other, "--operator", "fay", "--first", a, "--first-passphrase", ada,
            "--second", b, "--second-passphrase", ben, "--current");
        Assert.Equal(0, imported.ExitCode);
        var (here, there) = (await ShowAsync(Data), await ShowAsync(other));
        Assert.Equal("02", there.GetProperty("current").GetString());
        Assert.Equal(ChecksOf(here, 1), ChecksOf(there, 1));
        Assert.NotEqual(ChecksOf(here, 0), ChecksOf(there, 0), StringComparer.Ordinal);

        using var vault = await Vault.OpenAsync(Data, VaultSeal.None, TimeProvider.System, Cancel);
        var key = Convert.ToHexString(vault.Current.Channel.Reveal());
        foreach (var text in (string[])[rotated.Output, exported.Output, imported.Output, await File.ReadAllTextAsync(a, Cancel)])
        {
            Assert.DoesNotContain(key, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("correct horse", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Under_a_seal_every_verb_needs_it_until_the_vault_is_opened_for_good()
    {
        var word = await SecretAsync("word.txt", "correct horse battery");
        var key = Path.Combine(_folder.Path, "vault.key");
        var checks = ChecksOf(await ShowAsync(Data), 0);

        var run = await RunAsync("vault", "seal", "--data", Data, "--new-passphrase", word, "--new-key", key, "--operator", "eve");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));

        var none = await RunAsync("vault", "show", "--data", Data);
        Assert.Equal(
            (1, "tessera: The vault is sealed under a passphrase: --vault-passphrase says where it is.\n"), (none.ExitCode, none.Error));
        var wrong = await RunAsync("ledger", "check", "--data", Data, "--vault-passphrase", key, "--vault-key", key);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("the passphrase or the key file is another one", wrong.Error, StringComparison.Ordinal);
        var shown = await RunAsync("vault", "show", "--data", Data, "--vault-passphrase", word, "--vault-key", key, "--json");
        Assert.Equal(checks, ChecksOf(JsonElement.Parse(shown.Output), 0));
        Assert.Equal(0, (await RunAsync("ledger", "check", "--data", Data, "--vault-passphrase", word, "--vault-key", key)).ExitCode);

        var open = await RunAsync("vault", "seal", "--data", Data, "--open", "--vault-passphrase", word, "--vault-key", key);
        Assert.Equal((0, "The vault is sealed under: None.\n"), (open.ExitCode, open.Output));
        Assert.Equal(checks, ChecksOf(await ShowAsync(Data), 0));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_no_vault()
    {
        var run = await RunAsync("vault", "show", "--data", Path.Combine(_folder.Path, "nothing"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no data folder", run.Error, StringComparison.Ordinal);
    }

    private static string ChecksOf(JsonElement vault, int version) =>
        vault.GetProperty("versions")[version].GetProperty("checks").GetRawText();

    private static Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, Cancel);

    private static async Task<JsonElement> ShowAsync(string data) =>
        JsonDocument.Parse((await RunAsync("vault", "show", "--data", data, "--json")).Output).RootElement;

    private async Task<string> SecretAsync(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        await File.WriteAllTextAsync(path, text + "\n", Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}

using System.Diagnostics;
using System.Text.Json;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Signing;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Signing;

/// <summary><c>tessera evidence</c>, and OpenSSL alone, say of a file what is true (docs/protocols/evidence.md §4).</summary>
public sealed class EvidenceVerbTests : IDisposable
{
    private const string OpenSsl = "/usr/bin/openssl";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048, "-sha256")]
    [InlineData(PivAlgorithm.P256, "-sha256")]
    [InlineData(PivAlgorithm.P384, "-sha384")]
    public async Task OpenSSL_verifies_the_bare_signature(PivAlgorithm algorithm, string hash)
    {
        Assert.SkipUnless(File.Exists(OpenSsl), "openssl is not installed");
        await SignAsync(algorithm);
        var parts = _folder.File("parts");
        Assert.Equal(0, (await RunAsync("show", _folder.File("evidence.json"), "--out", parts)).ExitCode);

        await OpenSslAsync("x509", "-inform", "DER", "-in", "certificate.der", "-pubkey", "-noout", "-out", "key.pem");
        var said = await OpenSslAsync(
            "dgst", hash, "-verify", "key.pem", "-signature", "signature.bin", "statement.bin");

        Assert.Contains("Verified OK", said, StringComparison.Ordinal);
        Assert.EndsWith(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData((await SignedAsync()).Record.Span)),
            Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(parts, "statement.bin"), Cancel)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_is_verified_without_its_server_and_says_what_was_shown_to_whom()
    {
        await SignAsync(PivAlgorithm.P256);

        var told = await RunAsync("verify", _folder.File("evidence.json"), "--trust", _folder.File("trust"));
        var open = await RunAsync("verify", _folder.File("evidence.json"));
        using var json = JsonDocument.Parse(
            (await RunAsync("verify", _folder.File("evidence.json"), "--trust", _folder.File("trust"), "--json")).Output);

        Assert.Equal((0, ""), (told.ExitCode, told.Error));
        Assert.Contains("Ada Lovelace", told.Output, StringComparison.Ordinal);
        Assert.Contains("Confirmed    by PIN", told.Lines, StringComparer.Ordinal);
        Assert.Contains("  Two tons of coal", told.Lines, StringComparer.Ordinal);
        Assert.Equal("It holds.", told.Lines[^1]);
        Assert.Equal((0, "The signature holds; nobody said whom to believe (--trust)."), (open.ExitCode, open.Lines[^1]));
        Assert.True(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.True(json.RootElement.GetProperty("trusted").GetBoolean());
        Assert.Equal(2, json.RootElement.GetProperty("evidence").GetProperty("shown").GetArrayLength());
    }

    [Fact]
    public async Task What_was_changed_or_is_not_trusted_ends_with_1_and_the_reason()
    {
        await SignAsync(PivAlgorithm.P256);
        var file = await SignedAsync();
        using var stranger = TestAuthority.Root("CN=Stranger", SigningWorld.Now.AddYears(-1));
        Directory.CreateDirectory(_folder.File("others"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.File("others"), "root.pem"), stranger.Certificate.ExportCertificatePem(), Cancel);
        var changed = _folder.File("changed.json");
        await File.WriteAllBytesAsync(changed, (file with { Shown = ["Order 4711", "One ton"] }).ToUtf8(), Cancel);

        await FailsAsync("something else was shown", "verify", changed);
        await FailsAsync(
            "the signer is not trusted", "verify", _folder.File("evidence.json"), "--trust", _folder.File("others"));
        await File.AppendAllTextAsync(changed, " ", Cancel);
        await FailsAsync("something in it was changed", "verify", changed);
        await FailsAsync("no-such-file", "verify", _folder.File("no-such-file"));
    }

    private async Task SignAsync(PivAlgorithm algorithm)
    {
        using var world = await SigningWorld.WithAsync(algorithm);
        using var till = world.Insert();
        world.Person.Does("123456");
        await world.RunAsync(till, Dialogue.Sign(SigningWorld.Contract));
        await File.WriteAllBytesAsync(
            _folder.File("evidence.json"), Assert.Single(world.Evidence.Filed).File.ToArray(), Cancel);
        Directory.CreateDirectory(_folder.File("trust"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.File("trust"), "root.pem"), world.Authority.Certificate.ExportCertificatePem(), Cancel);
    }

    private async Task<EvidenceFile> SignedAsync() =>
        EvidenceFile.Read(await File.ReadAllBytesAsync(_folder.File("evidence.json"), Cancel));

    private static Task<ToolRun> RunAsync(params string[] arguments) =>
        ToolProcess.RunAsync(["evidence", .. arguments], Cancel);

    private static async Task FailsAsync(string reason, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private async Task<string> OpenSslAsync(params string[] arguments)
    {
        using var openssl = Process.Start(new ProcessStartInfo(OpenSsl, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.File("parts"),
        })!;
        var said = await openssl.StandardOutput.ReadToEndAsync(Cancel);
        await openssl.WaitForExitAsync(Cancel);
        Assert.Equal(0, openssl.ExitCode);
        return said;
    }
}

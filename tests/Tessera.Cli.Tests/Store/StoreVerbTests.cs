using System.Security.Cryptography;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Store;

/// <summary><c>tessera store</c> at a card in software.</summary>
public sealed class StoreVerbTests : IDisposable
{
    private readonly CardFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.Image;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_private_field_is_written_by_the_issuer_and_read_behind_the_pin()
    {
        var written = await RunAsync(
            "write", "--demonstration", "--field", "02", "--type", "text", "--reading", "holder", "--mandatory", "--value",
            "Bob 0171");
        Assert.Equal(
            (0, "field 2      version 1: 426F622030313731 \"Bob 0171\" (text, mandatory), proven by the card\n", ""),
            (written.ExitCode, written.Output, written.Error));

        var list = await RunAsync("list");
        Assert.Equal(
            [
                "Store          key version 7F, 2 fields", "  field 1      version 1: 656E \"en\"",
                "  field 2      version 1: told behind the PIN (text, mandatory)",
            ],
            list.Lines);
        var read = await ToolProcess.RunAsync(["store", "read", "--card", Image, "--field", "02"], Cancel, "123456\n");
        Assert.Equal((0, "field 2      version 1: 426F622030313731 \"Bob 0171\" (text, mandatory)\n"), (read.ExitCode, read.Output));
        var wrong = await ToolProcess.RunAsync(["store", "read", "--card", Image, "--field", "02"], Cancel, "123457\n");
        Assert.Equal((1, "tessera: That is not the PIN: 2 tries left.\n"), (wrong.ExitCode, wrong.Error));

        using var told = JsonDocument.Parse((await RunAsync("read", "--field", "02", "--demonstration", "--json")).Output);
        Assert.True(told.RootElement.GetProperty("proven").GetBoolean());
        Assert.Equal("Bob 0171", told.RootElement.GetProperty("field").GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_ticket_is_signed_checked_without_keys_of_the_card_and_removed_once()
    {
        var (signer, issuer) = (_folder.File("office.key"), _folder.File("office.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(signer, key.ExportPkcs8PrivateKeyPem(), Cancel);
        await File.WriteAllTextAsync(issuer, key.ExportSubjectPublicKeyInfoPem(), Cancel);
        string[] sign =
        [
            "sign", "--demonstration", "--field", "E1", "--signer", signer, "--kind", "ticket", "--number", "7", "--text",
            "Bus to Centre", "--from", "2026-11-22T08:00:00Z", "--until", "2026-11-22T20:00:00Z",
        ];
        Assert.Equal(0, (await RunAsync(sign)).ExitCode);
        Assert.Equal((1, "tessera: Field E1 holds an object already: remove it before.\n"), Failure(await RunAsync(sign)));

        var good = await RunAsync("verify", "--field", "E1", "--issuer", issuer, "--at", "2026-11-22T12:00:00Z");
        Assert.Equal(0, good.ExitCode);
        Assert.StartsWith(
            "ticket 7: Bus to Centre, 2026-11-22 08:00:00 to 2026-11-22 20:00:00 UTC, signed by ", good.Output,
            StringComparison.Ordinal);
        var late = await RunAsync("verify", "--field", "E1", "--issuer", issuer, "--at", "2026-11-22T20:00:01Z");
        Assert.Equal((1, "tessera: It is not valid at 2026-11-22 20:00:01 UTC.\n"), Failure(late));
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(issuer, another.ExportSubjectPublicKeyInfoPem(), Cancel);
        var foreign = await RunAsync("verify", "--field", "E1", "--issuer", issuer, "--at", "2026-11-22T12:00:00Z");
        Assert.Equal((1, "tessera: Its issuer did not sign it for this card.\n"), Failure(foreign));

        Assert.Equal(0, (await RunAsync("remove", "--demonstration", "--field", "E1")).ExitCode);
        Assert.Equal(
            (1, "tessera: Field E1 holds no object.\n"), Failure(await RunAsync("remove", "--demonstration", "--field", "E1")));
        Assert.Equal(
            (1, "tessera: It was removed.\n"), Failure(await RunAsync("verify", "--field", "E1", "--issuer", issuer)));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_its_reason()
    {
        Assert.Equal(
            (1, "tessera: Writing takes the key: --key, --master or --demonstration.\n"),
            Failure(await RunAsync("write", "--field", "01", "--value", "64")));
        Assert.Equal((1, "tessera: The card has no field 09.\n"), Failure(await RunAsync("read", "--field", "09")));
        Assert.Equal((1, "tessera: A field is 01 to FF, not '00'.\n"), Failure(await RunAsync("read", "--field", "00")));
        var other = await ToolProcess.RunAsync(
            ["store", "read", "--card", Image, "--field", "01", "--master", "-"], Cancel,
            "000102030405060708090A0B0C0D0E0F\n");
        Assert.Equal((1, "tessera: The card has another key of version 7F.\n"), Failure(other));
    }

    private Task<ToolRun> RunAsync(string verb, params string[] options) =>
        ToolProcess.RunAsync(["store", verb, "--card", Image, .. options], Cancel);

    private Task<ToolRun> RunAsync(string[] arguments) => RunAsync(arguments[0], arguments[1..]);

    private static (int, string) Failure(ToolRun run) => (run.ExitCode, run.Error);
}

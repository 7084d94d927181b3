using System.Security.Cryptography;
using System.Text.Json;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Testing;
using Tessera.VirtualCard;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary><c>tessera piv</c> and a PIV card, with pcscd between them; OpenSSL and OpenSC check.</summary>
[Collection(PcscdAlone.Name)]
public class PivVerbTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_tells_name_tries_and_keys()
    {
        await using var host = await PivHost.InsertAsync(
            pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.Rsa2048), PivHost.Key(0x9D, PivAlgorithm.P384));

        var told = await RunAsync("", "status");
        var json = JsonElement.Parse((await RunAsync("", "status", "--json")).Output);

        Assert.Equal(
            [
                "Serial number  162254319", "PIN            3 tries left",
                "Key 9A         Rsa2048, CN=Ada, until 2036-01-01", "Key 9D         P384, CN=Ada, until 2036-01-01",
            ],
            told.Lines.Skip(2), StringComparer.Ordinal);
        Assert.Equal("9D", json.GetProperty("keys")[1].GetProperty("reference").GetString());
        Assert.Equal(3, json.GetProperty("pinTriesLeft").GetInt32());
    }

    [Fact]
    public async Task A_key_is_made_and_another_brought_in_with_its_certificate_and_signs()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        var pem = (await RunAsync("", "generate", "--slot", "9A", "--algorithm", "p384")).Output;
        using (var made = ECDsa.Create())
        {
            made.ImportFromPem(pem);
            Assert.Equal(384, made.KeySize);
        }

        await host.OpenSslAsync(
            Cancel, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Ada", "-days", "3650",
            "-keyout", "key.pem", "-out", "certificate.pem");
        await RunAsync(
            "", "import", "--slot", "9c", "--key", host.File("key.pem"), "--certificate", host.File("certificate.pem"));
        await File.WriteAllTextAsync(host.File("message"), "a message", Cancel);
        await RunAsync(
            $"{DemonstrationKeys.Pin}\n",
            "sign", "--slot", "9C", "--in", host.File("message"), "--out", host.File("signature"));

        await host.OpenSslAsync(Cancel, "x509", "-in", "certificate.pem", "-pubkey", "-noout", "-out", "public.pem");
        Assert.Contains(
            "Verified OK",
            await host.OpenSslAsync(
                Cancel, "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"),
            StringComparison.Ordinal);
        Assert.Contains("RSA 2048 bits", await host.Pkcs11Async(Cancel, "-O"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_is_told_in_one_line()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.P256));
        await File.WriteAllTextAsync(host.File("message"), "a message", Cancel);

        await FailsAsync("--slot is 9A, 9C, 9D, 9E or 82 to 95, not '9B'.", "", "generate", "--slot", "9B");
        await FailsAsync("Nothing to import: --key or --certificate.", "", "import", "--slot", "9A");
        await FailsAsync(
            "The management key has 24 octets, not 16.", "000102030405060708090A0B0C0D0E0F\n",
            "generate", "--slot", "9A", "--management-key", "-");
        await FailsAsync(
            "That is not the PIN: 2 tries left.", "999999\n",
            "sign", "--slot", "9A", "--in", host.File("message"), "--out", host.File("signature"));
        await FailsAsync(
            "Key 9C has no certificate.", "123456\n",
            "sign", "--slot", "9C", "--in", host.File("message"), "--out", host.File("signature"));
    }

    private async Task<ToolRun> RunAsync(string input, params string[] arguments)
    {
        var run = await TryAsync(input, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private async Task FailsAsync(string reason, string input, params string[] arguments)
    {
        var run = await TryAsync(input, arguments);
        Assert.Equal((1, $"tessera: {reason}"), (run.ExitCode, run.Error.Trim()));
    }

    private Task<ToolRun> TryAsync(string input, string[] arguments) =>
        pcscd.ToolAsync(input, Cancel, ["piv", .. arguments, "--reader", PrivatePcscd.Reader]);
}

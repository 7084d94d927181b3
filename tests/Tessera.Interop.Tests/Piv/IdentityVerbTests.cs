using System.Text.Json;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary><c>tessera identity</c> and <c>authority</c> with pcscd between them and a card; OpenSSL and OpenSC check.</summary>
[Collection(PcscdAlone.Name)]
public class IdentityVerbTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_is_enrolled_used_by_others_recognised_and_taken_back()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        await RunAsync("", "authority", "new", "--data", host.Folder, "--subject", "CN=Town cards");

        var enrolled = await OnCardAsync(
            "enrol", "--slot", "9A", "--algorithm", "rsa2048", "--subject", "CN=Ada Lovelace", "--data", host.Folder);
        Assert.Contains("Key 9A  Rsa2048, CN=Ada Lovelace, until ", enrolled.Output, StringComparison.Ordinal);

        // OpenSC uses the key and gives the certificate out, OpenSSL verifies both.
        await File.WriteAllTextAsync(host.File("message"), "a message", Cancel);
        await host.Pkcs11Async(
            Cancel, "--login", "--pin", PivHost.Pin, "--sign", "--id", "01", "-m", "SHA256-RSA-PKCS", "-i", "message", "-o",
            "signature");
        await host.Pkcs11Async(Cancel, "-r", "-y", "cert", "--id", "01", "-o", "ada.der");
        await host.OpenSslAsync(Cancel, "x509", "-inform", "DER", "-in", "ada.der", "-out", "ada.pem");
        await host.OpenSslAsync(Cancel, "x509", "-in", "ada.pem", "-pubkey", "-noout", "-out", "public.pem");
        Assert.Contains(
            "Verified OK",
            await host.OpenSslAsync(
                Cancel, "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"),
            StringComparison.Ordinal);
        Assert.Equal((0, "ada.pem: OK\n"), await VerifyAsync(host));

        var proven = await OnCardAsync("prove", "--slot", "9A", "--trust", host.File("authority"), "--json");
        var key = JsonElement.Parse(proven.Output).GetProperty("keys")[0];
        Assert.Equal(
            ("CN=Town cards", true, true),
            (key.GetProperty("issuer").GetString(), key.GetProperty("trusted").GetBoolean(),
                key.GetProperty("proven").GetBoolean()));

        var issued = JsonElement.Parse((await RunAsync("", "authority", "show", "--data", host.Folder, "--json")).Output);
        var serial = issued.GetProperty("issued")[0].GetProperty("serial").GetString()!;
        await RunAsync(
            "", "authority", "revoke", "--data", host.Folder, "--serial", serial, "--reason", "KeyCompromise");

        var (exitCode, said) = await VerifyAsync(host);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("certificate revoked", said, StringComparison.Ordinal);
        var refused = await TryOnCardAsync("prove", "--slot", "9A", "--trust", host.File("authority"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("CN=Ada Lovelace was revoked ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("(keyCompromise); the card has the key", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_authority_certifies_what_the_card_asked_for()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        await host.OpenSslAsync(
            Cancel, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-subj", "/CN=Elsewhere",
            "-days", "30", "-keyout", "root.key", "-out", "root.crt");

        await OnCardAsync(
            "request", "--slot", "9C", "--algorithm", "p384", "--subject", "CN=Ada", "--out", host.File("ada.csr"));
        await host.CheckRequestAsync("ada.csr", Cancel);
        await host.OpenSslAsync(
            Cancel, "x509", "-req", "-in", "ada.csr", "-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial", "-days", "10",
            "-out", "ada.crt");
        await OnCardAsync("import", "--slot", "9C", "--certificate", host.File("ada.crt"));

        Directory.CreateDirectory(host.File("trust"));
        File.Copy(host.File("root.crt"), host.File("trust/root.crt"));
        var proven = await OnCardAsync(
            "prove", "--slot", "9C", "--trust", host.File("trust"), "--no-revocation");
        Assert.Contains("CN=Ada, until ", proven.Output, StringComparison.Ordinal);
        Assert.Contains("; trusted; the card has the key", proven.Output, StringComparison.Ordinal);

        var unlisted = await TryOnCardAsync("prove", "--slot", "9C", "--trust", host.File("trust"));
        Assert.Contains("CN=Ada may be revoked: no list of CN=Elsewhere is known", unlisted.Output, StringComparison.Ordinal);
        var foreign = await TryOnCardAsync("import", "--slot", "9C", "--certificate", host.File("root.crt"));
        Assert.Equal(
            (1, "tessera: Key 9C of the card is not that of the certificate; nothing was written."),
            (foreign.ExitCode, foreign.Error.Trim()));
    }

    [Fact]
    public async Task A_card_is_shown_without_PIN_and_its_free_key_challenged()
    {
        await using var host = await PivHost.InsertAsync(
            pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.P256), PivHost.Key(0x9E, PivAlgorithm.P256));

        var shown = await RunAsync("", "identity", "show", "--reader", PrivatePcscd.Reader);

        Assert.Equal("Card    Tessera PIV", shown.Lines[1]);
        Assert.Equal("Key 9A  P256, CN=Ada, until 2036-01-01", shown.Lines[3]);
        Assert.Equal("Key 9E  P256, CN=Ada, until 2036-01-01; the card has the key", shown.Lines[4]);
    }

    private static Task<(int ExitCode, string Said)> VerifyAsync(PivHost host) => host.TryAsync(
        "openssl", "/usr/bin/openssl", Cancel, "verify", "-crl_check", "-purpose", "sslclient", "-CAfile",
        "authority/authority.crt", "-CRLfile", "authority/authority.crl", "ada.pem");

    private async Task<ToolRun> OnCardAsync(params string[] arguments)
    {
        var run = await TryOnCardAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private Task<ToolRun> TryOnCardAsync(params string[] arguments) => pcscd.ToolAsync(
        $"{PivHost.Pin}\n", Cancel, ["identity", .. arguments, "--reader", PrivatePcscd.Reader, "--pin", "-"]);

    private async Task<ToolRun> RunAsync(string input, params string[] arguments)
    {
        var run = await pcscd.ToolAsync(input, Cancel, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }
}

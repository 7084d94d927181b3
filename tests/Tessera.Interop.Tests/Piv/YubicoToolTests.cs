using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>The PIV card as yubico-piv-tool manages it: PIN, keys, certificates, objects.</summary>
[Collection(PcscdAlone.Name)]
public class YubicoToolTests(PrivatePcscd pcscd)
{
    private static readonly string[] Verified = ["-a", "verify-pin", "-P", PivHost.Pin];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_its_status_and_lets_the_holder_change_pin_and_puk()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.P256));

        var status = await host.YubicoAsync(Cancel, "-a", "status");
        Assert.Contains("Serial Number:\t162254319", status, StringComparison.Ordinal);
        Assert.Contains("Subject DN:\tCN=Ada", status, StringComparison.Ordinal);
        Assert.Contains("PIN tries left:\t3", status, StringComparison.Ordinal);

        await host.YubicoAsync(Cancel, Verified);
        Assert.NotEqual(0, (await host.TryYubicoAsync(Cancel, "-a", "verify-pin", "-P", "999999")).ExitCode);
        Assert.Contains("PIN tries left:\t2", await host.YubicoAsync(Cancel, "-a", "status"), StringComparison.Ordinal);
        await host.YubicoAsync(Cancel, "-a", "change-pin", "-P", PivHost.Pin, "-N", "87654321");
        await host.YubicoAsync(Cancel, "-a", "change-puk", "-P", "12345678", "-N", "11223344");
        await host.YubicoAsync(Cancel, "-a", "unblock-pin", "-P", "11223344", "-N", "123123");
        await host.YubicoAsync(Cancel, "-a", "verify-pin", "-P", "123123");
    }

    /// <summary>
    /// The tool of Debian 12 (2.2.0) makes no certificate with any card: "Failed signing certificate on Ubuntu 22.04",
    /// issue 388 of Yubico/yubico-piv-tool. Built with OpenSSL 3 it never comes to ask the card; methods.c says why, and
    /// is loaded in front of OpenSSL for that. Tool and card are as they are.
    /// </summary>
    [Theory]
    [InlineData("9a", "RSA2048")]
    [InlineData("9c", "ECCP384")]
    [InlineData("82", "ECCP256")]
    public async Task A_key_is_generated_and_the_tool_makes_a_certificate_and_a_request_that_it_signed(
        string slot, string algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);

        await host.YubicoAsync(Cancel, "-a", "generate", "-s", slot, "-A", algorithm, "-o", "public.pem");
        await SignAsync(host, "selfsign-certificate", slot, "certificate.pem");
        await SignAsync(host, "request-certificate", slot, "request.pem");

        await host.CheckSelfSignedAsync("certificate.pem", Cancel);
        await host.CheckRequestAsync("request.pem", Cancel);
        await host.YubicoAsync(Cancel, "-a", "import-certificate", "-s", slot, "-i", "certificate.pem");
        await host.YubicoAsync(Cancel, "-a", "read-certificate", "-s", slot, "-o", "read.pem");
        Assert.Equal(
            (await File.ReadAllTextAsync(host.File("certificate.pem"), Cancel)).Trim(),
            (await File.ReadAllTextAsync(host.File("read.pem"), Cancel)).Trim());
        var test = await host.YubicoAsync(
            Cancel, [.. Verified, "-a", "test-signature", "-s", slot, "-i", "certificate.pem"]);
        Assert.Contains("Successful", test, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_come_from_outside_and_objects_and_the_management_key_change()
    {
        const string NewKey = "0102030405060708090A0B0C0D0E0F101112131415161718";
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(host.File("rsa.pem"), rsa.ExportRSAPrivateKeyPem(), Cancel);
        await File.WriteAllTextAsync(host.File("message"), "a message", Cancel);

        await host.YubicoAsync(Cancel, "-a", "import-key", "-s", "9a", "-i", "rsa.pem");
        await host.YubicoAsync(
            Cancel,
            [
                .. Verified, "--sign", "-s", "9a", "-A", "RSA2048", "-H", "SHA256",
                "-i", "message", "-o", "signature",
            ]);
        Assert.True(rsa.VerifyData(
            await File.ReadAllBytesAsync(host.File("message"), Cancel),
            await File.ReadAllBytesAsync(host.File("signature"), Cancel),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));

        var before = await host.YubicoAsync(Cancel, "-a", "status");
        await host.YubicoAsync(Cancel, "-a", "set-chuid");
        await host.YubicoAsync(Cancel, "-a", "set-ccc");
        Assert.NotEqual(before, await host.YubicoAsync(Cancel, "-a", "status"), StringComparer.Ordinal);

        await host.YubicoAsync(Cancel, "-a", "set-mgm-key", "-n", NewKey);
        Assert.NotEqual(0, (await host.TryYubicoAsync(Cancel, "-a", "set-chuid")).ExitCode);
        await host.YubicoAsync(Cancel, $"-k{NewKey}", "-a", "set-chuid");
    }

    private static async Task SignAsync(PivHost host, string action, string slot, string file)
    {
        var methods = host.File("methods.so");
        await host.RunAsync(
            "gcc", "/usr/bin/gcc", Cancel,
            "-shared", "-fPIC", "-o", methods, Path.Combine(Path.GetDirectoryName(Here())!, "methods.c"), "-ldl");
        await host.RunAsync(
            "coreutils", "/usr/bin/env", Cancel,
            [
                $"LD_PRELOAD={methods}", "/usr/bin/yubico-piv-tool", "-r", "Virtual", .. Verified, "-a", action, "-s", slot,
                "-S", "/CN=Made here/", "-i", "public.pem", "-o", file,
            ]);
    }

    private static string Here([CallerFilePath] string file = "") => file;
}

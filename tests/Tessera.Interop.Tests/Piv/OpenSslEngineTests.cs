using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>OpenSSL uses the keys of the card in place of files: by its engine for PKCS#11, and OpenSC behind that.</summary>
[Collection(PcscdAlone.Name)]
public class OpenSslEngineTests(PrivatePcscd pcscd)
{
    private const string Engine = "/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so";
    private const string Said = "a message of some length, to be signed";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.P384)]
    public async Task It_makes_a_certificate_of_the_key_and_signs_messages_by_it(PivAlgorithm algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, algorithm));
        await File.WriteAllTextAsync(host.File("message"), Said, Cancel);

        await ByEngineAsync(
            host, "req", "-x509", "-new", "-key", Key("01"), "-subj", "/CN=Made here", "-days", "30", "-out", "certificate.pem");
        await ByEngineAsync(
            host, "cms", "-sign", "-in", "message", "-signer", "certificate.pem", "-inkey", Key("01"), "-binary", "-nodetach",
            "-outform", "DER", "-out", "signed");

        await host.CheckSelfSignedAsync("certificate.pem", Cancel);
        await host.OpenSslAsync(
            Cancel, "cms", "-verify", "-inform", "DER", "-in", "signed", "-CAfile", "certificate.pem", "-purpose", "any",
            "-binary", "-out", "read");
        Assert.Equal(Said, await File.ReadAllTextAsync(host.File("read"), Cancel));
    }

    [Fact]
    public async Task It_reads_what_was_enciphered_for_the_certificate_on_the_card()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9D, PivAlgorithm.Rsa2048));
        await File.WriteAllTextAsync(host.File("message"), Said, Cancel);
        await host.Pkcs11Async(Cancel, "-r", "-y", "cert", "--id", "03", "-o", "ada.der");
        await host.OpenSslAsync(Cancel, "x509", "-inform", "DER", "-in", "ada.der", "-out", "ada.pem");

        await host.OpenSslAsync(
            Cancel, "cms", "-encrypt", "-aes256", "-binary", "-in", "message", "-outform", "DER", "-out", "sealed", "ada.pem");
        await ByEngineAsync(
            host, "cms", "-decrypt", "-recip", "ada.pem", "-inkey", Key("03"), "-binary", "-inform", "DER", "-in", "sealed",
            "-out", "read");

        Assert.Equal(Said, await File.ReadAllTextAsync(host.File("read"), Cancel));
    }

    private static string Key(string id) => $"pkcs11:id=%{id};type=private;pin-value={PivHost.Pin}";

    private static async Task ByEngineAsync(PivHost host, string command, params string[] arguments)
    {
        if (!File.Exists(Engine)) Assert.Skip("install libengine-pkcs11-openssl");
        await host.RunAsync(
            "openssl", "/usr/bin/env", Cancel,
            [
                $"PKCS11_MODULE_PATH={PivHost.Module}", "/usr/bin/openssl", command, "-engine", "pkcs11", "-keyform", "engine",
                .. arguments,
            ]);
    }
}

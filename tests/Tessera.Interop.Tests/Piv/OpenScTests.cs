using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>The PIV card as OpenSC sees it, which takes it for any other; OpenSSL checks what it signed.</summary>
[Collection(PcscdAlone.Name)]
public class OpenScTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_known_by_name_and_lists_keys_and_certificates()
    {
        await using var host = await PivHost.InsertAsync(
            pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.Rsa2048), PivHost.Key(0x9C, PivAlgorithm.P384));

        Assert.Equal("Personal Identity Verification Card", (await OpenScTool.RunAsync(pcscd, Cancel, "-n")).Trim());
        var slots = await host.Pkcs11Async(Cancel, "-L");
        Assert.Contains("token label        : Ada", slots, StringComparison.Ordinal);
        Assert.Contains("PIN initialized", slots, StringComparison.Ordinal);
        var objects = await host.Pkcs11Async(Cancel, "-O", "--login", "--pin", PivHost.Pin);
        foreach (var expected in new[]
        {
            "Certificate for PIV Authentication", "Certificate for Digital Signature", "PIV AUTH key", "SIGN key",
            "PIV AUTH pubkey", "SIGN pubkey", "Card Holder Unique Identifier", "Card Capability Container",
            "Discovery Object", "RSA 2048 bits", "EC_POINT 384 bits",
        })
            Assert.Contains(expected, objects, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_signs_and_deciphers_by_RSA_as_OpenSSL_wants_it()
    {
        await using var host = await PivHost.InsertAsync(
            pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.Rsa2048), PivHost.Key(0x9D, PivAlgorithm.Rsa3072));

        await SignAsync(host, "01", "SHA256-RSA-PKCS");
        await VerifyAsync(host, "-sha256");
        await SignAsync(host, "01", "SHA512-RSA-PKCS-PSS");
        await VerifyAsync(host, "-sha512", "-sigopt", "rsa_padding_mode:pss");

        await PublicKeyAsync(host, "03");
        await host.OpenSslAsync(
            Cancel, "pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem", "-in", "message", "-out", "cipher");
        await host.Pkcs11Async(
            Cancel, "--login", "--pin", PivHost.Pin, "--decrypt", "--id", "03", "-m", "RSA-PKCS",
            "--input-file", "cipher", "--output-file", "plain");
        Assert.Equal(
            await File.ReadAllBytesAsync(host.File("message"), Cancel),
            await File.ReadAllBytesAsync(host.File("plain"), Cancel));
    }

    /// <summary>9C takes a VERIFY for each signature, which the tool gives it.</summary>
    [Theory]
    [InlineData(PivAlgorithm.P256, "ECDSA-SHA256", "-sha256")]
    [InlineData(PivAlgorithm.P384, "ECDSA-SHA384", "-sha384")]
    public async Task It_signs_and_agrees_by_curves_as_OpenSSL_wants_it(
        PivAlgorithm algorithm, string mechanism, string digest)
    {
        await using var host = await PivHost.InsertAsync(
            pcscd, Cancel, PivHost.Key(0x9C, algorithm), PivHost.Key(0x9D, algorithm));

        await SignAsync(host, "02", mechanism, "--signature-format", "openssl");
        await VerifyAsync(host, digest);

        using var other = ECDiffieHellman.Create(
            algorithm == PivAlgorithm.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        await File.WriteAllBytesAsync(host.File("other.der"), other.ExportSubjectPublicKeyInfo(), Cancel);
        await host.Pkcs11Async(
            Cancel, "--login", "--pin", PivHost.Pin, "--derive", "--id", "03", "-m", "ECDH1-DERIVE",
            "--input-file", "other.der", "--output-file", "secret");
        await PublicKeyAsync(host, "03");
        using var card = ECDiffieHellman.Create();
        card.ImportFromPem(await File.ReadAllTextAsync(host.File("public.pem"), Cancel));
        using var key = card.PublicKey;
        Assert.Equal(other.DeriveRawSecretAgreement(key), await File.ReadAllBytesAsync(host.File("secret"), Cancel));
    }

    [Fact]
    public async Task The_tool_makes_a_card_with_four_keys_and_the_test_of_pkcs11_tool_finds_no_errors()
    {
        await using var host = await PivHost.ServeAsync(pcscd, Cancel);

        var objects = await host.Pkcs11Async(Cancel, "-O", "--login", "--pin", PivHost.Pin);

        foreach (var key in new[] { "PIV AUTH key", "SIGN key", "KEY MAN key", "CARD AUTH key" })
            Assert.Contains(key, objects, StringComparison.Ordinal);
        var test = await host.Pkcs11Async(Cancel, "--login", "--pin", PivHost.Pin, "--test");
        Assert.Contains("No errors", test, StringComparison.Ordinal);
        Assert.Contains("RSA-X-509: OK", test, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_pin_signs_nothing()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.P256));

        var (exitCode, said) = await host.TryAsync(
            "opensc", "/usr/bin/pkcs11-tool", Cancel,
            "--module", PivHost.Module, "--login", "--pin", "999999", "--sign", "-m", "ECDSA");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("CKR_PIN_INCORRECT", said, StringComparison.Ordinal);
    }

    private static async Task SignAsync(PivHost host, string id, string mechanism, params string[] more)
    {
        await PublicKeyAsync(host, id);
        await File.WriteAllTextAsync(host.File("message"), "a message of some length, to be signed", Cancel);
        await host.Pkcs11Async(
            Cancel,
            [
                "--login", "--pin", PivHost.Pin, "--sign", "--id", id, "-m", mechanism, .. more,
                "--input-file", "message", "--output-file", "signature",
            ]);
    }

    private static async Task VerifyAsync(PivHost host, params string[] how) =>
        Assert.Contains(
            "Verified OK",
            await host.OpenSslAsync(
                Cancel, ["dgst", .. how, "-verify", "public.pem", "-signature", "signature", "message"]),
            StringComparison.Ordinal);

    private static async Task PublicKeyAsync(PivHost host, string id)
    {
        await host.Pkcs11Async(
            Cancel, "--read-object", "--type", "cert", "--id", id, "--output-file", "certificate.der");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(host.File("certificate.der"));
        var key = PemEncoding.WriteString("PUBLIC KEY", certificate.PublicKey.ExportSubjectPublicKeyInfo());
        await File.WriteAllTextAsync(host.File("public.pem"), key, Cancel);
    }
}

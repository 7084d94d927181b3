using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>The PIV card as yubico-piv-tool manages it: PIN, keys, certificates, objects.</summary>
[Collection(PcscdAlone.Name)]
public class YubicoToolTests(PrivatePcscd pcscd)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
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
    /// The tool of Debian 12 (2.2.0) makes no certificate itself: linked with OpenSSL 3 its selfsign-certificate fails
    /// before it asks the card, whatever card that is. So it signs for the platform, which makes one.
    /// </summary>
    [Theory]
    [InlineData("9a", "RSA2048", PivAlgorithm.Rsa2048)]
    [InlineData("9c", "ECCP384", PivAlgorithm.P384)]
    [InlineData("82", "ECCP256", PivAlgorithm.P256)]
    public async Task A_key_is_generated_and_gets_a_certificate_that_it_signed(
        string slot, string name, PivAlgorithm algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);

        await host.YubicoAsync(Cancel, "-a", "generate", "-s", slot, "-A", name, "-o", "public.pem");
        using (var certificate = await SelfSignAsync(host, slot, name, algorithm))
            await File.WriteAllTextAsync(host.File("certificate.pem"), certificate.ExportCertificatePem(), Cancel);

        Assert.Contains(
            "OK",
            await host.OpenSslAsync(Cancel, "verify", "-CAfile", "certificate.pem", "-check_ss_sig", "certificate.pem"),
            StringComparison.Ordinal);
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

    /// <summary>Has the tool sign by the card what a certificate of the key in public.pem says.</summary>
    private static async Task<X509Certificate2> SelfSignAsync(
        PivHost host, string slot, string name, PivAlgorithm algorithm)
    {
        var pem = await File.ReadAllTextAsync(host.File("public.pem"), Cancel);
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        CertificateRequest request;
        X509SignatureGenerator names;
        if (algorithm.IsRsa())
        {
            rsa.ImportFromPem(pem);
            request = new CertificateRequest("CN=Made here", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            names = X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1);
        }
        else
        {
            ec.ImportFromPem(pem);
            request = new CertificateRequest("CN=Made here", ec, HashAlgorithmName.SHA256);
            names = X509SignatureGenerator.CreateForECDsa(ec);
        }

        var heard = new Dictated(names, []);
        request.Create(request.SubjectName, heard, Start, Start.AddYears(20), [1]).Dispose();
        await File.WriteAllBytesAsync(host.File("said"), heard.Said, Cancel);
        await host.YubicoAsync(
            Cancel, [.. Verified, "--sign", "-s", slot, "-A", name, "-H", "SHA256", "-i", "said", "-o", "signature"]);
        var signed = new Dictated(names, await File.ReadAllBytesAsync(host.File("signature"), Cancel));
        return request.Create(request.SubjectName, signed, Start, Start.AddYears(20), [1]);
    }

    /// <summary>Hears what is to be signed, and gives a signature that was made elsewhere.</summary>
    private sealed class Dictated(X509SignatureGenerator names, byte[] signature) : X509SignatureGenerator
    {
        public byte[] Said { get; private set; } = [];

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            names.GetSignatureAlgorithmIdentifier(hashAlgorithm);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
        {
            Said = data;
            return signature;
        }

        protected override PublicKey BuildPublicKey() => names.PublicKey;
    }
}

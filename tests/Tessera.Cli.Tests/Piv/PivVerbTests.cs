using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Piv;
using Xunit;

namespace Tessera.Cli.Tests.Piv;

/// <summary><c>tessera piv</c> at a card in software; at a reader it is tried with other people's programs.</summary>
public sealed class PivVerbTests : IDisposable
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");

    private readonly TempFolder _folder = new();

    public PivVerbTests()
    {
        using var personalisation = Personalisation.Demonstration(
            Card, piv: PivPersonalisation.Demonstration(Card, DateTimeOffset.UnixEpoch, []));
        using var medium = FileMedium.Create(Image);
        CardImage.Create(medium, personalisation);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.File("card.img");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_encrypted_key_is_brought_in_by_its_passphrase_and_signs_by_a_PIN_out_of_the_environment()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
        await WriteAsync("key.pem", key.ExportEncryptedPkcs8PrivateKeyPem("a passphrase", pbe));
        using var certificate = new CertificateRequest("CN=Ada", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        await WriteAsync("certificate.pem", certificate.ExportCertificatePem());
        await WriteAsync("message", "a message");
        string[] import =
            ["import", "--slot", "9C", "--key", _folder.File("key.pem"), "--certificate", _folder.File("certificate.pem")];

        var refused = await RunAsync("", import);
        var brought = await RunAsync("a passphrase\n", [.. import, "--passphrase", "-", "--json"]);
        var signed = await RunAsync(
            "", "sign", "--slot", "9C", "--pin", "env:TESSERA_TEST_PIN", "--json", "--in", _folder.File("message"),
            "--out", _folder.File("signature"));

        Assert.Equal(
            (1, "tessera: The private key is encrypted: its passphrase is wanted.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal((0, ""), (brought.ExitCode, brought.Error));
        Assert.Equal("""{"slot":"9C","key":"p256","certificate":"CN=Ada"}""" + "\n", brought.Output);
        Assert.Equal((0, ""), (signed.ExitCode, signed.Error));
        Assert.Equal("p256", JsonElement.Parse(signed.Output).GetProperty("algorithm").GetString());
        var signature = await File.ReadAllBytesAsync(_folder.File("signature"), Cancel);
        Assert.True(key.VerifyData(
            "a message"u8, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public async Task A_key_that_the_card_made_is_told_to_machines_too()
    {
        var run = await RunAsync("", "generate", "--slot", "82", "--algorithm", "p384", "--json");
        var made = JsonElement.Parse(run.Output);

        Assert.Equal(("82", "p384"), (made.GetProperty("slot").GetString(), made.GetProperty("algorithm").GetString()));
        using var key = ECDsa.Create();
        key.ImportFromPem(made.GetProperty("publicKey").GetString());
        Assert.Equal(384, key.KeySize);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_folder.File(name), text, Cancel);

    private Task<ToolRun> RunAsync(string input, params string[] arguments) => ToolProcess.RunAsync(
        ["piv", .. arguments, "--card", Image], Cancel, input,
        new KeyValuePair<string, string>("TESSERA_TEST_PIN", DemonstrationKeys.Pin));
}

using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>Our client at our card, by short commands as over any reader.</summary>
public class PivClientTests
{
    private static readonly byte[] Message = "hello"u8.ToArray();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_without_the_application_has_no_client()
    {
        using var card = TestCard.Demonstration();

        Assert.Null(await PivClient.SelectAsync(card, Cancel));
    }

    [Fact]
    public async Task It_reads_what_the_card_tells()
    {
        var credential = PivCard.Key(0x9C, PivAlgorithm.P384);
        var certificate = credential.Certificate;
        using var card = TestCard.Open(PivCard.NewImage(credential));
        var piv = (await PivClient.SelectAsync(new CardChannel(card), Cancel))!;

        Assert.Equal(certificate, await piv.CertificateAsync(0x9C, Cancel));
        Assert.Null(await piv.CertificateAsync(0x9A, Cancel));
        Assert.NotNull(await piv.GuidAsync(Cancel));
        Assert.Equal(0x09ABCDEFu, await piv.SerialAsync(Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => piv.CertificateAsync(0x9B, Cancel));
    }

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.P256)]
    public async Task It_has_a_key_made_certified_and_used(PivAlgorithm algorithm)
    {
        using var card = TestCard.Open(PivCard.NewImage());
        var channel = new CardChannel(card);
        var piv = (await PivClient.SelectAsync(channel, Cancel))!;
        var refused = await Assert.ThrowsAsync<CardStatusException>(() => piv.GenerateAsync(0x9A, algorithm, Cancel));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, refused.Status);
        await ManageAsync(piv);

        var made = await piv.GenerateAsync(0x9A, algorithm, Cancel);
        var certificate = PivCard.Key(0x9A).Certificate;
        await piv.WriteCertificateAsync(0x9A, certificate.Memory, Cancel);
        Assert.Equal(certificate, await piv.CertificateAsync(0x9A, Cancel));

        await VerifyAsync(channel);
        var signature = await piv.SignAsync(0x9A, algorithm, PivSignature.Input(algorithm, Message), Cancel);
        Assert.True(Verifies(algorithm, made, signature));
    }

    [Fact]
    public async Task It_brings_a_key_in()
    {
        using var card = TestCard.Open(PivCard.NewImage());
        var channel = new CardChannel(card);
        var piv = (await PivClient.SelectAsync(channel, Cancel))!;
        using var rsa = RSA.Create(2048);
        using var key = PivPrivateKey.OfPem(rsa.ExportPkcs8PrivateKeyPem());
        await ManageAsync(piv);

        await piv.ImportAsync(0x9A, key, Cancel);

        await VerifyAsync(channel);
        var input = PivSignature.Input(PivAlgorithm.Rsa2048, Message);
        var signature = await piv.SignAsync(0x9A, PivAlgorithm.Rsa2048, input, Cancel);
        Assert.True(rsa.VerifyData(Message, signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task A_wrong_management_key_is_refused()
    {
        using var card = TestCard.Open(PivCard.NewImage());
        var piv = (await PivClient.SelectAsync(card, Cancel))!;
        using var key = new SecretKey(new byte[24]);

        var refused = await Assert.ThrowsAsync<CardStatusException>(
            () => piv.AuthenticateAsync(PivAlgorithm.TripleDes, key, Cancel));

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, refused.Status);
    }

    private static bool Verifies(PivAlgorithm algorithm, PivPublicKey key, Bytes signature)
    {
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        if (algorithm.IsRsa())
        {
            rsa.ImportFromPem(key.Pem);
            return rsa.VerifyData(Message, signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        ec.ImportFromPem(key.Pem);
        return ec.VerifyData(Message, signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static async Task ManageAsync(PivClient piv)
    {
        using var key = DemonstrationKeys.CreatePivManagementKey();
        await piv.AuthenticateAsync(PivAlgorithm.TripleDes, key, Cancel);
    }

    private static async Task VerifyAsync(CardChannel card)
    {
        using var pin = PinBlock.OfPin(DemonstrationKeys.Pin);
        using var verify = PinCommands.Verify(pin);
        Assert.True((await card.TransmitAsync(verify.Apdu, Cancel)).Status.IsSuccess);
    }
}

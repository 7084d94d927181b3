using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>A card makes its keys, asks for their certificates itself, and proves itself with them.</summary>
public sealed class EnrolmentTests : IDisposable
{
    private static readonly DateTimeOffset Now = PivCard.Made.AddDays(1);

    private readonly TestCard _card = TestCard.Open(PivCard.NewImage());
    private readonly PinBlock _pin = PinBlock.OfPin(DemonstrationKeys.Pin);
    private readonly Authority _authority = Authority.Create("CN=Town cards", PivCard.Made);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0x9A, PivAlgorithm.Rsa2048, X509KeyUsageFlags.DigitalSignature)]
    [InlineData(0x9C, PivAlgorithm.P384, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)]
    [InlineData(0x9E, PivAlgorithm.P256, X509KeyUsageFlags.DigitalSignature)]
    public async Task A_key_that_was_made_on_the_card_gets_a_certificate_that_is_trusted(
        byte reference, PivAlgorithm algorithm, X509KeyUsageFlags usage)
    {
        var channel = new CardChannel(_card);
        var enrolment = await BeginAsync(channel);

        var request = await enrolment.RequestAsync(reference, algorithm, "CN=Ada", _pin, Cancel);
        using var certificate = _authority.Issue(request.Span, reference, Now, Now.AddYears(3));
        await enrolment.ImportAsync(reference, certificate, _pin, Cancel);

        Assert.Equal(usage, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.InRange(certificate.SerialNumberBytes.Length, 16, 16);
        await VerifyAsync(channel);
        using var trust = TrustStore.Of(
            [_authority.Certificate], lists: [RevocationList.Read(_authority.List([], 1, Now, Now.AddDays(7)))]);
        var identity = (await CardIdentity.ReadAsync(channel, Cancel))!.Judged(trust, Now.AddDays(1));
        identity = await identity.ProvenAsync(channel, reference, default, Cancel);
        var key = Assert.Single(identity.Keys);
        Assert.Equal(("CN=Ada", "CN=Town cards", algorithm), (key.Subject, key.Issuer, key.Algorithm));
        Assert.True(key.IsAuthentic);
    }

    [Fact]
    public async Task A_certificate_of_another_key_is_not_written()
    {
        var enrolment = await BeginAsync(new CardChannel(_card));
        var request = await enrolment.RequestAsync(0x9A, PivAlgorithm.P256, "CN=Ada", _pin, Cancel);
        using var old = _authority.Issue(request.Span, 0x9A, Now, Now.AddYears(1));
        await enrolment.RequestAsync(0x9A, PivAlgorithm.P256, "CN=Ada", _pin, Cancel);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => enrolment.ImportAsync(0x9A, old, _pin, Cancel));

        Assert.Equal("Key 9A of the card is not that of the certificate; nothing was written.", refused.Message);
        Assert.Empty((await CardIdentity.ReadAsync(new CardChannel(_card), Cancel))!.Keys);
    }

    [Fact]
    public async Task What_cannot_be_asked_for_is_refused_before_a_key_is_lost()
    {
        var enrolment = await BeginAsync(new CardChannel(_card));

        await Assert.ThrowsAsync<ArgumentException>(
            () => enrolment.RequestAsync(0x9D, PivAlgorithm.P256, "CN=Ada", _pin, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(
            () => enrolment.RequestAsync(0x9A, PivAlgorithm.P256, "Ada", _pin, Cancel));
    }

    [Fact]
    public async Task An_authority_signs_only_what_the_key_in_it_signed_and_only_for_as_long_as_it_lives()
    {
        var enrolment = await BeginAsync(new CardChannel(_card));
        var request = (await enrolment.RequestAsync(0x9A, PivAlgorithm.P256, "CN=Ada", _pin, Cancel)).ToArray();
        var forged = request.ToArray();
        forged[^1] ^= 1;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var other = new CertificateRequest("CN=Ada", key, HashAlgorithmName.SHA256).CreateSigningRequest();

        Assert.ThrowsAny<CryptographicException>(() => _authority.Issue(forged, 0x9A, Now, Now.AddYears(1)));
        Assert.ThrowsAny<CryptographicException>(() => _authority.Issue([1, 2, 3], 0x9A, Now, Now.AddYears(1)));
        Assert.Throws<ArgumentException>(() => _authority.Issue(other, 0x9A, Now, Now.AddYears(1)));
        Assert.Throws<ArgumentException>(() => _authority.Issue(request, 0x9A, Now, Now.AddYears(20)));
        Assert.Throws<ArgumentException>(() => _authority.Issue(request, 0x9A, Now, Now));
        Assert.Throws<ArgumentException>(() => _authority.Issue(request, 0x9B, Now, Now.AddYears(1)));
        using var named = _authority.Issue(request, 0x9A, Now, Now.AddYears(1), "CN=Grace");
        Assert.Equal("CN=Grace", named.Subject);
    }

    [Fact]
    public async Task A_card_that_has_a_name_keeps_it()
    {
        var enrolment = await BeginAsync(new CardChannel(_card));
        var piv = (await PivClient.SelectAsync(new CardChannel(_card), Cancel))!;
        var before = await piv.GuidAsync(Cancel);

        Assert.Equal(before, await enrolment.NameAsync(new DateOnly(2030, 1, 1), Cancel));

        await piv.WriteAsync(PivCommands.Chuid, Wire.Bytes.Empty, Cancel);
        Assert.Null(await piv.GuidAsync(Cancel));
        var fresh = await enrolment.NameAsync(new DateOnly(2030, 1, 1), Cancel);
        Assert.Equal(fresh, await piv.GuidAsync(Cancel));
        Assert.NotEqual(before, fresh);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _pin.Dispose();
        _card.Dispose();
    }

    private static async Task<Enrolment> BeginAsync(CardChannel channel)
    {
        var piv = (await PivClient.SelectAsync(channel, Cancel))!;
        using var key = DemonstrationKeys.CreatePivManagementKey();
        await piv.AuthenticateAsync(PivAlgorithm.TripleDes, key, Cancel);
        return new Enrolment(piv, channel);
    }

    private async Task VerifyAsync(CardChannel channel)
    {
        using var verify = PinCommands.Verify(_pin);
        Assert.True((await channel.TransmitAsync(verify.Apdu, Cancel)).Status.IsSuccess);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Identity;

/// <summary>Cards of other makers, honest and not.</summary>
public sealed class CardIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Made.AddDays(10);

    private readonly TestAuthority _root = TestAuthority.Root("CN=Root", Made);
    private readonly List<AsymmetricAlgorithm> _keys = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_is_read_judged_and_proven_from_nothing_but_its_channel()
    {
        var card = new ForeignCard();
        Give(card, 0x9A, Rsa(), X509KeyUsageFlags.DigitalSignature);
        Give(card, 0x9C, P384(), X509KeyUsageFlags.NonRepudiation);
        Give(card, 0x9E, P256(), X509KeyUsageFlags.DigitalSignature, "2.16.840.1.101.3.6.8");
        Give(card, 0x82, Rsa(), X509KeyUsageFlags.KeyEncipherment);
        Give(card, 0x95, Agreeing(), X509KeyUsageFlags.KeyAgreement);
        var channel = new CardChannel(card);

        var identity = await ReadAsync(channel);
        Assert.Equal([0x9A, 0x9C, 0x9E, 0x82, 0x95], identity.Keys.Select(key => (int)key.Reference));
        Assert.Equal("CN=Key 9C", identity.Find(0x9C)!.Subject);
        Assert.Null(identity.Find(0x9D));

        identity = Judged(identity);
        Assert.All(identity.Keys, key => Assert.Equal("trusted", key.Verdict!.Words));
        Assert.All(identity.Keys, key => Assert.False(key.IsAuthentic));

        identity = await identity.ProvenAsync(channel, 0x9E, default, Cancel);
        Assert.True(identity.Find(0x9E)!.IsAuthentic);
        identity = await identity.ProvenAsync(channel, 0x9A, default, Cancel);
        Assert.Equal("wants the PIN first", identity.Find(0x9A)!.Proof!.Words);

        await VerifyAsync(channel);
        foreach (var key in identity.Keys)
            identity = await identity.ProvenAsync(channel, key.Reference, new Bytes((byte[])[1, 2, 3]), Cancel);
        Assert.All(identity.Keys, key => Assert.True(key.IsAuthentic));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    public async Task Answers_come_in_whatever_parts_a_card_likes(int first)
    {
        var card = new ForeignCard { FirstPart = first };
        Give(card, 0x9A, Rsa(), X509KeyUsageFlags.DigitalSignature);
        var channel = new CardChannel(card);
        await VerifyAsync(channel);

        var identity = await (await ReadAsync(channel)).ProvenAsync(channel, 0x9A, default, Cancel);

        Assert.Equal(ProofState.Proven, Assert.Single(identity.Keys).Proof!.State);
    }

    [Theory]
    [InlineData(0x01, false)]
    [InlineData(0x80, false)]
    [InlineData(0x01, true)]
    public async Task Compressed_certificates_are_read(byte how, bool zlib)
    {
        var card = new ForeignCard();
        using var certificate = Give(card, 0x9A, P256(), X509KeyUsageFlags.DigitalSignature);
        card.Put(0x9A, certificate.RawData, how, zlib);

        var key = Assert.Single((await ReadAsync(card)).Keys);

        Assert.Equal(new Bytes(certificate.RawData), key.Certificate);
    }

    [Fact]
    public async Task Habits_of_other_makers_are_no_hindrance()
    {
        // A label, and an object behind the template: answer of an Oberthur card (PivApplet, issue 15).
        var card = new ForeignCard
        {
            Template = "61394F0BA00000030800001000010079074F05A000000308500E49442D4F6E652050495620"
                + "42494F5F50107777772E6F626572746875722E636F6D7F66080202800002028000",
            KnowsShortName = true,
            WantsNoLe = true,
        };

        // The name of a card by NIST's test authority, with the length of its buffer in front and without its signature
        // (yubico-piv-tool, pull 52).
        card.Objects[0x5FC102] = ForeignCard.Long(0x53, Convert.FromHexString(
            "EE02F9053019D6501858210C2D3171B525A1685A08C92ADE0A6186501843E2"
            + "341031323334353637383930313233343536350832303039303832343D00"));
        card.Objects[0x7E] = Convert.FromHexString("7E124F0BA0000003080000100001005F2F026020");
        card.Objects[0x5FC10C] = Convert.FromHexString("5308C10101C20100FE00");
        Give(card, 0x82, Rsa(), X509KeyUsageFlags.KeyEncipherment);
        Give(card, 0x83, Rsa(), X509KeyUsageFlags.KeyEncipherment);

        var identity = await ReadAsync(card);

        Assert.Equal("ID-One PIV BIO", identity.Application.Label);
        Assert.Equal(Guid.ParseExact("31323334353637383930313233343536", "N"), identity.Name);
        Assert.Equal(new PivDiscovery(GlobalPin: true, PrefersGlobalPin: true), identity.Discovery);
        Assert.Equal([0x82], identity.Keys.Select(key => (int)key.Reference));
    }

    [Fact]
    public async Task The_name_of_a_YubiKey_is_read_as_it_was_recorded()
    {
        // framefilter/keyroost, issue 147, firmware 5.7.4.
        var card = new ForeignCard();
        card.Objects[0x5FC102] = Convert.FromHexString(
            "533B3019D4E739DA739CED39CE739D836858210842108421C84210C3EB3410642446FE42EE4935AD12D9614ED0AEDA"
            + "350832303330303130313E00FE00");

        var identity = await ReadAsync(card);

        Assert.Equal(Guid.ParseExact("642446FE42EE4935AD12D9614ED0AEDA", "N"), identity.Name);
        Assert.Empty(identity.Keys);
        Assert.Null(identity.Discovery);
    }

    [Fact]
    public async Task A_card_with_the_certificate_of_another_is_found_out()
    {
        var card = new ForeignCard();
        var twins = new (byte Reference, AsymmetricAlgorithm Key, AsymmetricAlgorithm Other)[]
        {
            (0x9E, P256(), P256()), (0x9A, Rsa(), Rsa()), (0x82, Rsa(), Rsa()), (0x83, Agreeing(), Agreeing()),
        };
        foreach (var (reference, key, other) in twins)
        {
            Give(card, reference, key, X509KeyUsageFlags.DigitalSignature);
            card.Keys[reference] = other;
        }

        var channel = new CardChannel(card);
        await VerifyAsync(channel);
        var identity = Judged(await ReadAsync(channel));
        foreach (var key in identity.Keys) identity = await identity.ProvenAsync(channel, key.Reference, default, Cancel);

        Assert.All(identity.Keys, key => Assert.Equal("does not have the key of its certificate", key.Proof!.Words));
        Assert.All(identity.Keys, key => Assert.False(key.IsAuthentic));
    }

    [Fact]
    public void An_answer_to_one_challenge_is_none_to_another()
    {
        using var key = P256();
        using var certificate = _root.Issue("CN=Ada", key, Made, Made.AddYears(1));
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(32));
        var context = new Bytes((byte[])[1, 2]);
        using var first = KeyChallenge.Sign(0x9E, certificate, context, nonce);
        using var again = KeyChallenge.Sign(0x9E, certificate, context, nonce);
        using var elsewhere = KeyChallenge.Sign(0x9E, certificate, new Bytes((byte[])[1, 3]), nonce);
        using var later = KeyChallenge.Create(0x9E, certificate, context)!;
        var input = first.Command.Data.Memory[^32..];
        var answer = new ResponseApdu(
            new Bytes(ForeignCard.Long(0x7C, ForeignCard.Long(0x82, key.SignHash(
                input.ToArray(), DSASignatureFormat.Rfc3279DerSequence)))), StatusWord.Success);

        Assert.Equal(ProofState.Proven, first.Check(answer).State);
        Assert.Equal(ProofState.Proven, again.Check(answer).State);
        Assert.Equal(ProofState.OtherKey, elsewhere.Check(answer).State);
        Assert.Equal(ProofState.OtherKey, later.Check(answer).State);
        Assert.Equal(ProofState.OtherKey, first.Check(answer with { Data = Bytes.Empty }).State);
        Assert.Equal(ProofState.OtherKey, first.Check(answer with { Data = Bytes.FromHex("7C028200") }).State);
        Assert.Equal("refused with 6A80", first.Check(new ResponseApdu(StatusWord.WrongData)).Words);
    }

    [Fact]
    public async Task What_a_hostile_card_puts_in_the_place_of_a_certificate_is_named_and_the_rest_is_read()
    {
        var card = new ForeignCard();
        Give(card, 0x9E, P256(), X509KeyUsageFlags.DigitalSignature);
        card.Put(0x9A, [0x30, 0x03, 0x02, 0x01, 0x01]);
        card.Put(0x9C, new byte[100_000], 0x01);
        card.Objects[0x5FC10B] = [0x53, 0x82, 0xFF, 0xFF, 0x70];
        card.Objects[0x5FC10D] = ForeignCard.Long(0x53, [.. ForeignCard.Long(0x70, [0x1F, 0x8B, 0x08, 0x00]), 0x71, 0x01, 0x01]);
        card.Objects[0x5FC10E] = [0x54, 0x00];
        card.Objects[0x5FC10F] = ForeignCard.Long(0x53, new byte[40_000]);
        card.Objects[0x5FC102] = [0x53, 0x81];
        card.Objects[0x5FC10C] = [0x53, 0x03, 0xC1, 0x01, 0xFF];
        card.Objects[0x7E] = [0x7E, 0x02, 0x5F, 0x2F];

        var identity = Judged(await ReadAsync(card));

        Assert.Equal([0x9A, 0x9C, 0x9D, 0x9E, 0x82, 0x83], identity.Keys.Select(key => (int)key.Reference));
        Assert.All(identity.Keys, key => Assert.Equal(key.Reference == 0x9E, key.Fault is null));
        Assert.StartsWith("is no certificate: ", identity.Find(0x9A)!.Fault, StringComparison.Ordinal);
        Assert.Equal("certificate at octet 0: has more than 32768 octets", identity.Find(0x9C)!.Fault);
        Assert.Null(identity.Name);
        Assert.Null(identity.Discovery);
        var asked = card.Commands;
        Assert.Same(identity, await identity.ProvenAsync(card, 0x9A, default, Cancel));
        Assert.Equal(asked, card.Commands);
    }

    [Fact]
    public void A_certificate_altered_anywhere_breaks_nothing()
    {
        var card = new ForeignCard();
        using var certificate = Give(card, 0x9E, P256(), X509KeyUsageFlags.DigitalSignature);
        using var trust = TrustStore.Of([_root.Certificate]);
        var der = certificate.RawData;
        for (var at = 0; at < der.Length; at++)
        {
            var altered = der.ToArray();
            altered[at] ^= (byte)(1 << (at % 8));
            var key = CardKey.Of(0x9E, new Bytes(altered)).Judged(trust, Now, RevocationCheck.None);
            if (key.Fault is null) Assert.False(key.Verdict!.IsTrusted, $"octet {at}");
        }

        Assert.True(CardKey.Of(0x9E, new Bytes(der)).Judged(trust, Now, RevocationCheck.None).Verdict!.IsTrusted);
    }

    [Fact]
    public async Task A_card_without_the_application_is_none()
    {
        var card = new ScriptedCard(
            ("00A404000BA00000030800001000010000", "6A82"), ("00A4040009A0000003080000100000", "6A82"));

        Assert.Null(await CardIdentity.ReadAsync(card, Cancel));
        card.HasAnsweredAll();
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
        _root.Dispose();
    }

    private static async Task<CardIdentity> ReadAsync(ICardChannel card) =>
        Assert.IsType<CardIdentity>(await CardIdentity.ReadAsync(
            card as CardChannel ?? new CardChannel(card), Cancel));

    private static async Task VerifyAsync(CardChannel channel)
    {
        using var pin = PinBlock.OfPin("123456");
        using var verify = PinCommands.Verify(pin);
        Assert.True((await channel.TransmitAsync(verify.Apdu, Cancel)).Status.IsSuccess);
    }

    private CardIdentity Judged(CardIdentity identity)
    {
        using var trust = TrustStore.Of([_root.Certificate]);
        return identity.Judged(trust, Now, RevocationCheck.None);
    }

    /// <summary>A key with its certificate.</summary>
    private X509Certificate2 Give(
        ForeignCard card, byte reference, AsymmetricAlgorithm key, X509KeyUsageFlags usage, string? purpose = null)
    {
        using var signing = key is ECDiffieHellman agreeing ? ECDsa.Create(agreeing.ExportParameters(true)) : null;
        var certificate = _root.Issue(
            $"CN=Key {reference:X2}", signing ?? key, Made, Made.AddYears(1), new CertificateTraits(Usage: usage, Purpose: purpose));
        card.Put(reference, certificate.RawData);
        card.Keys[reference] = key;
        return certificate;
    }

    private RSA Rsa() => Kept(RSA.Create(2048));

    private ECDsa P256() => Kept(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private ECDsa P384() => Kept(ECDsa.Create(ECCurve.NamedCurves.nistP384));

    private ECDiffieHellman Agreeing() => Kept(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    private T Kept<T>(T key) where T : AsymmetricAlgorithm
    {
        _keys.Add(key);
        return key;
    }
}

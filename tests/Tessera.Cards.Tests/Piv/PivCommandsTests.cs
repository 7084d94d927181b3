using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Piv;

/// <summary>The octets are samples of NIST SP 800-73 and the manual of Yubico.NET.SDK, or as these say.</summary>
public class PivCommandsTests
{
    private static readonly Bytes Hello = new(SHA256.HashData("hello"u8));

    [Fact]
    public void Commands_are_the_octets_of_the_standard()
    {
        Assert.Equal("00A404000BA00000030800001000010000", Hex(PivCommands.Select));
        Assert.Equal("00CB3FFF055C035FC10500", Hex(PivCommands.Read(0x5FC105)));
        Assert.Equal("00DB3FFF095C035FC1025302A1A2", Hex(PivCommands.Write(0x5FC102, Bytes.FromHex("A1A2"))));
        Assert.Equal("0047009A05AC0380011100", Hex(PivCommands.Generate(0x9A, PivAlgorithm.P256)));
        Assert.Equal("0087039B047C02810000", Hex(PivCommands.Challenge(PivAlgorithm.TripleDes)));
        Assert.Equal(
            "0087089B067C048202A1A200", Hex(PivCommands.Answer(PivAlgorithm.Aes128, Bytes.FromHex("A1A2"))));
        Assert.Equal("00FE119C03060101", Hex(PivCommands.Import(0x9C, PivAlgorithm.P256, Bytes.FromHex("060101"))));
        Assert.Equal(
            "0087119C267C24820081202CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B982400",
            Hex(PivCommands.Sign(0x9C, PivAlgorithm.P256, Hello)));
    }

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.Rsa3072)]
    public void A_block_for_RSA_is_what_the_platform_finds_in_its_own_signature(PivAlgorithm algorithm)
    {
        using var rsa = RSA.Create(algorithm.KeyLength() * 8);
        var signature = rsa.SignData("hello"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var key = rsa.ExportParameters(includePrivateParameters: false);

        var opened = System.Numerics.BigInteger.ModPow(Number(signature), Number(key.Exponent!), Number(key.Modulus!));

        Assert.Equal(opened, Number(PivSignature.Input(algorithm, "hello"u8).ToArray()));
    }

    [Fact]
    public void A_curve_gets_the_digest_of_its_length()
    {
        Assert.Equal(Hello, PivSignature.Input(PivAlgorithm.P256, "hello"u8));
        Assert.Equal(new Bytes(SHA384.HashData("hello"u8)), PivSignature.Input(PivAlgorithm.P384, "hello"u8));
        Assert.Throws<ArgumentException>(() => PivSignature.Input(PivAlgorithm.Aes128, "hello"u8));
    }

    [Fact]
    public void Keys_have_their_certificates_where_the_standard_puts_them()
    {
        Assert.Equal(24, PivKeyReference.All.Count);
        Assert.Equal(24, PivKeyReference.All.Select(PivKeyReference.Certificate).Distinct().Count());
        Assert.Equal(0x5FC105u, PivKeyReference.Certificate(0x9A));
        Assert.Equal(0x5FC10Du, PivKeyReference.Certificate(0x82));
        Assert.Equal(0x5FC120u, PivKeyReference.Certificate(0x95));
        Assert.Null(PivKeyReference.Certificate(0x9B));
        Assert.Null(PivKeyReference.Certificate(0x96));
    }

    [Fact]
    public void A_private_key_comes_out_of_every_usual_PEM_and_no_other_kind_of_key()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var first = PivPrivateKey.OfPem(rsa.ExportPkcs8PrivateKeyPem());
        using var second = PivPrivateKey.OfPem(rsa.ExportRSAPrivateKeyPem());
        using var third = PivPrivateKey.OfPem(ec.ExportPkcs8PrivateKeyPem());
        using var fourth = PivPrivateKey.OfPem(ec.ExportECPrivateKeyPem());

        Assert.Equal((PivAlgorithm.Rsa2048, PivAlgorithm.Rsa2048), (first.Algorithm, second.Algorithm));
        Assert.Equal((PivAlgorithm.P384, PivAlgorithm.P384), (third.Algorithm, fourth.Algorithm));
        using var small = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        Assert.Throws<CryptographicException>(() => PivPrivateKey.OfPem(small.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<CryptographicException>(() => PivPrivateKey.OfPem(other.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => PivPrivateKey.OfPem("nothing"));
    }

    private static string Hex(CommandApdu command) => Bytes.Of(command).ToString();

    private static System.Numerics.BigInteger Number(byte[] octets) =>
        new(octets, isUnsigned: true, isBigEndian: true);
}

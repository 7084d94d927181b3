using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §5: a server cannot have anything signed but what was done and shown.</summary>
public class SignatureTests
{
    private static readonly CommandApdu SelectPiv = new(0x00, 0xA4, 0x04, 0x00, AppletPolicies.Piv.Aid, Le: 256);

    private static readonly Bytes Nonce = Bytes.FromHex("B1B2B3B4B5B6B7B8C1C2C3C4C5C6C7C8");

    /// <summary>Written out from the document, octet by octet, without the code under test.</summary>
    [Fact]
    public void The_statement_is_that_of_the_document()
    {
        var stage = new Stage { Situation = CardSituation.Inserted(false), Card = _ => Stage.Answer("9000") };

        stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.DisplayText("OK?"))
            .Send(SelectPiv)
            .VerifyPin()
            .Sign(0x9C, SignatureAlgorithm.EccP256, out _));

        var digest = SHA256.HashData(Bytes.FromHex(
            "54657373657261 01 A1A2A3A4A5A6A7A8 002A 01" +
            "D00F 8103012180 82028102 8D04044F4B3F C702 0100" +
            "2211 00A404000BA00000030800001000010000 2302 9000" +
            "2205 0020008000 2302 9000").Span);
        var statement = SHA256.HashData([
            .. Encoding.ASCII.GetBytes("Tessera signature\0"), .. Stage.Server.Span, 0x00, 0x2A, 0x01, .. digest]);
        Assert.Equal($"0087119C267C2482008120{Convert.ToHexString(statement)}00", stage.Sent[2]);
    }

    [Fact]
    public void An_RSA_signature_is_padded_as_PKCS_1_wants()
    {
        using var rsa = RSA.Create(2048);
        var stage = new Stage { Situation = CardSituation.Inserted(false), Card = _ => Stage.Answer("9000") };

        stage.Play(new ScriptBuilder().Send(SelectPiv).Sign(0x9A, SignatureAlgorithm.Rsa2048, out _));

        var command = Bytes.FromHex(stage.Sent[1]).Read<CommandApdu>();
        Assert.Equal("0087079A", command.Header);
        Assert.Equal(266, command.Data.Length);
        Assert.Equal("7C8201068200818201000001FF", Convert.ToHexString(command.Data.Span[..13]));

        // What a private key makes of the padded block is a signature that the public key accepts.
        var block = new BigInteger(command.Data.Span[10..], isUnsigned: true, isBigEndian: true);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        var signature = BigInteger.ModPow(block, Number(key.D!), Number(key.Modulus!));
        Assert.True(rsa.VerifyHash(Statement(), Octets(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        byte[] Statement()
        {
            var digest = new ScriptDigest(Stage.Server, new ScriptHead(1, 0x2A, 1));
            digest.Sent(SelectPiv, new ResponseApdu(StatusWord.Success));
            return SHA256.HashData(digest.Statement(Bytes.Empty).Span);
        }
    }

    [Theory]
    [InlineData(0x9D, SignatureAlgorithm.EccP256)]
    [InlineData(0x9B, SignatureAlgorithm.EccP256)]
    [InlineData(0x80, SignatureAlgorithm.EccP256)]
    [InlineData(0x9C, (SignatureAlgorithm)0x03)]
    [InlineData(0x9C, (SignatureAlgorithm)0x08)]
    [InlineData(0x9C, (SignatureAlgorithm)0x06)]
    public void Other_keys_and_algorithms_are_refused(byte key, SignatureAlgorithm algorithm)
    {
        var stage = new Stage { Situation = CardSituation.Inserted(false), Card = _ => Stage.Answer("9000") };

        stage.Stops(new ScriptBuilder().Send(SelectPiv).Sign(key, algorithm, out var step), StopReason.NotAllowed, step);

        Assert.Equal(2, stage.Sent.Count);
    }

    [Fact]
    public void A_purse_signs_nothing() =>
        new Stage().Stops(new ScriptBuilder().Sign(0x9C, SignatureAlgorithm.EccP256, out _), StopReason.NotAllowed, 1);

    [Fact]
    public void A_card_that_refuses_to_sign_stops_the_script()
    {
        var stage = OfPiv("6982");

        stage.Stops(new ScriptBuilder().Sign(0x9A, SignatureAlgorithm.EccP384, out _), StopReason.UnexpectedStatus, 1);

        Assert.Single(stage.Trace!.Steps);
        Assert.Equal(new StatusWord(0x6982), Assert.Single(stage.Trace.Signatures).Answer!.Status);
    }

    [Fact]
    public void The_PIN_for_a_signature_says_so()
    {
        var stage = OfPiv("9000");

        stage.Play(Shown().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out _).VerifyPin());

        Assert.Equal(["Order 7", "To sign, PIN:", "PIN:"], stage.Texts);
        Assert.Equal([true, false], stage.Prompts.Select(prompt => prompt.IsForSignature));
    }

    [Fact]
    public void The_card_of_a_card_reader_proves_itself_without_a_PIN()
    {
        var stage = OfPiv("9000");

        stage.Play(new ScriptBuilder().Sign(0x9E, SignatureAlgorithm.EccP256, out _, Nonce));

        Assert.StartsWith("0087119E", stage.Sent[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048, "0087079A")]
    [InlineData(3072, "0087059A")]
    [InlineData(256, "0087119A")]
    [InlineData(384, "0087149A")]
    public void A_card_nobody_knows_signs_as_its_certificate_says(int bits, string header)
    {
        using AsymmetricAlgorithm key = bits > 1000 ? RSA.Create(bits) : bits == 256
            ? ECDsa.Create(ECCurve.NamedCurves.nistP256)
            : ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var stage = OfPiv("9000");
        stage.Card = command => command.Ins == 0xCB
            ? new CardAnswered(new ResponseApdu(CertificateObject(key), StatusWord.Success))
            : Stage.Answer("9000");

        stage.Play(new ScriptBuilder().Send(PivCommands.Read(0x5FC105)).Sign(0x9A, SignatureAlgorithm.OfCertificate, out _));

        Assert.Contains(stage.Sent, sent => sent.StartsWith(header, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("530A 7000 710101 FE00 9000")]
    [InlineData("5307 7000 710100 9000")]
    [InlineData("6A82")]
    public void A_card_whose_certificate_says_nothing_is_asked_for_no_signature(string answer)
    {
        var stage = OfPiv("9000");
        stage.Card = command => Stage.Answer(command.Ins == 0xCB ? answer : "9000");

        stage.Stops(
            new ScriptBuilder().ExpectAnything().Send(PivCommands.Read(0x5FC105))
                .Sign(0x9A, SignatureAlgorithm.OfCertificate, out var step),
            StopReason.NotCapable,
            step);
    }

    [Fact]
    public void A_nonce_is_in_the_statement_before_the_digest()
    {
        var stage = OfPiv("9000");

        stage.Play(new ScriptBuilder().Sign(0x9A, SignatureAlgorithm.EccP256, out _, Nonce));

        var signature = Assert.Single(stage.Trace!.Signatures);
        var digest = SHA256.HashData(Bytes.FromHex("54657373657261 01 A1A2A3A4A5A6A7A8 002A 01").Span);
        Assert.Equal(
            [.. Encoding.ASCII.GetBytes("Tessera signature\0"), .. Stage.Server.Span, 0x00, 0x2A, 0x01, .. Nonce.Span, .. digest],
            signature.Statement.ToArray());
        Assert.Contains(Convert.ToHexString(SHA256.HashData(signature.Statement.Span)), stage.Sent[0], StringComparison.Ordinal);
    }

    [Fact]
    public void No_document_is_signed_that_was_not_shown_and_nobody_is_asked_a_PIN_for_it()
    {
        var stage = OfPiv("9000");

        stage.Stops(
            new ScriptBuilder().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out var step), StopReason.NoItem, step);

        Assert.Empty(stage.Shown);
    }

    [Fact]
    public void A_text_that_goes_by_itself_was_not_agreed_to()
    {
        var stage = OfPiv("9000");

        stage.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Order 7", DisplayQualifier.None))
                .VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out var step),
            StopReason.NoItem,
            step);
    }

    [Fact]
    public void What_was_shown_is_signed_once()
    {
        var stage = OfPiv("9000");

        stage.Stops(
            Shown().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out _)
                .VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out var again),
            StopReason.NoItem,
            again);
    }

    [Fact]
    public void A_PIN_for_something_else_signs_no_document()
    {
        var stage = OfPiv("9000");

        stage.Stops(
            Shown().VerifyPin().Send(PivCommands.Read(0x5FC10A)).Sign(0x9C, SignatureAlgorithm.EccP256, out var step),
            StopReason.PinRule,
            step);
    }

    [Fact]
    public void A_wrong_PIN_is_asked_again_at_the_terminal_and_every_try_is_in_the_answer()
    {
        string[] statuses = ["63C2", "63C1", "9000", "9000"];
        var stage = OfPiv("9000");
        var next = 0;
        stage.Card = _ => Stage.Answer(next < statuses.Length ? statuses[next++] : "9000");

        var answer = stage.Play(Shown().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out _));

        Assert.Equal(
            ["Order 7", "To sign, PIN:", "Wrong, 2 left\nTo sign, PIN:", "Wrong, 1 left\nTo sign, PIN:"], stage.Texts);
        Assert.Equal([null, 2, 1], stage.Prompts.Select(prompt => prompt.TriesLeft));
        Assert.Null(answer.Stopped);
        Assert.Equal(4, answer.Executed);
    }

    [Theory]
    [InlineData("63C0")]
    [InlineData("6983")]
    public void A_blocked_PIN_ends_the_script(string blocked)
    {
        string[] statuses = ["63C1", blocked];
        var stage = OfPiv("9000");
        var next = 0;
        stage.Card = _ => Stage.Answer(next < statuses.Length ? statuses[next++] : "9000");

        stage.Stops(Shown().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out _), StopReason.UnexpectedStatus, 3);
    }

    [Fact]
    public void Who_declines_after_a_wrong_PIN_ends_the_script_and_the_answer_says_so()
    {
        var stage = OfPiv("63C2");
        stage.Holder = perform => perform.Prompt is { TriesLeft: not null }
            ? Stage.Result(perform, GeneralResult.SessionTerminatedByUser)
            : Stage.Agree(perform);

        stage.Stops(Shown().VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out _), StopReason.EndedByHolder, 2);
    }

    [Fact]
    public void Two_statements_of_one_script_differ()
    {
        var stage = OfPiv("9000");

        stage.Play(new ScriptBuilder()
            .Sign(0x9A, SignatureAlgorithm.EccP256, out _).Sign(0x9A, SignatureAlgorithm.EccP256, out _));

        Assert.NotEqual(stage.Sent[0], stage.Sent[1], StringComparer.Ordinal);
    }

    private static Bytes CertificateObject(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest("CN=Ada", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=Ada", (ECDsa)key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return Bytes.Of(new Tlv(0x53, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            Tlv.Write(writer, 0x70, certificate.RawData);
            Tlv.Write(writer, 0x71, [0x00]);
        })));
    }

    private static ScriptBuilder Shown() => new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Order 7"));

    private static Stage OfPiv(string status) => new()
    {
        Situation = new CardSituation(AppletPolicies.Piv, null, false),
        Card = _ => Stage.Answer(status),
    };

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Octets(BigInteger number)
    {
        var (octets, written) = (new byte[256], number.ToByteArray(isUnsigned: true, isBigEndian: true));
        written.CopyTo(octets, octets.Length - written.Length);
        return octets;
    }
}

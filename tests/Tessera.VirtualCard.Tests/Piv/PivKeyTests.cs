using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

public class PivKeyTests
{
    private const string Hash = "0101010101010101010101010101010101010101010101010101010101010101";

    private static readonly byte[] Message = "hello"u8.ToArray();

    [Theory]
    [InlineData(PivAlgorithm.P256, 0x9A)]
    [InlineData(PivAlgorithm.P384, 0x9D)]
    [InlineData(PivAlgorithm.Rsa2048, 0x82)]
    [InlineData(PivAlgorithm.Rsa3072, 0x95)]
    public void A_key_is_made_on_the_card_and_signs_after_the_pin(PivAlgorithm algorithm, byte reference)
    {
        using var card = PivCard.New().Managed();

        var made = card.Send(0x47, 0x00, reference, $"AC038001{(byte)algorithm:X2}");

        Assert.Equal(StatusWord.Success, made.Status);
        using var key = PublicKey.Of(algorithm, made.Data);
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Sign(algorithm, reference, key.Input(Message)).Status);
        card.Send(PivCard.Verify);
        Assert.True(key.Verifies(Message, PivCard.Result(card.Sign(algorithm, reference, key.Input(Message)))));

        using var again = PivCard.Open(card.Image);
        again.Send(PivCard.Verify);
        Assert.True(key.Verifies(Message, PivCard.Result(again.Sign(algorithm, reference, key.Input(Message)))));
    }

    /// <summary>Sample: the hash of "hello"; and each VERIFY is good for one signature.</summary>
    [Fact]
    public void The_signature_key_takes_a_verify_for_each_use()
    {
        const string Sign =
            "0087119C267C24820081202CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B982400";
        using var card = PivCard.New(PivCard.Key(0x9C));
        Assert.Equal("6982", card.Send(Sign));

        card.Send(PivCard.Verify);
        Assert.EndsWith("9000", card.Send(Sign), StringComparison.Ordinal);
        Assert.Equal("6982", card.Send(Sign));
        Assert.Equal("9000", card.Send("00200080"));

        // Sample: OpenSC selects again between.
        card.Send(PivCard.Verify);
        card.Send("00A4040009A0000003080000100000");
        card.Send(PivCard.Verify);
        Assert.StartsWith("7C", card.Send(Sign), StringComparison.Ordinal);
        Assert.Equal("6982", card.Send(Sign));

        card.Send(PivCard.Verify);
        card.Send("0020008008303030303030FFFF");
        Assert.Equal("6982", card.Send(Sign));
        card.Send(PivCard.Verify);
        card.Send("0020FF80");
        Assert.Equal("6982", card.Send(Sign));
    }

    [Fact]
    public void The_card_authentication_key_asks_for_no_pin_and_the_others_once()
    {
        using var card = PivCard.New(PivCard.Key(0x9A), PivCard.Key(0x9E));

        Assert.True(card.Sign(PivAlgorithm.P256, 0x9E, new byte[32]).Status.IsSuccess);
        Assert.False(card.Sign(PivAlgorithm.P256, 0x9A, new byte[32]).Status.IsSuccess);
        card.Send(PivCard.Verify);
        for (var i = 0; i < 3; i++) Assert.True(card.Sign(PivAlgorithm.P256, 0x9A, new byte[32]).Status.IsSuccess);
    }

    [Theory]
    [InlineData(PivAlgorithm.P256)]
    [InlineData(PivAlgorithm.P384)]
    public void Key_management_keys_agree_and_no_others(PivAlgorithm algorithm)
    {
        using var card = PivCard.New(
            PivCard.Key(0x9A, algorithm), PivCard.Key(0x9C, algorithm), PivCard.Key(0x9E, algorithm)).Managed();
        using var host = ECDiffieHellman.Create(
            algorithm == PivAlgorithm.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var q = host.ExportParameters(includePrivateParameters: false).Q;
        byte[] point = [0x04, .. q.X!, .. q.Y!];
        foreach (byte reference in new[] { 0x9D, 0x82, 0x95 })
        {
            using var key = PublicKey.Of(
                algorithm, card.Send(0x47, 0x00, reference, $"AC038001{(byte)algorithm:X2}").Data);
            Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Agree(algorithm, reference, point).Status);
            card.Send(PivCard.Verify);
            Assert.Equal(key.Agree(host), PivCard.Result(card.Agree(algorithm, reference, point)));
            card.Send("0020FF80");
        }

        foreach (byte reference in new[] { 0x9A, 0x9C, 0x9E })
        {
            card.Send(PivCard.Verify);
            Assert.Equal(StatusWord.WrongData, card.Agree(algorithm, reference, point).Status);
        }

        card.Send(PivCard.Verify);
        byte[][] strangers =
        [
            [], point[..^1], [.. point, 0], [0x02, .. point[1..]],
            [.. point[..^1], (byte)(point[^1] ^ 1)], [0x04, .. new byte[point.Length - 1]],
        ];
        foreach (var stranger in strangers)
            Assert.Equal(StatusWord.WrongData, card.Agree(algorithm, 0x9D, stranger).Status);
    }

    [Theory]
    [InlineData("0087119B 06 7C0482008100 00", "6A86")]
    [InlineData($"0087149A 26 7C24 8200 8120 {Hash} 00", "6A86")]
    [InlineData($"0087079A 26 7C24 8200 8120 {Hash} 00", "6A86")]
    [InlineData($"00871182 26 7C24 8200 8120 {Hash} 00", "6A86")]
    [InlineData($"00871196 26 7C24 8200 8120 {Hash} 00", "6A86")]
    [InlineData("0087119A 06 7C04 8200 8100 00", "6A80")]
    [InlineData($"0087119A 27 7C25 8200 8121 {Hash}01 00", "6A80")]
    [InlineData("0087119A 07 7C05 8201AA 8100 00", "6A80")]
    [InlineData("0087119A 05 7C03 810101 00", "6A80")]
    [InlineData("0087119A 08 7C06 8200 8000 8100 00", "6A80")]
    [InlineData("0087119A 02 7C00 00", "6A80")]
    public void What_no_key_can_do_is_refused(string command, string answer)
    {
        using var card = PivCard.New(PivCard.Key(0x9A));
        card.Send(PivCard.Verify);

        Assert.Equal(answer, card.Send(command));
    }

    [Theory]
    [InlineData("0047009A 05 AC03800106 00", "6A80")]
    [InlineData("0047009A 05 AC03800103 00", "6A80")]
    [InlineData("0047009A 06 AC0480021111 00", "6A80")]
    [InlineData("0047009A 08 AC06800111AA0101 00", "6A80")]
    [InlineData("0047009A 02 AC00 00", "6A80")]
    [InlineData("0047009A 06 AC0380011100 00", "6A80")]
    [InlineData("0047019A 05 AC03800111 00", "6A86")]
    [InlineData("0047009B 05 AC03800111 00", "6A86")]
    [InlineData("00470096 05 AC03800111 00", "6A86")]
    [InlineData("00FE119A 03 070101 00", "6A80")]
    [InlineData("00FE119A 03 060101 00", "6A80")]
    [InlineData("00FE079A 03 010101 00", "6A80")]
    [InlineData("00FE089A 03 060101 00", "6A86")]
    [InlineData("00FE119B 03 060101 00", "6A86")]
    public void What_makes_no_key_is_refused(string command, string answer)
    {
        using var card = PivCard.New().Managed();

        Assert.Equal(answer, card.Send(command));
    }

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.P256)]
    [InlineData(PivAlgorithm.P384)]
    public void A_key_comes_from_outside_and_signs(PivAlgorithm algorithm)
    {
        using var card = PivCard.New().Managed();
        using var key = PublicKey.Made(algorithm, out var parts);

        Assert.Equal(StatusWord.Success, card.Send(0xFE, (byte)algorithm, 0x9A, List(parts)).Status);

        card.Send(PivCard.Verify);
        Assert.True(key.Verifies(Message, PivCard.Result(card.Sign(algorithm, 0x9A, key.Input(Message)))));
    }

    [Fact]
    public void Parts_that_make_no_key_are_refused_and_the_old_key_stays()
    {
        using var card = PivCard.New().Managed();
        using var key = PublicKey.Made(PivAlgorithm.Rsa2048, out var parts);
        Assert.Equal(StatusWord.Success, card.Send(0xFE, 0x07, 0x9A, List(parts)).Status);

        for (var part = 0; part < parts.Length; part++)
        {
            var wrong = parts.Select(each => (each.Tag, Value: (byte[])[.. each.Value])).ToArray();
            wrong[part].Value[^2] ^= 1;
            Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x07, 0x9A, List(wrong)).Status);
            wrong[part].Value = wrong[part].Value[1..];
            Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x07, 0x9A, List(wrong)).Status);
            wrong[part].Value = new byte[128];
            Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x07, 0x9A, List(wrong)).Status);
        }

        Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x05, 0x9A, List(parts)).Status);
        Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x11, 0x9A, $"0620{new string('0', 64)}").Status);
        Assert.Equal(StatusWord.WrongData, card.Send(0xFE, 0x11, 0x9A, $"0620{new string('F', 64)}").Status);
        card.Send(PivCard.Verify);
        Assert.True(key.Verifies(
            Message, PivCard.Result(card.Sign(PivAlgorithm.Rsa2048, 0x9A, key.Input(Message)))));
    }

    private static Bytes List((ushort Tag, byte[] Value)[] parts) => Bytes.Of(output =>
    {
        foreach (var (tag, value) in parts) Tlv.Write(new ByteWriter(output), tag, value);
    });
}

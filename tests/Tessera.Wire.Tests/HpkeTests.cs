using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Tessera.Wire.Tests;

/// <summary>RFC 9180 appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.</summary>
public class HpkeTests
{
    private const string RecipientPrivate = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    private const string EphemeralPrivate = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";

    private static readonly Bytes Recipient = Bytes.FromHex(
        "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82" +
        "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0");

    private static readonly Bytes Encapsulated = Bytes.FromHex(
        "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9" +
        "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4");

    private static readonly byte[] Info = Bytes.FromHex("4f6465206f6e2061204772656369616e2055726e").ToArray();
    private static readonly byte[] Associated = Encoding.ASCII.GetBytes("Count-0");
    private static readonly byte[] Message = Encoding.ASCII.GetBytes("Beauty is truth, truth beauty");

    private static readonly Bytes Ciphertext = Bytes.FromHex(
        "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434");

    private static readonly Bytes Whole = new((byte[])[.. Encapsulated.Span, .. Ciphertext.Span]);

    [Fact]
    public void The_vector_is_sealed()
    {
        using var ephemeral = Pair(EphemeralPrivate, Encapsulated);

        Assert.Equal(Whole, Hpke.Seal(ephemeral, Recipient, Info, Associated, Message));
    }

    [Fact]
    public void The_vector_is_opened()
    {
        using var recipient = Pair(RecipientPrivate, Recipient);

        Assert.Equal(Recipient, Hpke.PublicKeyOf(recipient));
        Assert.Equal(Message, Hpke.Open(recipient, Info, Associated, Whole.Span));
    }

    [Fact]
    public void What_is_sealed_twice_is_never_the_same_and_opens_both_times()
    {
        using var key = Hpke.CreateKey();
        Bytes[] messages = [.. Enumerable.Range(0, 2).Select(_ => Hpke.Seal(Hpke.PublicKeyOf(key), Info, Associated, Message))];

        Assert.NotEqual(messages[0], messages[1]);
        Assert.All(messages, one => Assert.Equal(Message, Hpke.Open(key, Info, Associated, one.Span)));
    }

    [Fact]
    public void A_message_with_any_bit_turned_any_octet_missing_or_one_too_many_is_none()
    {
        using var recipient = Pair(RecipientPrivate, Recipient);
        var octets = Whole.ToArray();
        for (var bit = 0; bit < 8 * octets.Length; bit++)
        {
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(Hpke.Open(recipient, Info, Associated, octets));
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < octets.Length; length++)
            Assert.Null(Hpke.Open(recipient, Info, Associated, octets.AsSpan(0, length)));
        Assert.Null(Hpke.Open(recipient, Info, Associated, [.. octets, 0x00]));
    }

    [Fact]
    public void Another_key_context_or_association_opens_nothing()
    {
        using var recipient = Pair(RecipientPrivate, Recipient);
        using var other = Hpke.CreateKey();

        Assert.Null(Hpke.Open(other, Info, Associated, Whole.Span));
        for (var bit = 0; bit < 8 * Info.Length; bit++)
            Assert.Null(Hpke.Open(recipient, Turned(Info, bit), Associated, Whole.Span));
        for (var bit = 0; bit < 8 * Associated.Length; bit++)
            Assert.Null(Hpke.Open(recipient, Info, Turned(Associated, bit), Whole.Span));
    }

    [Fact]
    public void A_point_off_the_curve_is_no_public_key()
    {
        Assert.True(Hpke.IsPublicKey(Recipient));
        Assert.False(Hpke.IsPublicKey(new Bytes(Turned(Recipient.ToArray(), (8 * 64) + 1))));
        Assert.False(Hpke.IsPublicKey(new Bytes(Recipient.Memory[..64])));
        Assert.False(Hpke.IsPublicKey(new Bytes(new byte[65])));
    }

    private static byte[] Turned(byte[] octets, int bit)
    {
        byte[] turned = [.. octets];
        turned[bit / 8] ^= (byte)(1 << (bit % 8));
        return turned;
    }

    private static ECDiffieHellman Pair(string secret, Bytes point) => ECDiffieHellman.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = Bytes.FromHex(secret).ToArray(),
        Q = new ECPoint { X = point.Span[1..33].ToArray(), Y = point.Span[33..].ToArray() },
    });
}

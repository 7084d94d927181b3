using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>A PIV card in the hand, its application selected.</summary>
internal sealed class PivCard : IDisposable
{
    public const string Select = "00A404000BA00000030800001000010000";
    public const string Verify = "0020008008313233343536FFFF";
    public const string Pin = "313233343536FFFF";
    public const string Puk = "3132333435363738";

    public static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Bytes DefaultKey = Bytes.FromHex("010203040506070801020304050607080102030405060708");

    private readonly TestCard _card;

    private PivCard(TestCard card)
    {
        _card = card;
        Assert.StartsWith("61", _card.Send(Select), StringComparison.Ordinal);
    }

    public byte[] Image => _card.Image;

    public static PivCard New(params PivCredential[] credentials) => Open(NewImage(credentials));

    public static PivCard Open(byte[] image) => new(TestCard.Open(image, new SeededRandom(1)));

    public static PivCard Open(CutMedium medium) => new(TestCard.Open(medium, new SeededRandom(1)));

    public static byte[] NewImage(params PivCredential[] credentials) =>
        NewImage(PivPersonalisation.Demonstration(TestCard.Id, Made, credentials));

    public static byte[] NewImage(PivPersonalisation piv) =>
        TestCard.NewImage(Personalisation.Demonstration(TestCard.Id, piv: piv));

    /// <param name="algorithm">By default that of the curve P-256: it is made in no time.</param>
    public static PivCredential Key(byte reference, PivAlgorithm algorithm = PivAlgorithm.P256) =>
        PivCredential.SelfSigned(reference, algorithm, "CN=Ada", Made);

    /// <summary>Data and status of the answer, in hexadecimal.</summary>
    public string Send(string hex) => _card.Send(hex);

    public ResponseApdu Send(byte ins, byte p1, byte p2, Bytes data) =>
        _card.Send(new CommandApdu(0x00, ins, p1, p2, data, CommandApdu.MaxExtendedLe));

    public ResponseApdu Send(byte ins, byte p1, byte p2, string hex) => Send(ins, p1, p2, Bytes.FromHex(hex));

    public void Reset()
    {
        _card.Os.Reset();
        _card.Send(Select);
    }

    /// <summary>External authentication with the management key.</summary>
    public StatusWord Authenticate(PivAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        var challenge = Send(0x87, (byte)algorithm, 0x9B, "7C028100");
        Assert.True(challenge.Status.IsSuccess, challenge.Status.ToString());
        var answer = HostCipher.Encipher(algorithm, key, challenge.Data.Span[4..]);
        return Send(0x87, (byte)algorithm, 0x9B, Template(0x82, answer)).Status;
    }

    public PivCard Managed()
    {
        Assert.Equal(StatusWord.Success, Authenticate(PivAlgorithm.TripleDes, DefaultKey.Span));
        return this;
    }

    /// <summary>GENERAL AUTHENTICATE that signs.</summary>
    public ResponseApdu Sign(PivAlgorithm algorithm, byte reference, ReadOnlySpan<byte> input) =>
        Use(algorithm, reference, 0x81, input);

    /// <summary>GENERAL AUTHENTICATE that agrees on a key.</summary>
    public ResponseApdu Agree(PivAlgorithm algorithm, byte reference, ReadOnlySpan<byte> point) =>
        Use(algorithm, reference, 0x85, point);

    /// <summary>PUT DATA of an object with a tag of three octets.</summary>
    public StatusWord Put(string tag, ReadOnlySpan<byte> content) =>
        Send(0xDB, 0x3F, 0xFF, Bytes.FromHex($"5C03{tag}{Bytes.Of(new Tlv(0x53, Bytes.CopyOf(content)))}")).Status;

    public ResponseApdu Get(string tag) => Send(0xCB, 0x3F, 0xFF, $"5C{tag.Length / 2:X2}{tag}");

    public static Bytes Template(ushort tag, ReadOnlySpan<byte> value) =>
        Bytes.Of(new Tlv(0x7C, Bytes.Of(new Tlv(tag, Bytes.CopyOf(value)))));

    /// <summary>The result in the answer of GENERAL AUTHENTICATE.</summary>
    public static byte[] Result(ResponseApdu answer)
    {
        Assert.Equal(StatusWord.Success, answer.Status);
        return answer.Data.Read<Tlv>().Value.Read<Tlv>().Value.ToArray();
    }

    public void Dispose() => _card.Dispose();

    private ResponseApdu Use(PivAlgorithm algorithm, byte reference, ushort tag, ReadOnlySpan<byte> input) =>
        Send(0x87, (byte)algorithm, reference, Bytes.Of(new Tlv(
            0x7C, Bytes.FromHex($"8200{Bytes.Of(new Tlv(tag, Bytes.CopyOf(input)))}"))));
}

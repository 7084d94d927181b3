using System.Globalization;
using Tessera.Sms.Packets;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Packets;

/// <summary>Proofs of receipt of public test suites and real cards, wrapped and opened.</summary>
public class ResponseVectorTests
{
    public static IEnumerable<ITheoryDataRow> All => Vectors.Rows("Packets", "ota.json", "responses");

    [Theory]
    [MemberData(nameof(All))]
    public void Opens(Vector vector)
    {
        using var keys = Keys(vector);
        var octets = vector.Octets("packet").Span;

        var opened = ResponsePacket.Open(octets, Command(vector), keys, PacketPolicy.Legacy);

        Assert.Equal(vector.Octets("data"), opened.TakeData());
        Assert.Equal(vector.Number("pcntr"), opened.PaddingCounter);
        Assert.Equal(Verdict(vector), opened.Integrity);
        Assert.Equal(
            Verdict(vector) == IntegrityVerdict.Failed ? null : Packet(vector),
            ResponsePacket.Unwrap(octets, Command(vector), keys, PacketPolicy.Legacy));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Wraps(Vector vector)
    {
        using var keys = Keys(vector);

        var octets = Packet(vector).Wrap(Command(vector), keys, PacketPolicy.Legacy);

        if (Verdict(vector) == IntegrityVerdict.Failed) Assert.NotEqual(vector.Octets("packet"), octets);
        else Assert.Equal(vector.Octets("packet"), octets);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_truncation_and_one_octet_too_many_are_refused(Vector vector)
    {
        using var keys = Keys(vector);
        var packet = vector.Octets("packet").ToArray();
        var command = Command(vector);

        for (var length = 0; length < packet.Length; length++)
            Assert.Throws<WireFormatException>(
                () => ResponsePacket.Unwrap(packet.AsSpan(..length), command, keys, PacketPolicy.Legacy));
        Assert.Throws<WireFormatException>(
            () => ResponsePacket.Unwrap([.. packet, 0], command, keys, PacketPolicy.Legacy));
    }

    [Fact]
    public void A_card_that_answers_with_less_than_was_asked_is_read_as_what_it_is()
    {
        var replayed = new CommandHeader(
            Bytes.FromHex("1639").Read<Spi>(), KeyReference.Aes(1), KeyReference.Aes(1), Tar.Parse("B00010"));
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());

        var proof = ResponsePacket.Unwrap(
            Bytes.FromHex("027100000B0AB0001000000000000006").Span, replayed, keys, PacketPolicy.Strict);

        Assert.Equal(
            new ResponsePacket(Tar.Parse("B00010"), 0, ResponseStatus.UnidentifiedSecurityError, Bytes.Empty), proof);
        Assert.Equal(Integrity.None, proof!.Integrity);
    }

    private static IntegrityVerdict Verdict(Vector vector) =>
        !vector.Json.GetProperty("valid").GetBoolean() ? IntegrityVerdict.Failed
        : vector.Text("cc").Length == 0 ? IntegrityVerdict.None
        : IntegrityVerdict.Ok;

    private static CommandHeader Command(Vector vector) => new(
        Bytes.FromHex($"16{vector.Text("spi2")}").Read<Spi>(), new KeyReference(vector.Octet("kic")),
        new KeyReference(vector.Octet("kid")), Tar.Parse(vector.Text("tar")));

    private static ResponsePacket Packet(Vector vector) => new(
        Tar.Parse(vector.Text("tar")),
        ulong.Parse(vector.Text("cntr"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        (ResponseStatus)vector.Octet("status"),
        vector.Octets("data"),
        Command(vector).Spi.ProofIntegrity);

    private static PacketKeys Keys(Vector vector) =>
        PacketKeys.OfAnyLength(vector.Octets("kicKey").Span, vector.Octets("kidKey").Span);
}

using System.Security.Cryptography;
using Tessera.Cards.Store;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Store;

public sealed class SignedObjectTests : IDisposable
{
    private const string Signature =
        "F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF00E1E2E3E4E5E6E7E8E9EAEBECEDEEEF00" +
        "D1D2D3D4D5D6D7D8D9DADBDCDDDEDF00C1C2C3C4C5C6C7C8C9CACBCCCDCECF00";

    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly DateTimeOffset Day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Object()
    {
        var octets = Bytes.FromHex("02 A1A2A3A4 00000125 6B023080 6B038200 546561" + Signature);
        var one = new SignedObject(
            ObjectKind.Coupon, 0xA1A2A3A4, 0x00000125, Day, Day.AddDays(1), "Tea", Bytes.FromHex(Signature));

        Assert.Equal(one, octets.Read<SignedObject>());
        Assert.Equal(octets, Bytes.Of(one));
        var shortest = Bytes.Of(one with { Text = "" });
        for (var length = 0; length < shortest.Length; length++)
            Assert.Throws<WireFormatException>(() => new Bytes(shortest.Memory[..length]).Read<SignedObject>());
    }

    [Fact]
    public void Removed_object() => WireFormat.Holds(
        new RemovedObject(0x01020304, Bytes.FromHex("B1B2B3B4B5B6B7B8")), "00 01020304 B1B2B3B4B5B6B7B8");

    [Theory]
    [InlineData("00")]
    [InlineData("04")]
    public void Refuses_a_kind_that_is(string kind) => Assert.Throws<WireFormatException>(() =>
        Bytes.FromHex(kind + "A1A2A3A4000001256B0230806B038200546561" + Signature).Read<SignedObject>());

    [Fact]
    public void Refuses_text_that_is_none_or_too_long()
    {
        const string head = "01A1A2A3A4000001256B0230806B038200";
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(head + "FF" + Signature).Read<SignedObject>());
        var longest = new string('5', 2 * SignedObject.MaxText);
        Assert.Equal(47, Bytes.FromHex(head + longest + Signature).Read<SignedObject>().Text.Length);
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(head + longest + "55" + Signature).Read<SignedObject>());
        Assert.Throws<ArgumentException>(() => Sign(new string('x', 48)));
    }

    [Fact]
    public void Who_has_the_public_key_alone_checks_it()
    {
        using var gate = ECDsa.Create(_key.ExportParameters(includePrivateParameters: false));
        var ticket = Bytes.Of(Sign("Bus to Centre")).Read<SignedObject>();

        Assert.True(ticket.IsSignedBy(gate, Card));
        Assert.False(ticket.IsSignedBy(gate, new CardId(Card.Value + 1)));
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(ticket.IsSignedBy(another, Card));
        Assert.False((ticket with { Key = SignedObject.KeyName(another) }).IsSignedBy(another, Card));
    }

    [Fact]
    public void No_octet_of_it_can_be_changed()
    {
        var ticket = Bytes.Of(Sign("Bus to Centre")).ToArray();
        for (var at = 0; at < ticket.Length; at++)
        {
            ticket[at] ^= 0x01;
            Assert.False(IsTicket(ticket), $"octet {at}");
            ticket[at] ^= 0x01;
        }

        Assert.True(IsTicket(ticket));
    }

    [Fact]
    public void It_is_valid_from_its_first_to_its_last_second()
    {
        var ticket = Sign("Bus to Centre");

        Assert.False(ticket.IsValidAt(Day.AddTicks(-1)));
        Assert.True(ticket.IsValidAt(Day));
        Assert.True(ticket.IsValidAt(Day.AddDays(1).AddSeconds(1).AddTicks(-1)));
        Assert.False(ticket.IsValidAt(Day.AddDays(1).AddSeconds(1)));
    }

    [Fact]
    public void Times_that_cannot_be_told_and_keys_of_other_curves_are_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            SignedObject.Sign(_key, Card, ObjectKind.Ticket, 1, Day.AddSeconds(1), Day, "Ends too soon"));
        Assert.Throws<ArgumentException>(() =>
            SignedObject.Sign(_key, Card, ObjectKind.Ticket, 1, Day, Day.AddYears(100), "Too long"));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => SignedObject.KeyName(other));
    }

    private SignedObject Sign(string text) =>
        SignedObject.Sign(_key, Card, ObjectKind.Ticket, 7, Day, Day.AddDays(1), text);

    private bool IsTicket(byte[] octets)
    {
        try
        {
            return Bytes.CopyOf(octets).Read<SignedObject>().IsSignedBy(_key, Card);
        }
        catch (WireFormatException)
        {
            return false;
        }
    }
}

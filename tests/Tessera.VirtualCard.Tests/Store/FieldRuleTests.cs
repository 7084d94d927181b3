using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

public sealed class FieldRuleTests : IDisposable
{
    private static readonly Bytes Nonce = Bytes.FromHex("E1E2E3E4E5E6E7E8");
    private static readonly Bytes Content = Bytes.CopyOf("Bob 0171"u8);
    private static readonly FieldDefinition OfHolder = new(FieldType.Text, FieldReading.Holder, IsMandatory: true);
    private static readonly FieldDefinition OfIssuer = new(FieldType.Number, FieldReading.Issuer, IsMandatory: false);

    private readonly StoreIssuer _issuer = new();
    private readonly TestCard _card = TestCard.Demonstration();

    public FieldRuleTests() => _card.Send(StoreCommands.Select);

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public void What_is_the_holders_is_told_behind_the_pin_or_ciphered()
    {
        Assert.Equal("9000", Send(_issuer.Define(7, 1, OfHolder, Content, isSecured: true)));

        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
        Assert.Equal((1, Content), _issuer.Proven(_card, 7, Nonce));
        Verify();
        Assert.Equal(Content, Read(7).Content);
        _card.Send("0020FF80");
        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
        Verify();
        _card.Os.Reset();
        _card.Send(StoreCommands.Select);
        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
    }

    [Fact]
    public void What_is_the_issuers_is_told_ciphered_only()
    {
        _card.Send(_issuer.Define(7, 1, OfIssuer, Content));
        Verify();

        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
        var answer = _card.Send(StoreCommands.Read(7, Nonce, isSecured: true)).Data.Read<StoredField>();
        Assert.NotEqual(Content, answer.Content);
        Assert.Equal(Content, _issuer[7].Open(answer, Nonce, isSecured: true)!.Content);
    }

    [Fact]
    public void A_definition_is_told_and_stays_when_the_field_is_written()
    {
        _card.Send(_issuer.Define(7, 1, OfHolder, Content));
        _card.Send(_issuer.Write(7, 2, Bytes.Empty));

        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
        Assert.Equal("0100010200000700020001819000", _card.Send("8060010000"));
        Assert.Equal("01000102070002009000", _card.Send("8060000000"));
        Assert.Equal("9000", Send(_issuer.Define(7, 3, default, Content)));
        Assert.Equal(Content, Read(7).Content);
    }

    [Fact]
    public void A_definition_is_as_old_as_its_version()
    {
        var define = _issuer.Define(7, 5, OfHolder, Content);
        Assert.Equal("9000", Send(define));
        Assert.Equal("6985", Send(define));
        Assert.Equal("6985", Send(_issuer.Define(7, 4, default, Content)));
        Assert.Equal("6985", Send(_issuer.Write(7, 5, Content)));
        Assert.Equal("6982", Send(StoreCommands.Read(7, Nonce)));
    }

    [Fact]
    public void A_code_for_other_rules_or_the_other_form_is_refused()
    {
        var define = _issuer[7].Define(1, OfHolder, Content);
        Assert.Equal("6988", Send(StoreCommands.Define(7, define with { Definition = OfIssuer })));
        Assert.Equal("6988", Send(StoreCommands.Define(7, define, isSecured: true)));
        Assert.Equal("6988", Send(StoreCommands.Write(7, new FieldWrite(1, define.Mac, Content))));
        Assert.Equal("6988", Send(StoreCommands.Write(7, _issuer[7].Write(1, Content, isSecured: true))));
        Assert.Equal("9000", Send(StoreCommands.Define(7, define)));
    }

    [Fact]
    public void A_card_is_born_with_rules()
    {
        using var card = TestCard.Open(TestCard.NewImage(Born()));
        card.Send(StoreCommands.Select);

        Assert.Equal("0200010800000300010801819000", card.Send("8060010000"));
        Assert.Equal("6982", card.Send(StoreCommands.Read(3, Nonce)).Status.ToString());
        Assert.Equal((1, Content), _issuer.Proven(card, 3, Nonce));
    }

    /// <summary>Its cells have 131 octets: a defined field has room for 125.</summary>
    [Fact]
    public void A_card_from_before_there_were_rules_takes_them_as_far_as_there_is_room()
    {
        using var card = TestCard.Open(OfBefore());
        card.Send(StoreCommands.Select);
        Assert.Equal("9000", card.Send(_issuer.Define(7, 1, OfHolder, new Bytes(new byte[125]))).Status.ToString());
        Assert.Equal("6A84", card.Send(_issuer.Define(7, 2, OfHolder, new Bytes(new byte[126]))).Status.ToString());
        Assert.Equal("6A84", card.Send(_issuer.Write(7, 2, new Bytes(new byte[126]))).Status.ToString());
        Assert.Equal("9000", card.Send(_issuer.Write(8, 1, new Bytes(new byte[128]))).Status.ToString());
        Assert.Equal((1, new Bytes(new byte[125])), _issuer.Proven(card, 7, Nonce));
    }

    [Fact]
    public void A_ticket_is_kept_checked_without_any_key_of_the_card_and_removed_once()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var gate = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        var day = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var ticket = SignedObject.Sign(key, TestCard.Id, ObjectKind.Ticket, 9, day, day.AddDays(1), "Bus to Centre");
        var store = _issuer.Define(0xE1, 1, new(FieldType.Object, FieldReading.Anybody, false), Bytes.Of(ticket));
        Assert.Equal("9000", Send(store));

        Assert.True(Read(0xE1).Content.Read<SignedObject>().IsSignedBy(gate, TestCard.Id));
        CommandApdu Remove(string mark) => _issuer.Write(0xE1, 2, Bytes.Of(new RemovedObject(9, Bytes.FromHex(mark))));
        Assert.Equal("9000", Send(Remove("A1A2A3A4A5A6A7A8")));
        Assert.Equal("6985", Send(Remove("B1B2B3B4B5B6B7B8")));
        Assert.Equal("6985", Send(store));
        Assert.Equal("A1A2A3A4A5A6A7A8", _issuer.Proven(_card, 0xE1, Nonce).Content.Read<RemovedObject>().Mark.ToString());
    }

    /// <summary>The same card with the cells that it had then.</summary>
    private static byte[] OfBefore()
    {
        var medium = new CutMedium(TestCard.NewImage());
        var header = ImageHeader.Read(medium);
        using var memory = CardMemory.Open(medium);
        var before = new CutMedium();
        CardMemory.Format(before, [.. header.Cells.Values.Select(cell => new NewCell(
            cell.Id, cell.Id is >= CellId.StoreField and < CellId.Chv1 ? 131 : cell.Capacity,
            Bytes.CopyOf(memory.Read(cell.Id))))]);
        return before.Image;
    }

    private static Personalisation Born()
    {
        using var masters = DemonstrationKeys.Create();
        return new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
            Fields = [new(3, 1, Content) { Definition = OfHolder }, new(2, 1, Content)],
        };
    }

    private string Send(CommandApdu command) => _card.Send(command).Status.ToString();

    private StoredField Read(byte field) => _card.Send(StoreCommands.Read(field, Nonce)).Data.Read<StoredField>();

    private void Verify() => Assert.Equal("9000", _card.Send("0020008008313233343536FFFF"));
}

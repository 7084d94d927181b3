using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

public class IssuerDomainTests
{
    private const string Isd = "A000000151000000";
    private const string Purse = "F05445535345524101";
    private const string Store = "F05445535345524102";

    [Fact]
    public void It_says_who_it_is_and_what_its_channel_can_do()
    {
        using var card = DomainCard.New().Selected();

        Assert.Equal($"6F10 8408{Isd} A5049F6501FF 9000".Replace(" ", "", StringComparison.Ordinal),
            card.Card.Send($"00A40400 08 {Isd} 00"));
        Assert.Equal(
            "6630 732E 06072A864886FC6B01 600B06092A864886FC6B020203 63090607 2A864886FC6B03 640B06092A864886FC6B040370 9000"
                .Replace(" ", "", StringComparison.Ordinal),
            card.Card.Send("80CA0066 00"));
        Assert.Equal("E012C00401308810C00402308810C004033088109000", card.Card.Send("80CA00E0 00"));
        Assert.Equal("C1030000009000", card.Card.Send("80CA00C1 00"));
        card.Open();
        Assert.Equal("C1030000019000", card.Send("80CA00C1 00"));
        Assert.Equal("30 70 1", card.Told);
    }

    // What personalisation hosts begin with: SELECT without a name.
    [Fact]
    public void Who_selects_without_a_name_has_the_domain()
    {
        using var card = TestCard.Demonstration();
        card.Send($"00A40400 09 {Purse} 00");

        Assert.Equal($"6F10 8408{Isd} A5049F6501FF 9000".Replace(" ", "", StringComparison.Ordinal),
            card.Send("00A40400 00"));
        Assert.StartsWith("E012", card.Send("80CA00E0 00"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_registry_lists_the_domain_and_the_applets()
    {
        using var card = DomainCard.New().Open(0x00);

        Assert.Equal(
            new RegistryEntry(Bytes.FromHex(Isd), 0x0F, Bytes.FromHex("800000")),
            Assert.Single(List(card, RegistryKind.IssuerDomain, "")));
        Assert.Equal(
            [Bytes.FromHex(Purse), Bytes.FromHex(Store)],
            List(card, RegistryKind.Applications, "").Select(each => each.Aid));
        Assert.Equal(Bytes.FromHex(Store), Assert.Single(List(card, RegistryKind.Applications, Store)).Aid);
        Assert.Equal("6A88", card.Send("80F24002 03 4F01A0 00"));
        Assert.Equal("6A88", card.Send("80F22002 02 4F00 00"));
        Assert.Equal("6A86", card.Send("80F24000 02 4F00 00"));
        Assert.Equal("6A80", card.Send("80F24002 02 5C00 00"));
    }

    [Fact]
    public void A_new_key_version_opens_sessions_and_the_old_one_goes_when_it_is_deleted()
    {
        foreach (var length in (int[])[16, 24, 32])
        {
            using var card = DomainCard.New().Open();
            using var keys = SecuredCard.NewKeys(length);
            using var dek = DomainCard.DataEncryption();

            var answer = card.Send(GlobalPlatformCommands.PutKeys(0, 0x31, keys, dek));
            Assert.Equal(new ResponseApdu(GlobalPlatformCommands.PutKeysAnswer(0x31, keys), StatusWord.Success), answer);

            card.Open(version: 0x31, keys: keys);
            Assert.Equal("31 70 1", card.Told);
            Assert.Equal("009000", card.Send("80E40000 03 D20130 00"));
            Assert.Equal("6A88", card.Card.Send("8050300008A1A2A3A4A5A6A7A800"));
            card.Open(keys: keys);
            Assert.Equal("31 70 2", card.Told);
            Assert.Equal("6985", card.Send("80E40000 03 D20131 00"));
        }
    }

    [Fact]
    public void Keys_are_replaced_in_their_place_and_their_sequence_begins_anew()
    {
        using var card = DomainCard.New().Open();
        using var keys = SecuredCard.NewKeys(16);
        using var dek = DomainCard.DataEncryption();

        Assert.True(card.Send(GlobalPlatformCommands.PutKeys(0x30, 0x32, keys, dek)).Status.IsSuccess);

        // The session that was open goes on with its own keys.
        Assert.Equal("E012C00401328810C00402328810C004033288109000", card.Send("80CA00E0 00"));
        card.Open(keys: keys);
        Assert.Equal("32 70 1", card.Told);
    }

    [Fact]
    public void Four_versions_have_room()
    {
        using var card = DomainCard.New().Open();
        using var keys = SecuredCard.NewKeys(32);
        using var dek = DomainCard.DataEncryption();
        foreach (byte version in (byte[])[0x31, 0x32, 0x33])
            Assert.True(card.Send(GlobalPlatformCommands.PutKeys(0, version, keys, dek)).Status.IsSuccess);

        Assert.Equal(StatusWord.NotEnoughMemory, card.Send(GlobalPlatformCommands.PutKeys(0, 0x34, keys, dek)).Status);
        Assert.True(card.Send(GlobalPlatformCommands.PutKeys(0x33, 0x34, keys, dek)).Status.IsSuccess);
    }

    [Fact]
    public void Keys_that_are_not_right_are_refused_and_nothing_changes()
    {
        using var card = DomainCard.New().Open();
        using var keys = SecuredCard.NewKeys(16);
        using var dek = DomainCard.DataEncryption();
        var put = GlobalPlatformCommands.PutKeys(0, 0x31, keys, dek);
        var before = card.Card.Image;

        Refused("6A86", put with { P2 = 0x01 });
        Refused("6A86", put with { P1 = 0x80 });
        Refused("6A88", put with { P1 = 0x7E });
        Refused("9485", put with { Data = Changed(put.Data, ^1) });
        Refused("9485", put with { Data = Changed(put.Data, 5) });
        Refused("9484", put with { Data = Changed(put.Data, 1) });
        Refused("6A80", put with { Data = Changed(put.Data, 2) });
        Refused("6A80", put with { Data = new Bytes((byte[])[.. put.Data.Span, 0]) });
        Refused("6A80", put with { Data = new Bytes(put.Data.Memory[..^1]) });
        Refused("6A80", put with { Data = Bytes.Empty });
        Refused("6A80", put with { Data = Bytes.FromHex("30" + put.Data.ToString()[2..]) });
        Refused("6A80", put with { Data = Bytes.FromHex("00" + put.Data.ToString()[2..]) });
        using var other = SecretKey.Generate();
        Refused("9485", GlobalPlatformCommands.PutKeys(0, 0x31, keys, other));

        Assert.Equal(before, card.Card.Image);

        void Refused(string status, CommandApdu command) => Assert.Equal(status, Bytes.Of(card.Send(command)).ToString());
    }

    [Theory]
    [InlineData("80E40001 03 D20130 00", "6A86")]
    [InlineData("80E40000 03 D20131 00", "6A88")]
    [InlineData("80E40000 03 D20100 00", "6A88")]
    [InlineData("80E40000 03 D00101 00", "6A80")]
    [InlineData("80E40000 03 4F01A0 00", "6A88")]
    [InlineData("80E40000 04 D2020130 00", "6A80")]
    [InlineData("80E40000 02 D201 00", "6A80")]
    [InlineData("80E62000 0B 000005A1A2A3A4A5000000 00", "6A88")]
    [InlineData("80E62000 0E 000008A000000151000000000000 00", "6A88")]
    [InlineData("80E60C00 0B 000005A1A2A3A4A5000000 00", "6A86")]
    [InlineData("80E62000 0B 000105A1A2A3A4A5000000 00", "6A80")]
    [InlineData("80E62000 0A 000005A1A2A3A4A50000 00", "6A80")]
    [InlineData("80E29001 04 420204D2", "6A86")]
    [InlineData("80E28000 04 420204D2", "6A86")]
    [InlineData("80E28800 04 00010100", "6A88")]
    [InlineData("80E29000 04 4F02A0A1", "6A88")]
    [InlineData("80E29000 04 420304D2", "6A80")]
    [InlineData("80CA0042 00", "6A88")]
    [InlineData("80CA0066 01 00 00", "6700")]
    [InlineData("00CA0066 00", "6E00")]
    [InlineData("80F00000 00", "6A86")]
    [InlineData("84F24002 02 4F00 00", "argument")]
    public void Commands_that_are_not_right(string command, string status)
    {
        using var card = DomainCard.New().Open();
        if (status is "argument") Assert.Throws<ArgumentException>(() => card.Send(command));
        else Assert.Equal(status, card.Send(command));
    }

    [Theory]
    [InlineData("80D80081 00")]
    [InlineData("80E29000 04 420204D2")]
    [InlineData("80E40000 03 D20130 00")]
    [InlineData("80E62000 0F 000009F05445535345524102000000 00")]
    [InlineData("80F24002 02 4F00 00")]
    public void Nothing_is_changed_or_listed_for_who_has_no_session(string command)
    {
        using var card = DomainCard.New().Selected();
        Assert.Equal("6982", card.Card.Send(command));
        card.Open(0x00);
        Assert.Equal(command.StartsWith("80F2", StringComparison.Ordinal), !card.Send(command).EndsWith("6982", StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_of_the_domain_are_kept_replaced_and_emptied()
    {
        using var card = DomainCard.New().Open();

        Assert.Equal("9000", card.Send("80E21000 08 4203112233 450144"));
        Assert.Equal("9000", card.Send("80E29001 04 42029999"));
        Assert.Equal("420299999000", card.Send("80CA0042 00"));
        Assert.Equal("4501449000", card.Send("80CA0045 00"));
        Assert.Equal("9000", card.Send("80E29000 02 4500"));
        Assert.Equal("6A88", card.Send("80CA0045 00"));
        var large = new Bytes((byte[])[0x67, 0x82, 0x02, 0x00, .. new byte[512]]);
        Assert.Equal(
            StatusWord.NotEnoughMemory,
            card.Send(GlobalPlatformCommands.StoreData(0, true, StoreDataForm.Tlv, large)).Status);
    }

    [Fact]
    public void Fields_of_the_store_are_written_by_who_has_the_keys_of_the_domain()
    {
        using var card = DomainCard.New().Open();
        Install(card, Store);

        Assert.Equal("9000", card.Send("80E20800 08 0107 05 0001 414243"));
        Assert.Equal("9000", card.Send("80E28801 0F 0108 02 0001 0109 FF0005 0203 444546"));
        Assert.Equal("6A88", card.Send("80E28800 05 010A 02 0001"));
        foreach (var (status, command) in new[]
        {
            ("6985", "80E20800 05 0107 02 0001"), ("6A88", "80E20800 05 0307 02 0001"), ("6A80", "80E20800 05 020C 02 0001"),
            ("6A80", "80E20800 07 020C 04 0501 0001"), ("9000", "80E28800 08 020C 05 0181 0001 41"),
            ("9000", "80E28800 06 010C 03 0002 42"), ("6A88", "80E20800 05 0100 02 0001"),
            ("6A80", "80E20800 05 010B 03 0001"), ("6A80", "80E20800 04 010B 01 00"), ("6A86", "80E21000 05 010B 02 0001"),
        })
        {
            Install(card, Store);
            Assert.Equal((status, command), (card.Send(command), command));
        }

        card.Card.Send(StoreCommands.Select);
        Assert.Equal(
            [
                new FieldVersion(1, 1, 2), new FieldVersion(7, 1, 3), new FieldVersion(8, 1, 0),
                new FieldVersion(9, 0x0203, 3), new FieldVersion(0x0C, 2, 1),
            ],
            FieldVersion.ReadList(card.Card.Send(StoreCommands.List).Data));
        Assert.Equal(
            new FieldDefinition(FieldType.Text, FieldReading.Holder, IsMandatory: true),
            DefinedField.ReadList(card.Card.Send(StoreCommands.ListDefinitions).Data)[^1].Definition);
    }

    [Fact]
    public void Keys_of_store_and_purse_are_changed_and_their_version_is_told()
    {
        using var card = DomainCard.New().Open();
        using var key = SecretKey.Generate();
        using var dek = DomainCard.DataEncryption();
        Assert.Equal(StatusWord.Success, PutKey(card, Purse, 0x41, EncryptedKey.Of(key, dek)));
        Assert.Equal(StatusWord.Success, PutKey(card, Store, 0x42, EncryptedKey.Of(key, dek)));
        using var wrong = SecretKey.Generate();
        Assert.Equal(new StatusWord(0x9485), PutKey(card, Store, 0x43, EncryptedKey.Of(key, wrong)));
        using var longer = SecretKey.Generate(32);
        Assert.Equal(StatusWord.WrongData, PutKey(card, Store, 0x43, EncryptedKey.Of(longer, dek)));

        var purse = card.Card.Send(PurseCommands.Select).Data.Read<ApplicationTemplate>();
        Assert.Equal((0x41, Personalisation.Euro), (purse.KeyVersion, purse.Purse));
        var s1 = card.Card.Send(PurseCommands.Initialize(DomainCard.Challenge)).Data.Read<PurseState>();
        using var mac = PurseMac.ForSession(key, TestCard.Id, s1.Number, s1.Random, DomainCard.Challenge);
        Assert.Equal(mac.S1(s1, PurseIssuer.Currency), s1.Mac);

        Assert.Equal(0x42, card.Card.Send(StoreCommands.Select).Data.Read<ApplicationTemplate>().KeyVersion);
        var field = card.Card.Send(StoreCommands.Read(1, DomainCard.Challenge)).Data.Read<StoredField>();
        using var reading = StoreMac.ReadingKey(key, TestCard.Id, 1);
        Assert.Equal(
            field.Mac, StoreMac.Read(reading, TestCard.Id, 1, field.Version, field.Content, DomainCard.Challenge));
    }

    [Fact]
    public void What_was_installed_is_forgotten_with_any_other_command()
    {
        using var card = DomainCard.New().Open();
        Install(card, Store);
        card.Send("80CA0066 00");
        Assert.Equal("6A88", card.Send("80E20800 05 0107 02 0001"));
    }

    [Fact]
    public void A_card_without_a_domain_is_as_it_was()
    {
        using var keys = CardKeys.Of(MasterKeys.Generate(1), TestCard.Id);
        using var card = TestCard.Open(TestCard.NewImage(new Personalisation
        {
            Card = TestCard.Id,
            Keys = keys,
            KeyVersion = 1,
            Pin = Cards.Pins.PinBlock.OfPin("123456"),
            Puk = Cards.Pins.PinBlock.OfPuk("12345678"),
        }));
        Assert.Equal("6A82", card.Send($"00A40400 08 {Isd} 00"));
        Assert.Equal("6882", card.Send("84E2000000"));
    }

    [Theory]
    [InlineData("A0000001", 0x30, 10)]
    [InlineData("A000000151000000", 0x80, 10)]
    [InlineData("A000000151000000", 0x00, 10)]
    [InlineData("A000000151000000", 0x30, 9)]
    public void A_domain_that_cannot_be_is_not_personalised(string aid, byte version, int diversification)
    {
        using var domain = new DomainPersonalisation
        {
            Aid = Bytes.FromHex(aid),
            KeyVersion = version,
            Keys = SecuredCard.NewKeys(16),
            Diversification = new Bytes(new byte[diversification]),
        };
        Assert.Throws<ArgumentException>(() => { new SecuredCard(domain).Dispose(); });
    }

    private static StatusWord PutKey(DomainCard card, string aid, byte version, EncryptedKey key)
    {
        Install(card, aid);
        var encrypted = Bytes.Of(key);
        byte[] group = [0x80, 0x01, (byte)(encrypted.Length + 1), version, .. encrypted.Span];
        return card.Send(GlobalPlatformCommands.StoreData(0, true, StoreDataForm.Groups, new Bytes(group))).Status;
    }

    private static void Install(DomainCard card, string aid) =>
        Assert.Equal(
            "009000",
            Bytes.Of(card.Send(GlobalPlatformCommands.InstallForPersonalisation(Bytes.FromHex(aid)))).ToString());

    private static IReadOnlyList<RegistryEntry> List(DomainCard card, RegistryKind kind, string prefix) =>
        RegistryEntry.ReadList(card.Send(GlobalPlatformCommands.GetStatus(kind, Bytes.FromHex(prefix))).Data);

    private static Bytes Changed(Bytes data, Index at)
    {
        var octets = data.ToArray();
        octets[at] ^= 0x01;
        return new Bytes(octets);
    }
}

using System.Security.Authentication;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Tests.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

public class PersonaliserTests
{
    private const string Purse = "00A40400 09 F05445535345524101 00";
    private const string Verify = "00200080 08 343832393133FFFF";

    private static readonly IssuedCard[] Kinds =
    [
        new(), new() { IsSim = true }, new() { HasPurse = false }, new() { HasStore = false }, new() { HasPiv = true },
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blank_card_becomes_what_was_wanted_of_it()
    {
        foreach (var kind in Kinds)
        {
            using var card = TestCard.Open(kind.Blank());
            await kind.IssueAsync(card, Cancel);
            card.Os.Reset();
            await kind.ProveAsync(card, Cancel);
        }
    }

    [Fact]
    public async Task Until_it_is_secured_a_card_is_its_domain_and_nothing_else()
    {
        using var card = TestCard.Open(Kinds[1].Blank());
        using var iso = TestCard.Open(Kinds[0].Blank());

        Assert.Equal("6A82", card.Send(Purse));
        Assert.Equal("6A82", card.Send("00A40400 09 F05445535345524102 00"));
        Assert.Equal("6E00", card.Send("A0A40000023F00"));
        Assert.Equal("6D00", card.Send("00200080 00"));
        Assert.Equal(card.Os.Atr, TestCard.Open(TestCard.NewImage(Personalisation.DemonstrationSim(TestCard.Id))).Os.Atr);
        Assert.Equal(iso.Os.Atr, TestCard.Demonstration().Os.Atr);

        using var masters = IssuedCard.Channel();
        var blank = (await Personaliser.OpenAsync(new CardChannel(iso), masters, Cancel)).Blank;
        Assert.Equal(
            ($"0000{IssuedCard.Chip}", CardLifeCycle.Initialized, false),
            (blank.Chip.ToString(), blank.State, blank.IsIssuers));
        Assert.Equal(2, blank.Applets.Count);
    }

    [Fact]
    public async Task What_is_secured_is_open_after_the_next_reset_and_not_before()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        await Kinds[0].IssueAsync(card, Cancel);

        Assert.Equal("6A82", card.Send(Purse));
        card.Os.Reset();
        Assert.EndsWith("9000", card.Send(Purse), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_secured_is_left_as_it_is()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        await Kinds[0].IssueAsync(card, Cancel);
        card.Os.Reset();
        var before = (byte[])card.Image.Clone();

        await Kinds[0].IssueAsync(card, Cancel);

        // Sessions count; all else is as it was.
        Assert.InRange(before.Zip(card.Image).Count(pair => pair.First != pair.Second), 1, 400);
        card.Os.Reset();
        await Kinds[0].ProveAsync(card, Cancel);
    }

    [Fact]
    public async Task Personalisation_is_closed_on_a_card_in_use_but_for_keys_fields_and_a_new_PIN()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        await Kinds[0].IssueAsync(card, Cancel);
        card.Os.Reset();
        card.Send("00200080 08 313131313131FFFF");
        using var masters = IssuedCard.Channel();
        using var keys = Scp03Keys.OfKdf3(new SecretKey([.. "issuer's channel"u8]), Bytes.FromHex($"0000{IssuedCard.Chip}").Span);
        using var host = new DomainCard(card).Open(version: IssuedCard.Version, keys: keys);

        Assert.Equal("6985", host.Send("80E28800 03 900000"));
        Assert.Equal("6985", host.Send("80E28800 0B 900108 0000000000000001"));
        Assert.Equal("6985", host.Send("80E40000 0B 4F09F05445535345524101 00"));
        Assert.Equal("6985", host.Send("80F0800F"));
        Assert.Equal("6985", host.Send("80F08007"));
        Assert.Equal("009000", host.Send(Bytes.Of(GlobalPlatformCommands.InstallForPersonalisation(
            Bytes.FromHex("F05445535345524101"))).ToString()));
        Assert.Equal("6985", host.Send("80E28800 09 900206 097800000001"));
        using var pin = Cards.Pins.PinBlock.OfPin("777777");
        var group = new DataGroup(DataGroup.Pin, EncryptedPin.Of(pin, keys.DataEncryption));
        var store = GlobalPlatformCommands.StoreData(0, isLast: true, StoreDataForm.Groups, Bytes.Of(group));
        Assert.Equal(StatusWord.Success, host.Send(store).Status);

        card.Os.Reset();
        card.Send(Purse);
        Assert.Equal("63C2", card.Send(Verify));
        Assert.Equal("9000", card.Send("00200080 08 373737373737FFFF"));
    }

    [Fact]
    public async Task A_card_that_lacks_something_is_not_secured()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        using var masters = IssuedCard.Channel();
        using var wanted = Kinds[0].Wanted();
        await Personaliser.OpenAsync(new CardChannel(card), masters, Cancel);
        using var dek = Dek();
        var commands = PersonalisationScript.Of(wanted, [Cards.Purse.PurseCommands.Aid, Cards.Store.StoreCommands.Aid], dek);
        var required = 0;
        for (var left = 0; left < commands.Count - 1; left++)
        {
            using var other = TestCard.Open(Kinds[0].Blank());
            using var host = new DomainCard(other).Open();
            var statuses = commands.Where((_, i) => i != left).Select(each => host.Send(each).Status).ToList();
            other.Os.Reset();
            if (statuses[^1].IsSuccess) continue;
            required++;
            Assert.Equal(StatusWord.ConditionsNotSatisfied, statuses[^1]);
            Assert.Equal("6A82", other.Send(Purse));
        }

        Assert.InRange(required, 4, commands.Count);

        static SecretKey Dek() => DomainKey(IssuedCard.Chip);
    }

    [Fact]
    public async Task Wrong_keys_and_wrong_cards_are_told()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        using var others = new ChannelMasters(SecretKey.Generate(), SecretKey.Generate(), IssuedCard.Version);
        await Assert.ThrowsAsync<AuthenticationException>(() =>
            Personaliser.OpenAsync(new CardChannel(card), others, Cancel));

        using var inUse = TestCard.Demonstration();
        await Assert.ThrowsAsync<IssuingException>(() => Kinds[0].IssueAsync(inUse, Cancel));

        using var plain = TestCard.Open(new IssuedCard().Blank());
        await Assert.ThrowsAsync<ArgumentException>(() => new IssuedCard { HasPiv = true }.IssueAsync(plain, Cancel));
        using var foreign = TestCard.Open(TestCard.NewImage(WithoutDomain()));
        await Assert.ThrowsAsync<CardStatusException>(() => Kinds[0].IssueAsync(foreign, Cancel));
    }

    [Fact]
    public async Task Keys_of_the_maker_and_of_the_issuer_may_have_one_version()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        using (var masters = IssuedCard.Channel(DemonstrationKeys.DomainVersion))
        {
            var personaliser = await Personaliser.OpenAsync(new CardChannel(card), masters, Cancel);
            Assert.False(personaliser.Blank.IsIssuers);
            using var wanted = Kinds[0].Wanted();
            await personaliser.RunAsync(wanted, Cancel);
        }

        using var again = IssuedCard.Channel(DemonstrationKeys.DomainVersion);
        Assert.True((await Personaliser.OpenAsync(new CardChannel(card), again, Cancel)).Blank.IsIssuers);
    }

    [Fact]
    public async Task A_card_that_is_terminated_says_who_it_was_and_nothing_more()
    {
        using var card = TestCard.Open(Kinds[0].Blank());
        await Kinds[0].IssueAsync(card, Cancel);
        using var masters = IssuedCard.Channel();
        var personaliser = await Personaliser.OpenAsync(new CardChannel(card), masters, Cancel);
        await personaliser.TerminateAsync(Cancel);
        card.Os.Reset();

        Assert.Equal("6A82", card.Send(Purse));
        var gone = await Personaliser.OpenAsync(new CardChannel(card), masters, Cancel);
        Assert.Equal(CardLifeCycle.Terminated, gone.Blank.State);
        using var wanted = Kinds[0].Wanted();
        await Assert.ThrowsAsync<IssuingException>(() => gone.RunAsync(wanted, Cancel));
    }

    /// <summary>K-DEK of a blank card.</summary>
    private static SecretKey DomainKey(CardId chip)
    {
        using var master = DemonstrationKeys.CreateDomain();
        using var keys = Scp03Keys.OfKdf3(master, Bytes.FromHex($"0000{chip}").Span);
        return new SecretKey(keys.DataEncryption.Reveal());
    }

    private static Personalisation WithoutDomain()
    {
        using var masters = IssuedCard.Masters();
        return new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = 1,
            Pin = Cards.Pins.PinBlock.OfPin("123456"),
            Puk = Cards.Pins.PinBlock.OfPuk("12345678"),
        };
    }
}

using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

/// <summary>An issuer with keys of their own, what they want of a card, and whether a card is that.</summary>
internal sealed class IssuedCard
{
    public const byte Version = 0x05;
    public const string Pin = "482913";
    public const string Puk = "90817263";

    public static readonly CardId Chip = CardId.Parse("00000000C0FFEE01");
    public static readonly CardId Id = CardId.Parse("1122334455667788");
    public static readonly PurseTraits Traits = new(0x0756, 25_000);
    public static readonly Bytes Language = Bytes.CopyOf("fr"u8);

    public static readonly SimIdentity Subscriber =
        new("89334400000000000011", "208990000000021", 2, "+33639980021", "+33639980020", "Autre");

    private static readonly byte[] MasterOctets = [.. Enumerable.Range(0x40, 16).Select(each => (byte)each)];

    /// <summary>What the blank card can be, and what of it is wanted.</summary>
    public bool IsSim { get; init; }

    public bool HasPurse { get; init; } = true;

    public bool HasStore { get; init; } = true;

    public bool HasPiv { get; init; }

    public static MasterKeys Masters() => new(
        Version, new SecretKey(MasterOctets), new SecretKey([.. MasterOctets.Reverse()]),
        new SecretKey([.. MasterOctets.Select(each => (byte)(each ^ 0x80))]));

    public static ChannelMasters Channel(byte version = Version) =>
        new(DemonstrationKeys.CreateDomain(), new SecretKey([.. "issuer's channel"u8]), version);

    /// <summary>As its maker delivers it.</summary>
    public byte[] Blank()
    {
        var medium = new CutMedium();
        using var batch = DemonstrationKeys.CreateDomain();
        new BlankCard
        {
            Chip = Chip, HasFinger = !IsSim, HasPiv = HasPiv,
            Subscription = IsSim ? SimSubscription.Demonstration : null,
        }.Create(medium, batch, DemonstrationKeys.DomainVersion, DateTimeOffset.UnixEpoch);
        return medium.Image;
    }

    public CardIssue Wanted()
    {
        using var masters = Masters();
        return new CardIssue
        {
            Card = Id,
            KeyVersion = Version,
            Keys = CardKeys.Of(masters, Id),
            Pin = PinBlock.OfPin(Pin),
            Puk = PinBlock.OfPuk(Puk),
            Purse = HasPurse ? Traits : null,
            HasStore = HasStore,
            Fields = HasStore ? [new FirstField(1, 7, Language), new FirstField(9, 2, new Bytes(new byte[128]))] : [],
            Ota = IsSim ? OtaKeys.Of(masters, Id) : null,
            Sim = IsSim
                ? new SimIssue
                {
                    Identity = Subscriber,
                    Keys = SubscriberKeys.Of(masters, Id),
                    Codes =
                    [
                        PinBlock.OfChv("4829"), PinBlock.OfPuk("11112222"), PinBlock.OfChv("9384"), PinBlock.OfPuk("33334444"),
                    ],
                }
                : null,
            PivManagementKey = HasPiv ? new SecretKey(MasterOctets) : null,
            Finger = IsSim ? null : new SyntheticFinger(3).Enrol(),
        };
    }

    /// <summary>Issues it, as often as it takes.</summary>
    public async Task IssueAsync(ICardChannel card, CancellationToken cancel)
    {
        var channel = new CardChannel(card);
        using var masters = Channel();
        using var wanted = Wanted();
        var personaliser = await Personaliser.OpenAsync(channel, masters, cancel);
        await personaliser.RunAsync(wanted, cancel);
        Assert.True(personaliser.Blank is { State: Cards.SecureChannels.CardLifeCycle.Secured, IsIssuers: true });
    }

    /// <summary>A reset card is what was wanted, under the issuer's keys and under no others.</summary>
    public async Task ProveAsync(TestCard card, CancellationToken cancel)
    {
        Assert.Equal(Id, card.Os.Id);
        Assert.Equal(IsSim, card.Os.IsSim);
        using var masters = Masters();
        using var keys = CardKeys.Of(masters, Id);
        var purse = await PurseClient.SelectAsync(card, cancel);
        Assert.Equal(HasPurse, purse is not null);
        if (purse is not null)
        {
            Assert.Equal((Id, Version, Traits), (purse.Template.Card, purse.Template.KeyVersion, purse.Template.Purse));
            var nonce = Bytes.FromHex("0102030405060708");
            var s1 = await purse.InitializeAsync(nonce, cancel);
            using var mac = PurseMac.ForSession(keys.Purse, Id, s1.Number, s1.Random, nonce);
            Assert.Equal(mac.S1(s1, Traits.Currency), s1.Mac);
            Assert.Equal((0u, 0u), (s1.Balance, s1.Number));
            Assert.Equal(!IsSim, s1.Flags.HasFlag(PurseCondition.FingerKnown));
        }

        var store = await StoreClient.SelectAsync(card, cancel);
        Assert.Equal(HasStore, store is not null);
        if (store is not null)
        {
            Assert.Equal(Version, store.Template.KeyVersion);
            var nonce = Bytes.FromHex("1112131415161718");
            var field = await store.ReadAsync(1, nonce, isSecured: false, cancel);
            using var reading = StoreMac.ReadingKey(keys.Store, Id, 1);
            Assert.Equal(
                (7, Language, StoreMac.Read(reading, Id, 1, 7, Language, nonce)), (field.Version, field.Content, field.Mac));
            Assert.Equal(2, (await store.ListAsync(cancel)).Count);
        }

        if (IsSim)
        {
            card.Send("A0A4000002 3F00");
            card.Send("A0A4000002 2FE2");
            Assert.Equal("983344000000000000119000", card.Send("A0B000000A"));
        }

        Assert.Equal("63C2", card.Send("00200080 08 313131313131FFFF"));
        Assert.Equal("9000", card.Send("00200080 08 343832393133FFFF"));
        Assert.Equal("9000", card.Send("002C0080 10 3930383137323633 323232323232FFFF"));
        using var again = Channel();
        var state = (await Personaliser.OpenAsync(new CardChannel(card), again, cancel)).Blank;
        Assert.Equal((Version, true), (state.KeyVersion, state.IsIssuers));
        Assert.Equal("6A88", card.Send("8050300008A1A2A3A4A5A6A7A800"));
    }
}

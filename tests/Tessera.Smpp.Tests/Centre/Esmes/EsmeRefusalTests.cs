using Tessera.Smpp.Centre;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>What the centre will not have from ESMEs.</summary>
public class EsmeRefusalTests
{
    private static readonly SubmitSm Good = TestEsme.To(CentreWorld.Ada.Number);

    public static TheoryData<CommandStatus, SubmitSm> Refused => new()
    {
        { CommandStatus.InvalidSourceAddress, Good with { Source = SmppAddress.International("4470") } },
        { CommandStatus.InvalidSourceAddress, Good with { Source = new(Ton.Alphanumeric, Npi.Unknown, "Bank") } },
        { CommandStatus.InvalidSourceAddress, Good with { Source = new(Ton.Unknown, Npi.Isdn, "7x") } },
        { CommandStatus.InvalidSourceTon, Good with { Source = new((Ton)7, Npi.Isdn, "5555") } },
        { CommandStatus.InvalidSourceNpi, Good with { Source = new(Ton.Unknown, Npi.WapClientId, "5555") } },
        { CommandStatus.InvalidDestinationAddress, Good with { Destination = SmppAddress.International("49") } },
        { CommandStatus.InvalidDestinationAddress, Good with { Destination = SmppAddress.International("") } },
        { CommandStatus.InvalidEsmClass, Good with { EsmClass = EsmClass.Receipt } },
        { CommandStatus.InvalidEsmClass, Good with { EsmClass = EsmClass.WithHeader, Text = Bytes.FromHex("0570") } },
        { CommandStatus.InvalidPriority, Good with { Priority = 4 } },
        { CommandStatus.InvalidSchedule, Good with { ScheduleDeliveryTime = SmppTime.FromNow(TimeSpan.FromHours(1)) } },
        { CommandStatus.InvalidReplaceIfPresent, Good with { ReplaceIfPresent = 1 } },
        { CommandStatus.InvalidDefaultMessage, Good with { DefaultMessageId = 1 } },
        { CommandStatus.InvalidExpiry, Good with { ValidityPeriod = SmppTime.At(new ManualTime().GetUtcNow()) } },
        { (CommandStatus)0x104, Good with { DataCoding = new DataCoding(0x0D) } },
        { CommandStatus.InvalidMessageLength, Good with { Text = new Bytes(new byte[161]) } },
        { CommandStatus.InvalidMessageLength, Good with { DataCoding = DataCoding.Octets, Text = new(new byte[141]) } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_message_is_refused_by_name_and_not_kept(CommandStatus status, SubmitSm message)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);

        Assert.Equal(status, await shop.StatusAsync(message));
        Assert.Equal(0, world.Centre.Held);
        Assert.Equal(Party.Esme("shop"), (await world.Events.NextAsync<MessageRefused>()).From);
    }

    [Theory]
    [InlineData("nobody", "secret", "", CommandStatus.InvalidSystemId)]
    [InlineData("shop", "wrong", "", CommandStatus.InvalidPassword)]
    [InlineData("shop", "", "", CommandStatus.InvalidPassword)]
    [InlineData("typed", "secret", "OTHER", CommandStatus.InvalidSystemType)]
    public async Task A_bind_is_refused_by_name(string systemId, string password, string type, CommandStatus status)
    {
        var typed = CentreWorld.Shop with { SystemId = "typed", Addresses = [], SystemType = "OTA" };
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Esmes = [CentreWorld.Shop, typed] });

        var refused = await Assert.ThrowsAsync<CommandStatusException>(() => SmppClient.ConnectAsync(
            world.Smpp,
            new SmppClientOptions { SystemId = systemId, Password = password, SystemType = type },
            TestContext.Current.CancellationToken));

        Assert.Equal(status, refused.Status);
        Assert.Equal(status, (await world.Events.NextAsync<EsmeRefused>()).Status);
    }

    [Fact]
    public async Task One_session_more_than_an_account_has_is_refused()
    {
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Esmes = [CentreWorld.Shop with { MaxSessions = 1 }] });
        await using (await world.BindAsync(CentreWorld.Shop))
        {
            var refused = await Assert.ThrowsAsync<CommandStatusException>(() => world.BindAsync(CentreWorld.Shop));
            Assert.Equal(CommandStatus.BindFailed, refused.Status);
        }

        await world.Events.NextAsync<EsmeUnbound>();
        await using var again = await world.BindAsync(CentreWorld.Shop);
    }

    [Fact]
    public async Task A_full_queue_is_told_and_takes_again_when_there_is_room()
    {
        await using var world = await CentreWorld.StartAsync(CentreWorld.Options with { MaxQueuedForPhone = 2 });
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await shop.SubmitAsync(Good);
        await shop.SubmitAsync(Good);

        Assert.Equal(CommandStatus.MessageQueueFull, await shop.StatusAsync(Good));
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        await world.Events.NextAsync<MessageEnded>();
        Assert.Equal(CommandStatus.Ok, await shop.StatusAsync(Good));
    }

    [Fact]
    public async Task The_whole_centre_has_a_limit()
    {
        await using var world = await CentreWorld.StartAsync(CentreWorld.Options with { MaxHeld = 1 });
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await shop.SubmitAsync(Good);

        Assert.Equal(CommandStatus.MessageQueueFull, await shop.StatusAsync(TestEsme.To(CentreWorld.Bob.Number)));
    }

    [Fact]
    public async Task A_sender_that_never_takes_its_receipts_is_stopped()
    {
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Esmes = [CentreWorld.Shop with { MaxQueued = 1 }] });
        await using var shop = await world.BindAsync(CentreWorld.Shop, BindMode.Transmitter);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var wanting = Good with { RegisteredDelivery = RegisteredDelivery.Always };
        await shop.SubmitAsync(wanting);
        await world.Events.NextAsync<MessageEnded>();
        await world.Events.NextAsync<MessageSubmitted>();

        Assert.Equal(CommandStatus.MessageQueueFull, await shop.StatusAsync(wanting));
        Assert.Equal(CommandStatus.Ok, await shop.StatusAsync(Good));
    }

    [Fact]
    public async Task More_in_a_second_than_allowed_is_throttled_until_the_second_is_over()
    {
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Esmes = [CentreWorld.Shop with { MaxPerSecond = 3 }] });
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        for (var i = 0; i < 3; i++) Assert.Equal(CommandStatus.Ok, await shop.StatusAsync(Good));

        Assert.Equal(CommandStatus.Throttled, await shop.StatusAsync(Good));
        world.Time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(CommandStatus.Ok, await shop.StatusAsync(Good));
        Assert.Equal(CommandStatus.Throttled, await shop.StatusAsync(Good));
    }

    [Fact]
    public void Two_that_own_the_same_are_a_mistake_of_the_caller()
    {
        var (options, ada, shop) = (CentreWorld.Options, CentreWorld.Ada, CentreWorld.Shop);
        CentreOptions[] mistakes =
        [
            options with { Esmes = [shop, shop] },
            options with { Subscribers = [ada, ada with { Number = Msisdn.Parse("123") }] },
            options with { Esmes = [shop with { Addresses = ["33612345678"] }] },
        ];

        Assert.All(mistakes, mistake => Assert.Throws<ArgumentException>(() => new NumberPlan(mistake)));
    }

    [Fact]
    public void The_longest_range_owns_a_number()
    {
        var plan = new NumberPlan(new CentreOptions
        {
            Esmes =
            [
                CentreWorld.Shop with { Addresses = ["1*", "123"] },
                CentreWorld.Bank with { Addresses = ["12*"] },
            ],
        });

        Assert.Equal("shop", plan.OwnerOf("+123")?.Name);
        Assert.Equal("bank", plan.OwnerOf("124")?.Name);
        Assert.Equal("shop", plan.OwnerOf("1")?.Name);
        Assert.Null(plan.OwnerOf("2"));
    }

    [Fact]
    public void A_password_is_not_printed() =>
        Assert.DoesNotContain("secret", CentreWorld.Shop.ToString(), StringComparison.Ordinal);
}

using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>Phones and the centre over real sockets.</summary>
public class PhoneTests
{
    [Fact]
    public async Task A_message_goes_from_phone_to_phone()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        await using var bob = await world.AttachAsync(CentreWorld.Bob);

        var answer = await ada.SendAsync("+33687654321", "Hello {Bob}");

        Assert.True(answer.IsTaken);
        Assert.Equal(world.Time.GetUtcNow(), answer.Report?.ServiceCentreTime.Time);
        var got = await bob.ReceiveAsync();
        Assert.Equal("+33612345678", got.Originator.ToString());
        Assert.Equal("Hello {Bob}", got.UserData.ToText(got.Coding));
        Assert.Equal(world.Time.GetUtcNow(), got.ServiceCentreTime.Time);
        var ended = await world.Events.NextAsync<MessageEnded>();
        Assert.Equal((MessageState.Delivered, Party.Of(CentreWorld.Bob.Number)), (ended.State, ended.To));
        Assert.Equal(0, world.Centre.Held);
    }

    [Fact]
    public async Task A_phone_learns_its_number_and_is_seen_to_come_and_go()
    {
        await using var world = await CentreWorld.StartAsync();
        await using (var ada = await world.AttachAsync(CentreWorld.Ada))
        {
            Assert.Equal(CentreWorld.Ada.Number, ada.Number);
            Assert.Equal(CentreWorld.Ada.Imsi, (await world.Events.NextAsync<PhoneAttached>()).Imsi);
            Assert.True(world.Centre.IsAttached(CentreWorld.Ada.Number));
        }

        Assert.Equal("The phone detached.", (await world.Events.NextAsync<PhoneDetached>()).Reason);
        Assert.False(world.Centre.IsAttached(CentreWorld.Ada.Number));
    }

    [Fact]
    public async Task A_SIM_that_nobody_knows_is_refused()
    {
        await using var world = await CentreWorld.StartAsync();
        var stranger = new Subscriber(Imsi.Parse("001010000000009"), Msisdn.Parse("+336"));

        var refused = await Assert.ThrowsAsync<AttachRefusedException>(() => world.AttachAsync(stranger));

        Assert.Equal(AirCause.UnknownSubscriber, refused.Cause);
        Assert.Equal(AirCause.UnknownSubscriber, (await world.Events.NextAsync<PhoneRefused>()).Cause);
    }

    [Fact]
    public async Task One_phone_more_than_there_is_room_for_is_refused()
    {
        await using var world = await CentreWorld.StartAsync(
            CentreWorld.Options with { Air = new AirLimits { MaxPhones = 1 } });
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        var refused = await Assert.ThrowsAsync<AttachRefusedException>(() => world.AttachAsync(CentreWorld.Bob));

        Assert.Equal(AirCause.Congestion, refused.Cause);
    }

    [Fact]
    public async Task The_same_SIM_on_a_newer_connection_takes_the_place_of_the_older()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var older = await world.AttachAsync(CentreWorld.Ada);
        await using var newer = await world.AttachAsync(CentreWorld.Ada);

        Assert.Equal(AirCause.ImplicitlyDetached, (await older.Ended).Cause);
        await newer.SendAsync("+33612345678", "to myself");
        Assert.Equal("to myself", (await newer.ReceiveAsync()).UserData.ToText(DataCodingScheme.Gsm7));
    }

    [Fact]
    public async Task A_message_to_nobody_is_refused_with_the_cause()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        var answer = await ada.SendAsync("+49", "Who?");

        Assert.Equal(RpCause.UnassignedNumber, answer.Refused);
        Assert.Equal(FailureCause.InvalidAddress, answer.Report?.Failure);
        Assert.Equal("+49", (await world.Events.NextAsync<MessageRefused>()).Destination);
    }

    [Fact]
    public async Task A_phone_that_asks_for_it_gets_a_status_report()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        await using var bob = await world.AttachAsync(CentreWorld.Bob);

        await ada.SendAsync(TestPhone.Submit("+33687654321", "Well?", reference: 0x5C) with { StatusReport = true });
        await bob.ReceiveAsync();
        var report = await ada.ReportAsync();

        Assert.Equal((0x5C, "+33687654321", 0), (report.Reference, report.Recipient.ToString(), report.Status));
        Assert.Equal(world.Time.GetUtcNow(), report.DischargeTime.Time);
    }
}

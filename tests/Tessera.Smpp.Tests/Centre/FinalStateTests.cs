using System.Globalization;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>Whatever happens to phones and ESMEs, a message that was taken ends once.</summary>
public class FinalStateTests
{
    private static readonly Subscriber[] Subscribers = [CentreWorld.Ada, CentreWorld.Bob];

    private static readonly FailureCause?[] Answers =
        [null, null, FailureCause.MemoryExceeded, FailureCause.ToolkitBusy, FailureCause.DataDownloadError];

    private static readonly CommandStatus[] Statuses =
        [CommandStatus.Ok, CommandStatus.Ok, CommandStatus.ReceiverTemporaryError, CommandStatus.ReceiverRejected];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_message_that_was_taken_ends_in_exactly_one_state(int seed)
    {
        await using var world = await CentreWorld.StartAsync();
        var accepted = await LiveAsync(world, new Random(seed));

        // At last all are there and take what comes.
        await using var shop = await world.BindAsync(CentreWorld.Shop, BindMode.Receiver);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        await using var bob = await world.AttachAsync(CentreWorld.Bob);
        HashSet<long> submitted = [];
        List<MessageEnded> ended = [];
        while (world.Centre.Held > 0 || !accepted.IsSubsetOf(ended.Select(end => end.Id)) || submitted.Count > ended.Count)
        {
            var what = await world.Events.NextAsync<CentreEvent>();
            if (what is MessageSubmitted message) Assert.True(submitted.Add(message.Id), "an id was given twice");
            else if (what is MessageEnded end) ended.Add(end);
        }

        Assert.Equal(ended.Count, ended.DistinctBy(end => end.Id).Count());
        Assert.Equal(submitted, [.. ended.Select(end => end.Id)]);
        Assert.All(ended, end => Assert.Contains(
            end.State,
            (MessageState[])[
                MessageState.Delivered, MessageState.Expired, MessageState.Undeliverable, MessageState.Rejected,
                MessageState.Deleted]));
        Assert.Equal(0, world.Centre.Held);
        Assert.False(world.Centre.Failed.IsCompleted);
    }

    /// <returns>The ids of what the ESME handed over.</returns>
    private static async Task<HashSet<long>> LiveAsync(CentreWorld world, Random random)
    {
        HashSet<long> accepted = [];
        var phones = new TestPhone?[Subscribers.Length];
        var esme = await world.BindAsync(CentreWorld.Shop);
        for (var i = 0; i < 300; i++)
        {
            var who = random.Next(Subscribers.Length);
            switch (random.Next(8))
            {
                case 0 when phones[who] is { } phone:
                    await phone.DisposeAsync();
                    phones[who] = null;
                    break;
                case 1:
                    phones[who] ??= await world.AttachAsync(Subscribers[who]);
                    break;
                case 2 when phones[who] is { } phone:
                    var answer = Answers[random.Next(Answers.Length)];
                    phone.Answer = _ => Task.FromResult(new SmsDeliverReport(answer));
                    break;
                case 3 when phones[who] is { } phone:
                    await phone.SendAsync(random.Next(2) == 0 ? "5555" : "+33687654321", "Hi");
                    break;
                case 4:
                    world.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 600)));
                    break;
                case 5:
                    var status = Statuses[random.Next(Statuses.Length)];
                    esme.Answer = _ => status;
                    break;
                case 6 when random.Next(4) == 0:
                    await esme.DisposeAsync();
                    esme = await world.BindAsync(CentreWorld.Shop);
                    break;
                default:
                    var id = await esme.SubmitAsync(Message(Subscribers[who].Number, random));
                    accepted.Add(long.Parse(id, CultureInfo.InvariantCulture));
                    break;
            }
        }

        await esme.DisposeAsync();
        foreach (var phone in phones)
        {
            if (phone is not null) await phone.DisposeAsync();
        }

        return accepted;
    }

    private static SubmitSm Message(Msisdn to, Random random) => TestEsme.To(to) with
    {
        RegisteredDelivery = new RegisteredDelivery((byte)random.Next(4)),
        ValidityPeriod = random.Next(2) == 0
            ? SmppTime.None
            : SmppTime.FromNow(TimeSpan.FromSeconds(random.Next(1, 1000))),
    };
}

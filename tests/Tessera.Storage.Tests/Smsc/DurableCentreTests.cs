using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Testing;
using Xunit;

namespace Tessera.Storage.Tests.Smsc;

/// <summary>The service centre on its durable store: started again, and cut at every durable step.</summary>
public sealed class DurableCentreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_waits_is_delivered_after_a_restart_and_its_receipt_after_another()
    {
        var file = _folder.File("smsc.db");
        string id;
        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transmitter))
            id = (await world.SubmitAsync("one", Cancel)).MessageId;

        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transmitter))
        {
            using var watch = world.Centre.Watch();
            await world.AttachAsync();
            Assert.Equal("one", await world.ShownAsync(Cancel));
            await foreach (var what in watch.ReadAllAsync(Cancel))
            {
                if (what is MessageSubmitted { About: not null }) break;
            }
        }

        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transceiver))
        {
            await world.AttachAsync();
            var receipt = await world.ReceiptAsync(Cancel);
            Assert.Equal((id, MessageState.Delivered), (receipt.MessageId, receipt.State));

            var next = await world.SubmitAsync("two", Cancel);
            Assert.True(long.Parse(next.MessageId, null) > long.Parse(id, null) + 1);
            Assert.Equal("two", await world.ShownAsync(Cancel));
            Assert.Empty(world.Shown());
        }
    }

    [Fact]
    public async Task A_recipient_that_is_gone_after_a_restart_ends_its_messages()
    {
        var file = _folder.File("smsc.db");
        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transmitter))
            await world.SubmitAsync("one", Cancel);

        await using var database = await Database.OpenAsync(file, cancel: Cancel);
        await using var store = new Storage.Smsc.SqliteMessageStore(database);
        var account = new EsmeAccount { SystemId = "shop", Password = "secret" };
        var options = new CentreOptions { Esmes = [account] };
        await using (await ShortMessageCentre.StartAsync(options, store, cancel: Cancel)) { }

        var receipt = Assert.Single((await store.LoadAsync(Cancel)).Messages);
        Assert.Equal(MessageState.Rejected, receipt.Tells?.State);
    }

    [Fact]
    public async Task A_store_that_fails_to_take_a_message_is_told_to_the_sender_alone()
    {
        var fails = false;
        await using var world = await DurableCentre.StartAsync(
            _folder.File("smsc.db"), BindMode.Transceiver,
            step =>
            {
                if (fails && step is "before smsc messages") throw new IOException("The disk is full.");
            });
        fails = true;
        Assert.Equal(CommandStatus.SystemError, (await world.SubmitAsync("one", Cancel)).Status);

        fails = false;
        Assert.Equal(CommandStatus.Ok, (await world.SubmitAsync("two", Cancel)).Status);
        await world.AttachAsync();
        Assert.Equal("two", await world.ShownAsync(Cancel));
    }

    [Fact]
    public async Task Cut_at_any_durable_step_nothing_acknowledged_is_lost_and_nothing_ended_comes_again()
    {
        var cuts = 0;
        while (await LiveAndDieAsync(cuts + 1)) cuts++;

        // Three messages, each stored, ended with its receipt, and the receipt ended: told before and after.
        Assert.InRange(cuts, 12, 18);
    }

    /// <summary>Three messages are sent one after the other; the store dies at one of its steps.</summary>
    /// <returns>False if all was over before that step.</returns>
    private async Task<bool> LiveAndDieAsync(int step)
    {
        var file = _folder.File($"cut{step}.db");
        var (steps, died) = (0, new TaskCompletionSource());
        List<string> acknowledged = [], shown = [], receipts = [];
        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transceiver, Cut))
        {
            await world.AttachAsync();
            foreach (var text in (string[])["one", "two", "three"])
            {
                var response = await world.SubmitAsync(text, Cancel);
                if (response.Status != CommandStatus.Ok) continue;
                acknowledged.Add(text);
                var receipt = world.ReceiptAsync(Cancel);
                if (await Task.WhenAny(receipt, died.Task) == died.Task) break;
                receipts.Add((await receipt).Text);
            }

            await Task.WhenAny(died.Task, EmptyAsync(world));
            shown.AddRange(world.Shown());
        }

        await using (var world = await DurableCentre.StartAsync(file, BindMode.Transceiver))
        {
            await world.AttachAsync();
            await EmptyAsync(world);
            var again = world.Shown();

            // What the phone had and the centre could not write down may come once more; what was told does not.
            Assert.Empty(receipts.Intersect(again, StringComparer.Ordinal));
            Assert.Empty(acknowledged.Except(shown.Concat(again), StringComparer.Ordinal));
            Assert.True(shown.Concat(again).Count() <= acknowledged.Count + 2);
        }

        return died.Task.IsCompleted;

        void Cut(string name)
        {
            if (!name.EndsWith("smsc messages", StringComparison.Ordinal) || ++steps < step) return;
            died.TrySetResult();
            throw new IOException("The power went.");
        }
    }

    private static async Task EmptyAsync(DurableCentre world)
    {
        using var watch = world.Centre.Watch();
        var events = watch.ReadAllAsync(Cancel).GetAsyncEnumerator(Cancel);
        while (world.Centre.Held > 0)
        {
            var more = events.MoveNextAsync().AsTask();
            if (await Task.WhenAny(more, world.Centre.Failed) != more) return;
        }
    }
}

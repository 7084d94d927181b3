using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Storage.Smsc;
using Tessera.Testing;
using Xunit;

namespace Tessera.Storage.Tests.Smsc;

public sealed class SqliteMessageStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_held_is_found_again_field_by_field_and_in_order()
    {
        var receipt = Held.Receipt(9, Held.End(4));
        await WriteAsync(async store =>
        {
            await store.AddAsync(Held.Message(7), Cancel);
            await store.AddAsync(Held.Message(3) with { Reference = null }, Cancel);
            await store.AddAsync(receipt, Cancel);
        });

        var held = await ReadAsync(store => store.LoadAsync(Cancel));

        Assert.Equal([Held.Message(3) with { Reference = null }, Held.Message(7), receipt], held.Messages);
        Assert.Equal(9, held.LastId);
    }

    [Fact]
    public async Task An_empty_store_begins_before_the_first_id() => Assert.Equal(
        new HeldMessages(0, []), await ReadAsync(store => store.LoadAsync(Cancel)) with { Messages = [] });

    [Fact]
    public async Task An_end_takes_the_place_of_its_message_together_with_the_receipt()
    {
        var receipt = Held.Receipt(2, Held.End(1));
        await WriteAsync(async store =>
        {
            await store.AddAsync(Held.Message(1), Cancel);
            await store.EndAsync(Held.End(1), receipt, Cancel);
        });

        Assert.Equal([receipt], (await ReadAsync(store => store.LoadAsync(Cancel))).Messages);
        Assert.Equal(Held.End(1), await ReadAsync(store => store.FindEndAsync(1, Cancel).AsTask()));
        Assert.Null(await ReadAsync(store => store.FindEndAsync(2, Cancel).AsTask()));
    }

    [Fact]
    public async Task An_id_is_not_given_again_though_all_is_forgotten()
    {
        await WriteAsync(async store =>
        {
            await store.AddAsync(Held.Message(41), Cancel);
            await store.EndAsync(Held.End(41, MessageState.Expired), receipt: null, Cancel);
            await store.ForgetAsync(Held.Time.AddSeconds(8), Cancel);
            Assert.NotNull(await store.FindEndAsync(41, Cancel));
            await store.ForgetAsync(Held.Time.AddSeconds(9), Cancel);
            Assert.Null(await store.FindEndAsync(41, Cancel));
        });

        var held = await ReadAsync(store => store.LoadAsync(Cancel));
        Assert.Empty(held.Messages);
        Assert.Equal(41, held.LastId);
    }

    [Fact]
    public async Task Many_that_come_together_share_few_commits()
    {
        var commits = 0;
        await WriteAsync(
            store => Task.WhenAll(
                Enumerable.Range(1, 3000).Select(i => store.AddAsync(Held.Message(i), Cancel).AsTask())),
            step => commits += string.Equals(step, "after smsc messages", StringComparison.Ordinal) ? 1 : 0);

        Assert.InRange(commits, 3, 300);
        Assert.Equal(3000, (await ReadAsync(store => store.LoadAsync(Cancel))).Messages.Count);
    }

    [Fact]
    public async Task A_transaction_that_fails_fails_all_who_share_it_and_none_after()
    {
        await WriteAsync(async store =>
        {
            await store.AddAsync(Held.Message(1), Cancel);
            var twice = Enumerable.Range(0, 2).Select(_ => store.AddAsync(Held.Message(1), Cancel).AsTask());
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Task.WhenAll(twice));
            await store.AddAsync(Held.Message(2), Cancel);
        });

        Assert.Equal([1L, 2L], (await ReadAsync(store => store.LoadAsync(Cancel))).Messages.Select(m => m.Id));
    }

    [Fact]
    public async Task After_a_crash_at_any_step_nothing_told_is_lost_and_nothing_ended_comes_back()
    {
        var crashes = 0;
        while (await DieAndLookAsync(crashes + 1)) crashes++;

        Assert.InRange(crashes, 6, 40);
    }

    /// <returns>False if all was done before that step.</returns>
    private async Task<bool> DieAndLookAsync(int step)
    {
        var file = _folder.File($"crash{step}.db");
        var (steps, died) = (0, false);
        var (held, ended) = (new SortedSet<long>(), new SortedSet<long>());
        await WriteAsync(LiveAsync, Crash, file);
        var found = await ReadAsync(store => store.LoadAsync(Cancel), file);
        var ids = found.Messages.Select(message => message.Id).ToHashSet();

        Assert.True(ids.IsSupersetOf(held), "an acknowledged message is lost");
        Assert.False(ids.Overlaps(ended), "an ended message is back");
        Assert.All(found.Messages, message => Assert.True(message.Id <= found.LastId));
        return died;

        async Task LiveAsync(SqliteMessageStore store)
        {
            try
            {
                for (var id = 1L; id <= 3; id++)
                {
                    await store.AddAsync(Held.Message(id), Cancel);
                    held.Add(id);
                }

                held.Remove(2);
                await store.EndAsync(Held.End(2), Held.Receipt(4, Held.End(2)), Cancel);
                held.Add(4);
                ended.Add(2);
                held.Remove(4);
                await store.EndAsync(Held.End(4), receipt: null, Cancel);
                ended.Add(4);
            }
            catch (IOException)
            {
                died = true;
            }
        }

        void Crash(string name)
        {
            if (name.EndsWith("smsc messages", StringComparison.Ordinal) && ++steps >= step)
                throw new IOException("The power went.");
        }
    }

    private async Task WriteAsync(
        Func<SqliteMessageStore, Task> work, Action<string>? onDurable = null, string? file = null) =>
        await ReadAsync(
            async store =>
            {
                await work(store);
                return true;
            },
            file,
            onDurable);

    private async Task<T> ReadAsync<T>(
        Func<SqliteMessageStore, Task<T>> work, string? file = null, Action<string>? onDurable = null)
    {
        await using var database = await Database.OpenAsync(file ?? _folder.File("smsc.db"), onDurable, Cancel);
        await using var store = new SqliteMessageStore(database);
        return await work(store);
    }
}

using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Storage.Sessions;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Sessions;

public sealed class SqliteSessionStoreTests : IAsyncLifetime
{
    private static readonly Bytes Terminal = Bytes.FromHex("0102030405060708");
    private static readonly Insertion First = new(Terminal, 0x2A);
    private static readonly Insertion Second = new(Terminal, 0x2B);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;
    private Database _database = null!;
    private SqliteSessionStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_session_and_its_steps_outlive_the_server()
    {
        var session = await OpenAsync(First);
        SessionStep[] steps =
        [
            new(0, StepKind.Effect, Hash(1), null, Bytes.FromHex("7B7D")),
            new(1, StepKind.Page, Hash(2), null, Bytes.FromHex("22")),
            new(2, StepKind.Script, Hash(3), new SentScript(First, 1, Bytes.FromHex("AA00")), null),
        ];
        foreach (var step in steps) await _store.AddAsync(session.Id, step, Cancel);

        await RestartAsync();

        Assert.Equal(session, Assert.Single(await _store.OpenAtAsync(Terminal, Cancel)));
        Assert.Equal(steps, await _store.StepsAsync(session.Id, Cancel));
        Assert.Equal(1, await _store.LastNumberAsync(First, Cancel));
    }

    [Theory]
    [InlineData("AB0102")]
    [InlineData("")]
    public async Task The_answer_to_a_script_comes_later_or_never(string answer)
    {
        var session = await OpenAsync(First);
        await _store.AddAsync(session.Id, Script(0, First, 1), Cancel);

        await _store.AnswerAsync(session.Id, 0, Bytes.FromHex(answer), Cancel);
        await RestartAsync();

        Assert.Equal(Bytes.FromHex(answer), Assert.Single(await _store.StepsAsync(session.Id, Cancel)).Answer);
    }

    [Fact]
    public async Task A_script_number_is_taken_once_in_an_insertion_whatever_the_session()
    {
        var (one, other) = (await OpenAsync(First), await OpenAsync(First));
        await _store.AddAsync(one.Id, Script(0, First, 7), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.AddAsync(other.Id, Script(0, First, 7), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.AddAsync(other.Id, Script(0, First, 6), Cancel));
        await _store.AddAsync(other.Id, Script(0, First, 8), Cancel);

        Assert.Equal(8, await _store.LastNumberAsync(First, Cancel));
        Assert.Single(await _store.StepsAsync(other.Id, Cancel));
    }

    [Fact]
    public async Task Numbers_begin_again_at_a_new_insertion()
    {
        var session = await OpenAsync(First);
        await _store.AddAsync(session.Id, Script(0, First, 200), Cancel);
        await _store.ContinueAsync(session.Id, Second, Cancel);
        await _store.AddAsync(session.Id, Script(1, Second, 1), Cancel);

        Assert.Equal(1, await _store.LastNumberAsync(Second, Cancel));
        Assert.Equal(Second, Assert.Single(await _store.OpenAtAsync(Terminal, Cancel)).At);
    }

    [Fact]
    public async Task A_script_that_was_never_sent_takes_no_number()
    {
        var session = await OpenAsync(First);
        await _store.AddAsync(session.Id, Script(0, First, 1) with { Answer = Bytes.Empty }, Cancel);

        Assert.Equal(0, await _store.LastNumberAsync(First, Cancel));
        Assert.Equal(Bytes.Empty, Assert.Single(await _store.StepsAsync(session.Id, Cancel)).Answer);
    }

    [Fact]
    public async Task An_insertion_keeps_its_numbers_while_the_one_before_still_ends()
    {
        var (before, session) = (await OpenAsync(First), await OpenAsync(Second));
        await _store.AddAsync(before.Id, Script(0, First, 4), Cancel);
        await _store.AddAsync(session.Id, Script(0, Second, 1), Cancel);
        await _store.AddAsync(session.Id, Script(1, Second, 2), Cancel);
        await _store.AddAsync(before.Id, Script(1, First, 5), Cancel);

        Assert.Equal(2, await _store.LastNumberAsync(Second, Cancel));
    }

    [Fact]
    public async Task A_step_is_added_once()
    {
        var session = await OpenAsync(First);
        var step = new SessionStep(0, StepKind.Effect, Hash(1), null, Bytes.FromHex("31"));
        await _store.AddAsync(session.Id, step, Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.AddAsync(session.Id, step, Cancel));
    }

    [Fact]
    public async Task A_session_that_ended_is_open_no_more()
    {
        var (ended, open) = (await OpenAsync(First), await OpenAsync(Second));

        await _store.CloseAsync(ended.Id, SessionEnd.Completed, Now, Cancel);

        Assert.Equal(open, Assert.Single(await _store.OpenAtAsync(Terminal, Cancel)));
        Assert.Empty(await _store.OpenAtAsync(Bytes.FromHex("FFFFFFFFFFFFFFFF"), Cancel));
    }

    private static Bytes Hash(byte seed)
    {
        var octets = new byte[32];
        octets.AsSpan().Fill(seed);
        return new Bytes(octets);
    }

    private static SessionStep Script(int ordinal, Insertion at, byte number) =>
        new(ordinal, StepKind.Script, Hash(number), new SentScript(at, number, Bytes.FromHex("AA01")), null);

    private async Task<SessionRecord> OpenAsync(Insertion at)
    {
        var session = new SessionRecord(SessionReference.New(Now), "purse", at, Now);
        await _store.OpenAsync(session, Cancel);
        return session;
    }

    private async Task StartAsync()
    {
        _database = await Database.OpenAsync(Path.Combine(_folder, "tessera.db"), cancel: Cancel);
        _store = new SqliteSessionStore(_database);
    }

    private async Task RestartAsync()
    {
        await _database.DisposeAsync();
        await StartAsync();
    }
}

using Tessera.Platform.Changes;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Storage;
using Tessera.Storage.Changes;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Storage.Sessions;
using Tessera.Story.Road;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Story.Server;

/// <summary>A server from its start until it is killed; its database is all that outlives it.</summary>
internal sealed class ServerLife : IAsyncDisposable
{
    private readonly Premises _premises;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<StoryRoad.Connection> _connections = [];
    private readonly List<Task> _tasks = [];
    private readonly LinkListener _listener;
    private readonly Idleness _idleness = new();
    private Database _database = null!;
    private SessionHost _host = null!;
    private volatile bool _dead;
    private bool _dies;

    private ServerLife(Premises premises)
    {
        _premises = premises;
        _listener = new LinkListener(new LinkListenerOptions { Server = premises.Server }, premises.Time);
    }

    /// <summary>One that was killed while it started is started again, as often as it takes.</summary>
    public static async Task<ServerLife> StartAsync(Premises premises, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await BeginAsync(premises, cancel);
            }
            catch (ServerKilledException)
            {
                premises.Recorder.Note("server killed while it started");
            }
        }
    }

    /// <exception cref="ServerKilledException">It was killed while it started.</exception>
    private static async Task<ServerLife> BeginAsync(Premises premises, CancellationToken cancel)
    {
        var life = new ServerLife(premises);
        life._database = await Database.OpenAsync(premises.DatabasePath, life.Durable, cancel);
        life._host = new SessionHost(
            new Treasury(new SqliteMoneyStore(life._database), premises.Keys, premises.Time),
            new SqliteHolderStore(life._database),
            new SqliteSessionStore(life._database),
            premises.Server.Id,
            new SessionOptions(),
            premises.Time,
            new CardFields(
                new ChangeLog(new SqliteChangeStore(life._database), premises.Time), premises.StoreKeys,
                premises.Plot.Keeper),
            premises.Plot.Notary(life._database, premises.Time));
        life.Keep("links", life.TakeLinksAsync);
        return life;
    }

    public bool IsDead => _dead;

    /// <summary>It has done all it can do without its terminal.</summary>
    public Task Idle => _idleness.Task;

    /// <summary>A terminal connects.</summary>
    public IFrameChannel Connect()
    {
        var connection = _premises.Road.Connect();
        lock (_gate)
        {
            _connections.Add(connection);
            if (_dead) connection.Break();
        }

        Serve(connection.Server);
        return connection.Terminal;
    }

    /// <summary>The terminal has connected.</summary>
    public void Serve(IFrameChannel channel) => Keep("connection", async () =>
    {
        await _listener.ServeAsync(channel, _premises.Terminal, _stopping.Token);
        _premises.Tell(new ConnectionOver());
    });

    /// <summary>The line of the terminal returns to voice.</summary>
    public void Pause() => _listener.Pause(_premises.Terminal.Id);

    /// <summary>The call in which the terminal was is over.</summary>
    public void Release() => _listener.Release(_premises.Terminal.Id, "The call is over.");

    /// <summary>Every connection breaks.</summary>
    public void Break()
    {
        lock (_gate)
        {
            foreach (var connection in _connections) connection.Break();
        }
    }

    /// <summary>Nothing of it does anything any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Die();
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        Task[] tasks;
        do
        {
            lock (_gate) tasks = [.. _tasks];
            await Task.WhenAll(tasks);
        }
        while (tasks.Length < _tasks.Count);

        await _database.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>As the host of the product does: a session that waits for its card goes on, any other begins.</summary>
    private async Task TakeLinksAsync()
    {
        await foreach (var opened in _listener.Links.ReadAllAsync(_stopping.Token))
        {
            _idleness.Ends();
            var link = new WatchedLink(opened, _idleness);
            if (!_host.Return(link)) Keep("session", () => ServeToIdleAsync(link));
        }
    }

    private async Task ServeToIdleAsync(ILink link)
    {
        try
        {
            await ServeAsync(link);
        }
        finally
        {
            _idleness.Begins();
        }
    }

    private async Task ServeAsync(ILink link)
    {
        var application = _premises.Plot.Application;
        var page = _premises.Profile.HasRichPages ? new LivePage(_premises.Person, _idleness, () => _dead) : null;
        bool again;
        do
        {
            try
            {
                var outcome = await _host.ResumeAsync(link, page, _ => application, _stopping.Token)
                    ?? await _host.RunAsync(link, page, application, _stopping.Token);
                if (outcome.Fault is { } fault) throw new InvalidOperationException("The session failed.", fault);
                link = outcome.Link;
            }
            catch (ConnectionLostException) when (link.Ended.IsCancellationRequested)
            {
                return;
            }

            if (link.Ended.IsCancellationRequested) return;
            again = page is not null && _premises.Person.WantsAnother;
        }
        while (again);

        _premises.Tell(new SessionOver(link));
    }

    /// <summary>Every commit is a place where the server may be killed.</summary>
    private void Durable(string step)
    {
        if (_dead) throw new ServerKilledException("already");
        if (step.StartsWith("before", StringComparison.Ordinal))
        {
            var cut = _premises.Scissors.Next(CutKind.Server, step["before ".Length..]);
            _dies = cut is not null;
            if (cut is not { After: false }) return;
        }

        if (!_dies) return;
        _premises.Tell(new ServerKilled(this));
        Die();
        throw new ServerKilledException(step);
    }

    private void Die()
    {
        _dead = true;
        Break();
        _idleness.Begins();
    }

    /// <summary>Whatever fails in a server that lives is a fault of the story.</summary>
    private void Keep(string name, Func<Task> work)
    {
        lock (_gate) _tasks.Add(Guarded());

        async Task Guarded()
        {
            try
            {
                await Task.Yield();
                await work();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The server stops.
            }
            catch (Exception e)
            {
                if (!_dead) _premises.Tell(new Failed(name, e));
            }
        }
    }
}

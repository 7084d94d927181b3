using System.Net;
using Tessera.Apps;
using Tessera.Gateway;
using Tessera.Platform.Applications;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Storage;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Storage.Sessions;
using Tessera.Storage.Smsc;
using Tessera.Story.Server;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;

namespace Tessera.Story.Phones;

/// <summary>SMSC, gateway and sessions from their start until they are killed; one database outlives them.</summary>
internal sealed class RoadLife : IAsyncDisposable
{
    private const string SystemId = "gateway";
    private const string Password = "secret";

    private static readonly ICardApplication Purse = new PurseApplication();

    private readonly PhonePremises _premises;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _tasks = [];
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Lock _gate = new();
    private bool _dies;

    private RoadLife(PhonePremises premises) => _premises = premises;

    /// <summary>Completes when it is killed; fails where something failed that must not.</summary>
    public Task Killed => _killed.Task;

    public IMoneyStore Money { get; private set; } = null!;

    public IGatewayStore Sessions { get; private set; } = null!;

    /// <exception cref="ServerKilledException">It was killed while it started.</exception>
    public static async Task<RoadLife> StartAsync(PhonePremises premises, CancellationToken cancel)
    {
        var life = new RoadLife(premises);
        try
        {
            await life.StartAsync(cancel);
            return life;
        }
        catch
        {
            await life.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Die();
        await _stopping.CancelAsync();
        await Task.WhenAll(_tasks);
        while (_parts.TryPop(out var part)) await GuardedAsync("end", async () => await part.DisposeAsync());
        _stopping.Dispose();
    }

    private bool IsDead => _killed.Task.IsCompleted;

    private async Task StartAsync(CancellationToken cancel)
    {
        var (time, sim) = (_premises.Time, SimSubscription.Demonstration);
        var database = Keep(await Database.OpenAsync(_premises.DatabasePath, Durable, cancel));
        var messages = Keep(new SqliteMessageStore(database));
        var centre = Keep(await ShortMessageCentre.StartAsync(
            new CentreOptions
            {
                Subscribers = [new Smpp.Centre.Subscriber(Imsi.Parse(sim.Imsi), Msisdn.Parse(sim.Msisdn))],
                Esmes = [new EsmeAccount { SystemId = SystemId, Password = Password, Addresses = [sim.ServiceNumber] }],
            },
            messages, time, cancel));
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        _premises.Air.Target = Keep(CentreListener.Start(free, centre.ServePhoneAsync)).Address;
        _premises.Smpp.Target = Keep(SmppListener.Listen(free, centre.Esmes)).EndPoint;
        var gateway = Keep(await SmsGateway.StartAsync(
            new SmsGatewayOptions
            {
                Smsc = _premises.Smpp.EndPoint,
                Esme = new SmppClientOptions { SystemId = SystemId, Password = Password, Time = time },
                ServiceNumber = new SmppAddress(Ton.Unknown, Npi.Isdn, sim.ServiceNumber),
                Keys = version => version == DemonstrationKeys.Version ? _premises.Masters : null,
                Told = told => _premises.Recorder.Note($"gateway {told.GetType().Name}"),
            },
            Sessions = new SqliteGatewayStore(database), time, cancel));
        Money = new SqliteMoneyStore(database);
        var host = new SessionHost(
            new Treasury(Money, _premises.Keys, time), new SqliteHolderStore(database), new SqliteSessionStore(database),
            Premises.Anyone.Id, new SessionOptions(), time);
        Begin("links", () => TakeAsync(gateway, host));
        Begin("late answers", () => SettleAsync(gateway, host));
        Begin("SMSC", () => centre.Failed.WaitAsync(_stopping.Token));
        Begin("gateway", () => gateway.Completion.WaitAsync(_stopping.Token));
    }

    private async Task TakeAsync(SmsGateway gateway, SessionHost host)
    {
        await foreach (var link in gateway.Links.ReadAllAsync(_stopping.Token))
            Begin("session", () => ServeAsync(host, link));
    }

    private async Task SettleAsync(SmsGateway gateway, SessionHost host)
    {
        await foreach (var late in gateway.LateAsync(_stopping.Token))
        {
            var outcome = await host.SettleLateAsync(late, late.Number, late.Script, _ => Purse, _stopping.Token);
            _premises.Recorder.Note($"late answer to script {late.Number}: {outcome?.State} {outcome?.Refusal?.Detail}");
            await gateway.SettledAsync(late, _stopping.Token);
        }
    }

    /// <summary>As the server does it.</summary>
    private async Task ServeAsync(SessionHost host, SmsLink link)
    {
        var outcome = await host.ResumeAsync(link, null, _ => Purse, _stopping.Token)
            ?? (link.Begun ? null : await host.RunAsync(link, null, Purse, _stopping.Token));
        if (outcome?.Fault is { } fault) throw new InvalidOperationException("The session failed.", fault);
        await link.CloseAsync(_stopping.Token);
        _premises.Took(link.Traffic);
    }

    /// <summary>Every commit is a place where the server may be killed.</summary>
    private void Durable(string step)
    {
        lock (_gate)
        {
            if (IsDead) throw new ServerKilledException("already");
            if (step.StartsWith("before", StringComparison.Ordinal))
            {
                var cut = _premises.Scissors.Next(CutKind.Server, step["before ".Length..]);
                _dies = cut is not null;
                if (cut is not { After: false }) return;
            }

            if (!_dies) return;
        }

        Die();
        throw new ServerKilledException(step);
    }

    private void Die()
    {
        (_premises.Air.Target, _premises.Smpp.Target) = (null, null);
        _killed.TrySetResult();
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private void Begin(string name, Func<Task> work)
    {
        lock (_gate) _tasks.Add(GuardedAsync(name, work));
    }

    /// <summary>Whatever fails in a server that lives is a fault of the story.</summary>
    private async Task GuardedAsync(string name, Func<Task> work)
    {
        try
        {
            await Task.Yield();
            await work();
        }
        catch (Exception) when (IsDead)
        {
            // Nothing counts any more.
        }
        catch (Exception e) when (e is not ConnectionLostException)
        {
            _killed.TrySetException(new InvalidOperationException($"The {name} failed.", e));
        }
        catch (ConnectionLostException)
        {
            // The card opened another session.
        }
    }
}

using System.Diagnostics;
using Tessera.Gateway;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Browsers;
using Tessera.Server.Calls;
using Tessera.Server.Hosting;
using Tessera.Server.Logins;
using Tessera.Server.ShortMessages;
using Tessera.Server.Signing;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>
/// Takes every session that a terminal or a SIM opens: one that waits for its card goes on, any other begins.
/// </summary>
internal sealed class SessionService(
    LinkListener listener, CallLines lines, ShortMessageRoad road, SessionHost host, ApplicationCatalogue catalogue,
    TerminalDesks desks, LoginDesk logins, SigningDesk signing, Telemetry telemetry,
    ILogger<SessionService> log) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                TakeAsync(listener.Links.ReadAllAsync(stoppingToken), AtATerminal, stoppingToken),
                TakeAsync(lines.Listener.Links.ReadAllAsync(stoppingToken), InACall, stoppingToken),
                road.Links is { } links
                    ? TakeAsync(links.ReadAllAsync(stoppingToken), AtThePc, stoppingToken)
                    : Task.CompletedTask);
        }
        finally
        {
            Task[] running;
            lock (_gate) running = [.. _running];
            await Task.WhenAll(running);
        }
    }

    private IVisit AtATerminal(ILink link) => AtThePc(link) as IVisit ?? new TerminalVisit(catalogue);

    private Visit? AtThePc(ILink link) => link.Profile.HasRichPages ? new Visit(desks.Of(link.Terminal), catalogue) : null;

    /// <summary>What the caller chose and waits for; nobody asked for any other session of a line.</summary>
    private CallStay? InACall(ILink link) => lines.Find(link.Terminal)?.Arrive(link);

    private async Task TakeAsync(
        IAsyncEnumerable<ILink> links, Func<ILink, IVisit?> visitOf, CancellationToken stopping)
    {
        await foreach (var link in links)
        {
            if (host.Return(link))
            {
                desks.Of(link.Terminal).Renew();
                continue;
            }

            lock (_gate)
            {
                _running.RemoveWhere(task => task.IsCompleted);
                _running.Add(ServeAsync(link, visitOf, stopping));
            }
        }
    }

    /// <summary>
    /// Whatever became of it, a SIM's session that has been served is over, unless it goes on after a restart.
    /// </summary>
    private async Task ServeAsync(ILink link, Func<ILink, IVisit?> visitOf, CancellationToken stopping)
    {
        await GuardAsync(link, () => RunAllAsync(link, visitOf(link), stopping), stopping);
        if (link is SmsLink { Ended.IsCancellationRequested: false } sms && !stopping.IsCancellationRequested)
            await GuardAsync(link, () => sms.CloseAsync(stopping), stopping);
    }

    /// <summary>What goes wrong with one session is told, and no other session knows of it.</summary>
    private async Task GuardAsync(ILink link, Func<Task> serve, CancellationToken stopping)
    {
        try
        {
            await serve();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.LogInformation("Session of terminal {Terminal} goes on after the restart", link.Terminal);
        }
        catch (Exception e) when (e is ConnectionLostException or OperationCanceledException)
        {
            log.LogInformation("Terminal {Terminal}: {Reason}", link.Terminal, e.Message);
        }
        catch (Exception e)
        {
            log.LogError(e, "A session of terminal {Terminal} failed", link.Terminal);
        }
    }

    /// <summary>Runs sessions of one card, on a visit one after the other while the holder wants another.</summary>
    private async Task RunAllAsync(ILink link, IVisit? visit, CancellationToken stopping)
    {
        try
        {
            while (await RunAsync(link, visit, stopping) is { } outcome && visit is not null)
            {
                link = outcome.Link;
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(link.Ended, stopping);
                if (!await visit.GoOnAsync(outcome, gone.Token)) return;
            }
        }
        finally
        {
            visit?.End();
        }
    }

    /// <returns>Null where a SIM's session was under way before a restart and its application is done.</returns>
    private async Task<SessionOutcome?> RunAsync(ILink link, IVisit? visit, CancellationToken stopping)
    {
        using var activity = telemetry.StartSession();
        var begun = Stopwatch.GetTimestamp();
        Func<string, ICardApplication?> find = visit is null ? logins.Find : visit.Find;
        var outcome = await host.ResumeAsync(link, visit?.Page, find, stopping);
        if (outcome is null)
        {
            if (link is SmsLink { Begun: true }) return null;
            await signing.ServeAsync(link, stopping);
            outcome = await host.RunAsync(
                link, visit?.Page, visit?.Begin() ?? await ApplicationAsync(link, stopping), stopping);
        }
        else
        {
            visit?.Resumed();
        }

        telemetry.SessionEnded(outcome.End, Stopwatch.GetElapsedTime(begun));
        log.LogInformation("Session {Session:X4} of terminal {Terminal} ended: {End}", link.Session, link.Terminal, outcome.End);
        if (outcome.Fault is { } fault) log.LogError(fault, "The application failed");
        return outcome;
    }

    private async Task<ICardApplication> ApplicationAsync(ILink link, CancellationToken cancel) =>
        link is SmsLink { Opening.Login: { } pair } sms
            ? await logins.ApplicationAsync(sms, pair, cancel)
            : catalogue.For(link);
}

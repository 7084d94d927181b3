using System.Diagnostics;
using Tessera.Gateway;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Browsers;
using Tessera.Server.Hosting;
using Tessera.Server.ShortMessages;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>
/// Takes every session that a terminal or a SIM opens: one that waits for its card goes on, any other begins.
/// </summary>
internal sealed class SessionService(
    LinkListener listener, ShortMessageRoad road, SessionHost host, ApplicationCatalogue catalogue, TerminalDesks desks,
    Telemetry telemetry, ILogger<SessionService> log) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                TakeAsync(listener.Links.ReadAllAsync(stoppingToken), stoppingToken),
                road.Links is { } links ? TakeAsync(links.ReadAllAsync(stoppingToken), stoppingToken) : Task.CompletedTask);
        }
        finally
        {
            Task[] running;
            lock (_gate) running = [.. _running];
            await Task.WhenAll(running);
        }
    }

    private async Task TakeAsync(IAsyncEnumerable<ILink> links, CancellationToken stopping)
    {
        await foreach (var link in links)
        {
            if (host.Return(link)) continue;
            lock (_gate)
            {
                _running.RemoveWhere(task => task.IsCompleted);
                _running.Add(ServeAsync(link, stopping));
            }
        }
    }

    /// <summary>
    /// Whatever became of it, a SIM's session that has been served is over, unless it goes on after a restart.
    /// </summary>
    private async Task ServeAsync(ILink link, CancellationToken stopping)
    {
        await GuardAsync(link, () => RunAllAsync(link, stopping), stopping);
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

    /// <summary>Runs sessions of one card, one after the other while the holder wants another.</summary>
    private async Task RunAllAsync(ILink link, CancellationToken stopping)
    {
        var page = link.Profile.HasRichPages ? desks.Of(link.Terminal).Page : null;
        for (var again = true; again;)
        {
            if (await RunAsync(link, page, stopping) is not { } outcome) break;
            link = outcome.Link;
            again = page is not null && await WantsAnotherAsync(link, page, outcome.End, stopping);
        }
    }

    /// <returns>Null where a SIM's session was under way before a restart and its application is done.</returns>
    private async Task<SessionOutcome?> RunAsync(ILink link, IPage? page, CancellationToken stopping)
    {
        using var activity = telemetry.StartSession();
        var begun = Stopwatch.GetTimestamp();
        var outcome = await host.ResumeAsync(link, page, catalogue.Find, stopping)
            ?? (link is SmsLink { Begun: true } ? null : await host.RunAsync(link, page, catalogue.For(link), stopping));
        if (outcome is null) return null;
        telemetry.SessionEnded(outcome.End, Stopwatch.GetElapsedTime(begun));
        log.LogInformation("Session {Session:X4} of terminal {Terminal} ended: {End}", link.Session, link.Terminal, outcome.End);
        if (outcome.Fault is { } fault) log.LogError(fault, "The application failed");
        return outcome;
    }

    private static async Task<bool> WantsAnotherAsync(
        ILink link, BrowserPage page, SessionEnd end, CancellationToken stopping)
    {
        if (link.Ended.IsCancellationRequested) return false;
        var view = end switch
        {
            SessionEnd.CardRefused => View.Titled("This card is not known here").Text(
                "It was not issued by this server, or it was withdrawn. Nothing was moved."),
            SessionEnd.Completed or SessionEnd.Left => View.Titled("Goodbye").Text(
                "Your session is over. You may take your card."),
            _ => View.Titled("The session ended early").Text(
                "Nothing is lost: whatever was under way is settled when you go on."),
        };
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(link.Ended, stopping);
        await page.PresentAsync(new ChoicePage(view, ["Begin again"]), gone.Token);
        return true;
    }
}

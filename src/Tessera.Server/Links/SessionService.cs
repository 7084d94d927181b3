using System.Diagnostics;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Browsers;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>Takes every session that a terminal opens: one that waits for its card goes on, any other begins.</summary>
internal sealed class SessionService(
    LinkListener listener, SessionHost host, ApplicationCatalogue catalogue, TerminalDesks desks, Telemetry telemetry,
    ILogger<SessionService> log) : BackgroundService
{
    private readonly HashSet<Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var link in listener.Links.ReadAllAsync(stoppingToken))
            {
                _running.RemoveWhere(task => task.IsCompleted);
                if (!host.Return(link)) _running.Add(ServeAsync(link, stoppingToken));
            }
        }
        finally
        {
            await Task.WhenAll(_running);
        }
    }

    /// <summary>Runs sessions of one card, one after the other while the holder wants another.</summary>
    private async Task ServeAsync(ILink link, CancellationToken stopping)
    {
        var page = link.Profile.HasRichPages ? desks.Of(link.Terminal).Page : null;
        try
        {
            for (var again = true; again;)
            {
                var outcome = await RunAsync(link, page, stopping);
                link = outcome.Link;
                again = page is not null && await WantsAnotherAsync(link, page, outcome.End, stopping);
            }
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

    private async Task<SessionOutcome> RunAsync(ILink link, IPage? page, CancellationToken stopping)
    {
        using var activity = telemetry.StartSession();
        var begun = Stopwatch.GetTimestamp();
        var outcome = await host.ResumeAsync(link, page, catalogue.Find, stopping)
            ?? await host.RunAsync(link, page, catalogue.For(link), stopping);
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

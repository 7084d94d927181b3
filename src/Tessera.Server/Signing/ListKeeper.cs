namespace Tessera.Server.Signing;

/// <summary>Keeps revocation lists from running out while the server runs.</summary>
internal sealed class ListKeeper(OwnAuthority authority, TimeProvider time, ILogger<ListKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>A server that was off for long has lists that hold before its first session.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RenewAsync(stoppingToken);
    }

    /// <summary>What cannot be done now can be done an hour later: a list holds for days.</summary>
    private async Task RenewAsync(CancellationToken cancel)
    {
        try
        {
            if (await authority.RenewListAsync(cancel))
                log.LogInformation("The built-in authority issued its next revocation list");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            log.LogWarning("The built-in authority issued no revocation list: {Reason}", e.Message);
        }
    }
}

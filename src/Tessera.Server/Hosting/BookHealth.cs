using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tessera.Platform.Money;

namespace Tessera.Server.Hosting;

/// <summary>
/// Healthy while the database answers; the whole proof of the books is the business of <c>/api/ledger</c>.
/// </summary>
internal sealed class BookHealth(IMoneyStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var view = await store.ViewAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}

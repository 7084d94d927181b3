using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tessera.Server.ShortMessages;

/// <summary>Degraded while short messages cannot come or go: everything else goes on without them.</summary>
internal sealed class RoadHealth(ShortMessageRoad road) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        road.IsUp is false
            ? HealthCheckResult.Degraded("The gateway is not bound to its SMSC.")
            : HealthCheckResult.Healthy());
}

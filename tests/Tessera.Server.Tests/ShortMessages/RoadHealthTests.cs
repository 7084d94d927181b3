using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Tessera.Server.Hosting;
using Tessera.Server.Logins;
using Tessera.Server.ShortMessages;
using Tessera.Storage.Gateway;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.ShortMessages;

/// <summary>What the server says of its short message road.</summary>
public sealed class RoadHealthTests : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Bound_to_its_own_SMSC_it_is_healthy() =>
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(new ServerOptions { Data = _data.Path }));

    [Fact]
    public async Task A_server_without_the_road_misses_nothing() =>
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(new ServerOptions { Data = _data.Path, Lab = false }));

    [Fact]
    public async Task Without_the_SMSC_of_somebody_else_it_is_degraded_and_everything_else_goes_on()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)silent.LocalEndPoint!).Port;

        Assert.Equal(HealthStatus.Degraded, await StatusAsync(new ServerOptions
        {
            Data = _data.Path,
            Lab = false,
            Smsc = new ExternalSmsc(new DnsEndPoint("127.0.0.1", port), "tessera", "s3cret"),
        }));
    }

    private static async Task<HealthStatus> StatusAsync(ServerOptions options)
    {
        await using var folder = await DataFolder.OpenAsync(options, Cancel);
        var log = new RoadLog(TimeProvider.System, NullLogger<RoadLog>.Instance);
        await using var road = new ShortMessageRoad(
            options, folder, new SqliteGatewayStore(folder.Database), log, new Announcements(TimeProvider.System),
            TimeProvider.System, NullLogger<ShortMessageRoad>.Instance);
        await road.StartAsync(Cancel);
        return (await new RoadHealth(road).CheckHealthAsync(new HealthCheckContext(), Cancel)).Status;
    }
}

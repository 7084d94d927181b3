using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>One server for tests that change nothing another one sees.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

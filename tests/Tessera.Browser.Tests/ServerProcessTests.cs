using Tessera.Testing;
using Xunit;

namespace Tessera.Browser.Tests;

public class ServerProcessTests
{
    [Fact]
    public async Task The_server_starts_on_an_empty_folder_and_answers()
    {
        using var data = new TempFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = server.Address };

        Assert.Equal("Healthy", await http.GetStringAsync("/health", TestContext.Current.CancellationToken));
        Assert.Contains("Tessera", await http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}

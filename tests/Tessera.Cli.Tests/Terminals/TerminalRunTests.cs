using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>What <c>tessera terminal run</c> asks of a server before it has a reader, and what it says to bad answers.</summary>
public sealed class TerminalRunTests : IDisposable
{
    private const string Pin = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";

    private static readonly KeyValuePair<string, string> NoService =
        new("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm");

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://192.0.2.1:5080")]
    [InlineData("127.0.0.1:5080")]
    public async Task A_server_elsewhere_is_refused_before_a_word_is_sent(string server)
    {
        var run = await RunAsync(server);

        var reason = $"--server is an address of this machine such as http://127.0.0.1:5080, not '{server}'.";
        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_one_line()
    {
        var run = await RunAsync("http://127.0.0.1:1");

        Assert.Equal((1, "", "tessera: Connection refused (127.0.0.1:1)\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData(404, "", "takes no terminals in: its lab is off.")]
    [InlineData(500, "", "500 (Internal Server Error).")]
    [InlineData(200, "<html>", "is no server of Tessera: '<' is an invalid start of a value.")]
    [InlineData(200, "null", "is no server of Tessera: null")]
    [InlineData(200, """{"pin":"00"}""", "missing required properties including: 'address'.")]
    [InlineData(200, """{"address":"wss://127.0.0.1/link","pin":"00"}""", "An identity has 64 hexadecimal digits.")]
    public async Task A_bad_answer_is_told_in_one_line(int status, string body, string reason)
    {
        await using var server = await Host(http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(body, Cancel);
        });

        var run = await RunAsync(server.Urls.Single());

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tessera: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Without_a_reader_no_key_is_made_and_nobody_is_enrolled()
    {
        var requests = new ConcurrentQueue<string>();
        await using var server = await Host(http =>
        {
            requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
            return http.Response.WriteAsJsonAsync(new { address = "wss://127.0.0.1:5443/link", pin = Pin }, Cancel);
        });

        var run = await RunAsync(server.Urls.Single());

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tessera: There is no PC/SC service: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("GET /api/link", Assert.Single(requests));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private Task<ToolRun> RunAsync(string server) => ToolProcess.RunAsync(
        ["terminal", "run", "--reader", "R", "--server", server, "--dir", _folder.File("terminal")], Cancel,
        environment: NoService);

    /// <summary>A web server on a free port that answers everything alike.</summary>
    private static async Task<WebApplication> Host(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var host = builder.Build();
        host.Run(answer);
        await host.StartAsync(Cancel);
        return host;
    }
}

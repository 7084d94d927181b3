using System.Globalization;
using System.Net;
using Tessera.Cli;
using Tessera.Smpp;

namespace Tessera.Bench;

/// <summary>Messages a second from our client to our server over one loopback connection; nothing is stored.</summary>
internal static class SmppRate
{
    private const int Count = 1_000_000;
    private const int Runs = 3;

    private static readonly SmppServerOptions Server = new()
    {
        Authenticate = (_, _) => new(CommandStatus.Ok),
        Submit = (_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, "7f")),
    };

    public static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), Server);
        foreach (var window in new[] { 1, 10, 100, 1000 })
        {
            var limits = new SessionLimits { Window = window };
            var options = new SmppClientOptions { SystemId = "bench", Password = "bench", Limits = limits };
            await using var client = await SmppClient.ConnectAsync(listener.EndPoint, options, stop.Token);
            List<SubmitRate> rates = [];
            for (var run = 0; run < Runs; run++)
                rates.Add(await SubmitLoad.RunAsync(client, window, Math.Min(Count, window * 20_000), stop.Token));
            Print($"our client, our server, window {window}", rates);
        }
    }

    public static void Print(string what, IEnumerable<SubmitRate> rates)
    {
        List<SubmitRate> sorted = [.. rates.OrderBy(rate => rate.MessagesPerSecond)];
        var middle = sorted[sorted.Count / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-48} {string.Join(" / ", sorted.Select(rate => $"{rate.MessagesPerSecond:N0}"))} messages/s, "
            + $"p50 {middle.P50Ms:N2} ms, p99 {middle.P99Ms:N2} ms, {sorted.Sum(rate => rate.Errors)} errors"));
    }
}

using System.Globalization;
using System.Net;
using Tessera.Cli;
using Tessera.Smpp;

namespace Tessera.Bench;

/// <summary>Messages a second from our client to our server over one loopback connection; nothing is stored.</summary>
internal static class SmppRate
{
    private const int Count = 1_000_000;
    private const int PeerCount = 30_000;
    private const int Runs = 3;

    public static SmppServerOptions Server { get; } = new()
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
            await using var client = await SmppClient.ConnectAsync(listener.EndPoint, Client(window), stop.Token);
            List<SubmitRate> rates = [];
            for (var run = 0; run < Runs; run++)
                rates.Add(await SubmitLoad.RunAsync(client, window, Math.Min(Count, window * 20_000), stop.Token));
            Print($"our client, our server, window {window}", rates);
        }

        await SmppPeers.NpmAsync(PeerCount, Runs, stop.Token);
        await SmppPeers.KannelAsync(PeerCount, Runs, stop.Token);
    }

    public static SmppClientOptions Client(int window) =>
        new() { SystemId = "bench", Password = "bench", Limits = new SessionLimits { Window = window } };

    public static void Print(string what, IEnumerable<SubmitRate> rates)
    {
        List<SubmitRate> sorted = [.. rates.OrderBy(rate => rate.MessagesPerSecond)];
        var middle = sorted[sorted.Count / 2];
        var all = string.Join(
            " / ", sorted.Select(rate => rate.MessagesPerSecond.ToString("N0", CultureInfo.InvariantCulture)));
        var latency = middle.P99Ms > 0
            ? string.Create(CultureInfo.InvariantCulture, $", p50 {middle.P50Ms:N2} ms, p99 {middle.P99Ms:N2} ms")
            : "";
        Console.WriteLine($"{what,-48} {all} messages/s{latency}, {sorted.Sum(rate => rate.Errors)} errors");
    }
}

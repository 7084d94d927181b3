using System.Diagnostics;
using Tessera.Smpp;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>What a load of messages brought.</summary>
/// <param name="Errors">Messages that the SMSC refused, or whose answer did not come.</param>
internal sealed record SubmitRate(double MessagesPerSecond, int Window, double P50Ms, double P99Ms, int Errors);

/// <summary>Submits messages on one session as fast as its window allows.</summary>
internal static class SubmitLoad
{
    /// <summary>Of 140 octets, the length of a full short message.</summary>
    private static readonly Bytes Text = new(Enumerable.Range(0, 140).Select(i => (byte)i).ToArray());

    public static async Task<SubmitRate> RunAsync(SmppClient client, int window, int count, CancellationToken cancel)
    {
        var times = new long[count];
        var (next, errors) = (-1, 0);
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, window).Select(_ => SubmitAsync()));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        Array.Sort(times);
        return new SubmitRate(count / elapsed.TotalSeconds, window, Milliseconds(0.50), Milliseconds(0.99), errors);

        async Task SubmitAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var sent = Stopwatch.GetTimestamp();
                if (!await IsTakenAsync(client, i, cancel)) Interlocked.Increment(ref errors);
                times[i] = Stopwatch.GetTimestamp() - sent;
            }
        }

        double Milliseconds(double quantile) =>
            Stopwatch.GetElapsedTime(0, times[(int)((count - 1) * quantile)]).TotalMilliseconds;
    }

    private static async ValueTask<bool> IsTakenAsync(SmppClient client, int number, CancellationToken cancel)
    {
        try
        {
            return (await client.SubmitAsync(Message(number), cancel)).Status == CommandStatus.Ok;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static SubmitSm Message(int number) => new()
    {
        Source = SmppAddress.International("3310000000"),
        Destination = SmppAddress.International("3312345678"),
        DataCoding = DataCoding.Octets,
        Text = Text,
        Parameters = [OptionalParameter.Of(OptionalTag.UserMessageReference, (ushort)number)],
    };
}

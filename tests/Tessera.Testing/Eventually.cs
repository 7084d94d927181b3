using System.Diagnostics;

namespace Tessera.Testing;

/// <summary>Looks at the far side of an HTTP boundary again and again, until it shows what is wanted or half a minute is over.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="look">What is there now.</param>
    /// <param name="wanted">Whether that is it.</param>
    /// <returns>The first that was wanted.</returns>
    public static async Task<T> SeeAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (wanted(seen)) return seen;
            if (Stopwatch.GetElapsedTime(begun) > Deadline) throw new TimeoutException($"Still there: {seen}");
            await Task.Delay(Pause, cancel);
        }
    }
}

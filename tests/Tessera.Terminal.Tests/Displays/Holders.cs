using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

/// <summary>A holder before a screen.</summary>
internal static class Holders
{
    /// <summary>What the screen asks, as soon as it asks that.</summary>
    public static async Task<(long Ask, T Request)> AskedAsync<T>(this RichScreen screen, CancellationToken cancel)
        where T : ScreenRequest
    {
        while (true)
        {
            var sight = screen.Sight;
            if (sight.Request is T request) return (sight.Ask, request);
            await screen.ChangedAsync(sight.Number, cancel);
        }
    }

    /// <summary>Answers the next request of that kind.</summary>
    public static async Task AnswerAsync<T>(this RichScreen screen, ScreenAnswer answer, CancellationToken cancel)
        where T : ScreenRequest
    {
        var (ask, _) = await screen.AskedAsync<T>(cancel);
        Assert.True(screen.TryAnswer(ask, answer), "The screen does not take the answer.");
    }
}

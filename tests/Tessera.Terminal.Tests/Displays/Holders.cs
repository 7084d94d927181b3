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

    /// <summary>Types what the screen asks for hidden in these words, as soon as it asks that.</summary>
    public static async Task TypeAsync(this RichScreen screen, string words, string digits, CancellationToken cancel)
    {
        while (true)
        {
            var sight = screen.Sight;
            if (sight.Request is SecretAsked asked && string.Equals(asked.Text, words, StringComparison.Ordinal))
            {
                Assert.True(screen.TryAnswer(sight.Ask, new Entry(digits)), "The screen does not take the answer.");
                return;
            }

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

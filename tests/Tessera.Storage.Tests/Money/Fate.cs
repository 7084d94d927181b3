namespace Tessera.Storage.Tests.Money;

/// <summary>The server of an issuer dies at a commit now and then, and is started again.</summary>
/// <param name="oneIn">How many steps it lives through, by chance, before one kills it.</param>
/// <param name="commits">The commit it dies at is one of as many.</param>
internal sealed class Fate(Issuer issuer, int oneIn, int commits)
{
    private readonly Random _random = issuer.Random;

    public async Task DieSometimesAsync(Func<Task> step)
    {
        if (_random.Next(oneIn) == 0) issuer.CrashAt(_random.Next(1, commits + 1));
        try
        {
            await step();
        }
        catch (CrashException)
        {
            await issuer.StartAsync();
        }

        issuer.CrashAt(0);
    }

    /// <summary>Dies sometimes, and then asks again for the same.</summary>
    public async Task<T> InsistAsync<T>(Func<Task<T>> step)
    {
        T? outcome = default;
        var told = false;
        await DieSometimesAsync(async () =>
        {
            outcome = await step();
            told = true;
        });
        return told ? outcome! : await step();
    }

    public T Any<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}

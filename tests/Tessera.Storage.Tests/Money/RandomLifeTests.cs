using Xunit;

namespace Tessera.Storage.Tests.Money;

public class RandomLifeTests
{
    private const int Steps = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Money_is_never_lost_and_never_made(int seed)
    {
        await using var issuer = await Issuer.OpenAsync(seed);
        var life = new RandomLife(issuer);
        await life.BeginAsync();

        for (var step = 0; step < Steps; step++)
        {
            await life.StepAsync();
            await life.HoldsAsync();
        }

        await life.EndAsync();
    }
}

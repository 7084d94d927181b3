using System.Globalization;
using Tessera.Storage.Tests.Money;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>Random lives of purses, each from a seed; <c>eng/fuzz-purse</c> plays as many as wanted.</summary>
public class PurseLifeTests
{
    private const int Steps = 50;

    private static int Lives =>
        int.Parse(Environment.GetEnvironmentVariable("TESSERA_PURSE_LIVES") ?? "3", CultureInfo.InvariantCulture);

    private static int First =>
        int.Parse(Environment.GetEnvironmentVariable("TESSERA_PURSE_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_sequence_makes_or_destroys_value_and_each_number_is_booked_once()
    {
        List<LifeCounts> all = [];
        for (var seed = First; seed < First + Lives; seed++)
        {
            await using var issuer = await Issuer.OpenAsync(seed);
            using var life = new PurseLife(issuer);
            for (var step = 0; step <= Steps; step++)
            {
                try
                {
                    await (step == 0 ? life.BeginAsync() : step < Steps ? life.StepAsync() : life.EndAsync());
                    await life.HoldsAsync();
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Seed {seed}, step {step}: {e.Message}", e);
                }
            }

            all.Add(life.Counts);
        }

        var (offline, cleared, proven) = (all.Sum(one => one.Offline), all.Sum(one => one.Cleared), all.Sum(one => one.Proven));
        var sold = all.Sum(one => one.Sold);
        var (paid, torn, ordered) = (all.Sum(one => one.Paid), all.Sum(one => one.Torn), all.Sum(one => one.Ordered));
        var (back, borne) = (all.Sum(one => one.GivenBack), all.Sum(one => one.Borne));
        var seen = $"{paid} paid, {sold} of them with goods, {offline} offline, {cleared} cleared, {proven} proven, " +
            $"{ordered} ordered, {torn} torn, " +
            $"{back} given back, {borne} of that borne";
        TestContext.Current.TestOutputHelper!.WriteLine($"{all.Count} lives: {seen}");
        Assert.All((int[])[paid, sold, offline, cleared, proven, ordered, torn, back], count => Assert.True(count > 0, seen));
    }
}

using Tessera.Gateway.Tests.Road;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Life;

/// <summary>Whatever the air does, each script runs once and its answer, which is the card's, comes back once.</summary>
public class RandomAirTests
{
    private const int ScriptCount = 4;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_script_gets_the_answer_that_the_card_gave(int seed)
    {
        await using var world = await GatewayWorld.StartAsync(with: Impatient);
        await using var phone = PhoneOf(world, seed);
        phone.Open();
        var link = await world.LinkAsync();

        for (byte number = 1; number <= ScriptCount; number++)
        {
            var answer = await link.SendAsync(number, ScriptOf(number, seed), Cancel);
            Assert.True(answer == world.Card.AnswerOf(1, number), $"Seed {seed}, script {number}");
        }

        Assert.Equal([.. Numbers.Select(number => ScriptOf(number, seed))], world.Card.Ran);
        Assert.Equal(world.Card.Taken.Distinct().Order(), world.Card.Taken);
        var taken = world.Told.OfType<AnswerTaken>().Where(answer => !answer.Again).Select(answer => answer.Number);
        Assert.Equal(Numbers, taken);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task So_it_does_when_the_SMSC_goes_away_and_the_gateway_starts_again_in_between(int seed)
    {
        var random = new Random(100 + seed);
        await using var world = await GatewayWorld.StartAsync(with: Impatient);
        await using var phone = PhoneOf(world, seed);
        phone.Open();
        var link = await world.LinkAsync();

        for (byte number = 1; number <= ScriptCount; number++)
        {
            var sending = link.SendAsync(number, ScriptOf(number, seed), Cancel);
            if (random.Next(2) == 0)
            {
                await world.Centre.StopAsync();
                world.Centre.Start();
            }

            if (random.Next(2) == 0)
            {
                await world.StopAsync();
                await Task.WhenAny(sending);
                await world.StartGatewayAsync();
                link = await world.LinkAsync();
                sending = link.SendAsync(number, ScriptOf(number, seed), Cancel);
            }

            var answer = await sending;
            Assert.True(answer == world.Card.AnswerOf(1, number), $"Seed {seed}, script {number}");
        }

        Assert.Equal([.. Numbers.Select(number => ScriptOf(number, seed))], world.Card.Ran);
        Assert.Equal(world.Card.Taken.Distinct().Order(), world.Card.Taken);
    }

    private static IEnumerable<byte> Numbers => Enumerable.Range(1, ScriptCount).Select(number => (byte)number);

    private static Bytes ScriptOf(byte number, int seed) => Scripts.Of(1, number, 40 + (((number * 97) + (seed * 31)) % 200));

    private static SmsGatewayOptions Impatient(SmsGatewayOptions options) => options with
    {
        Quiet = TimeSpan.FromMilliseconds(40),
        AfterFailure = TimeSpan.FromMilliseconds(10),
        MaxSends = 12,
    };

    private static PlayedPhone PhoneOf(GatewayWorld world, int seed)
    {
        var (down, up) = (new Random(seed), new Random(-seed));
        return new PlayedPhone(world, () => Of(down), () => Of(up));
    }

    private static Air Of(Random random) => random.Next(10) switch
    {
        0 or 1 => Air.Loses,
        2 or 3 => Air.Doubles,
        4 => Air.Delays,
        _ => Air.Carries,
    };
}

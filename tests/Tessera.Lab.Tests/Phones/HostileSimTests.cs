using Tessera.Cards;
using Tessera.Lab.Phones;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

public sealed class HostileSimTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("D1098103010200820281", "810301020082028281830132")]
    [InlineData("D00A810301020082028182", "810301020082028281830132")]
    [InlineData("D0098103012100820281028D", "810301210082028281830132")]
    [InlineData("D00B8103012100820281028D7F", "810301210082028281830132")]
    [InlineData("D00981030121008202810" + "2", "810301210082028281830136")]
    [InlineData("D00C8103012100820281028D01F0", "810301210082028281830132")]
    [InlineData("D00D8103012100820281028D020800", "810301210082028281830132")]
    [InlineData("D00B8103012300820281828D00", "810301230082028281830136")]
    [InlineData("D00F8103012300820281828D0091020504", "810301230082028281830132")]
    [InlineData("D00B810301240082028182" + "8500", "810301240082028281830136")]
    [InlineData("D00B810301240082028182" + "8F00", "810301240082028281830132")]
    [InlineData("D009810301250082028182", "810301250082028281830136")]
    [InlineData("D0098103011300820281" + "83", "810301130082028281830136")]
    [InlineData("D00D810301130082028183" + "8B020100", "810301130082028281830132")]
    [InlineData("D00D81030103008202818284020300", "810301030082028281830132")]
    [InlineData("D011810301270082028182A40109A503000001", "810301270082028281830132")]
    [InlineData("D011810301270082028182A40101A503AA0000", "810301270082028281830132")]
    [InlineData("FF", "810300000082028281830132")]
    public async Task What_is_wrong_with_a_command_is_answered(string command, string response)
    {
        await using var bench = await PhoneBench.ReadyAsync();

        bench.Offer(command);

        Assert.Equal(response, await bench.ResponseAsync());
        await bench.PressAsync("Left");
        await bench.SeeAsync("Write message");
    }

    [Fact]
    public async Task A_SIM_that_never_has_enough_is_left_alone_until_the_next_poll()
    {
        await using var bench = await PhoneBench.ReadyAsync(
            new PlayedSim { Endless = Bytes.FromHex("D009810301020082028182") });
        Assert.Equal(256, Count());
        await bench.PressAsync("Left");
        await bench.SeeAsync("Write message");

        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await bench.Phone.AskAsync(_ => Task.CompletedTask, Cancel);

        Assert.InRange(Count(), 257, 2 * 256);
        await bench.PressAsync("Back");
        await bench.SeeAsync("Played");

        int Count() => bench.Sim.Commands.Count(command => command.StartsWith("A014", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Noise_from_FETCH_is_always_answered_and_never_the_end_of_the_phone()
    {
        var random = new Random(20261122);
        await using var bench = await PhoneBench.ReadyAsync();
        for (var round = 0; round < 300; round++)
        {
            var octets = new byte[random.Next(1, 40)];
            random.NextBytes(octets);
            if (round % 3 != 0) Shape(octets, random);
            bench.Sim.Offer(Convert.ToHexString(octets));
            bench.Time.Advance(TimeSpan.FromSeconds(90));
            await bench.Phone.AskAsync(_ => Task.CompletedTask, Cancel);
            await bench.PressAsync("End");
            if (bench.Phone.State.Sim != SimState.Ready) Assert.Fail($"Round {round}, {Convert.ToHexString(octets)}");
        }

        await bench.PressAsync("End Left");
        await bench.SeeAsync("Write message");
        Assert.InRange(bench.Sim.Responses.Reader.Count, 250, 300);
    }

    [Fact]
    public async Task A_SIM_that_fails_at_any_command_leaves_a_phone_that_works()
    {
        await using var whole = await PhoneBench.ReadyAsync();
        await whole.SeeAsync("Played");
        ResponseApdu[] faults =
        [
            new(new StatusWord(0x6F00)), new(new StatusWord(0x9404)), new(new StatusWord(0x9F00)),
            new(new StatusWord(0x9E05)), new(new StatusWord(0x91FF)), new(StatusWord.Success),
            new(Bytes.FromHex("00"), StatusWord.Success), new(Bytes.FromHex(new string('F', 512)), StatusWord.Success),
        ];
        for (var at = 0; at < whole.Sim.Commands.Count; at++)
        {
            foreach (var fault in faults)
            {
                var (count, broken) = (0, at);
                await using var bench = new PhoneBench(new PlayedSim { Fault = _ => count++ == broken ? fault : null });
                bench.Sim.Insert();
                await bench.SeeAsync(state => state.Sim != SimState.Absent);
                await bench.PressAsync("End Left");
                await bench.SeeAsync("Write message");
            }
        }
    }

    [Fact]
    public async Task A_SIM_that_does_not_answer_is_told_to_the_holder()
    {
        await using var bench = await PhoneBench.ReadyAsync(
            new PlayedSim { Fault = command => command.Ins == 0xF2 ? throw new TimeoutException("Mute.") : null });

        bench.Time.Advance(TimeSpan.FromSeconds(30));

        await bench.SeeAsync("SIM error");
        await bench.PressAsync("Left");
        await bench.SeeAsync("Write message");
    }

    [Fact]
    public async Task Keys_that_a_busy_phone_cannot_remember_are_refused()
    {
        var held = new TaskCompletionSource();
        await using var bench = await PhoneBench.ReadyAsync();
        var busy = bench.Phone.AskAsync(_ => held.Task, Cancel);

        var pressed = Enumerable.Range(0, 200)
            .Select(_ => Record.ExceptionAsync(() => bench.PressAsync("Down")).AsTask()).ToList();
        held.SetResult();
        await busy;

        var refused = (await Task.WhenAll(pressed)).OfType<PhoneBusyException>().Count();
        Assert.InRange(refused, 100, 199);
    }

    /// <summary>Makes noise look like a command of some type.</summary>
    private static void Shape(byte[] octets, Random random)
    {
        byte[] types = [0x01, 0x03, 0x05, 0x10, 0x13, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28];
        byte[] tags = [0x8D, 0x85, 0x8F, 0x91, 0x84, 0x8B, 0x86, 0x0D, 0x90, 0x97, 0xA4, 0xA5, 0x99, 0xAB];
        var type = types[random.Next(types.Length)];
        byte[] head =
            [0xD0, (byte)(octets.Length - 2), 0x81, 0x03, 0x01, type, octets[0], 0x82, 0x02, 0x81, 0x82];
        head.AsSpan(0, Math.Min(head.Length, octets.Length)).CopyTo(octets);
        for (var at = head.Length; at + 2 < octets.Length;)
        {
            octets[at] = tags[random.Next(tags.Length)];
            octets[at + 1] = (byte)random.Next(0, octets.Length - at - 1);
            at += 2 + octets[at + 1];
        }
    }
}

using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Log;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

public sealed class SimStartTests
{
    [Fact]
    public async Task A_phone_reads_what_a_phone_reads()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        var state = await bench.SeeAsync("Played");

        Assert.Equal(
            new HandsetIdentity("490154203237518", "001010000000001", "89010123456789012345", "+33612345678"),
            state.Identity);
        Assert.Equal("A0A40000023F00", bench.Sim.Commands[0]);
        Assert.Equal("A0C0000016", bench.Sim.Commands[1]);
        Assert.Equal("A0A40000027F20", bench.Sim.Commands[2]);
        string[] files = ["6FAE", "2FE2", "6F07", "6F38", "6F7E", "6F46", "6F42", "6F40", "6F3A", "6F3C"];
        Assert.All(files, file => Assert.Contains(bench.Sim.Commands, command => Is(command, $"A0A4000002{file}")));
        Assert.Contains(bench.Sim.Commands, command => Is(command, "A0B0000009"));
        Assert.Contains(bench.Sim.Commands, command => Is(command, "A0B20104B0"));
    }

    [Fact]
    public async Task The_profile_says_what_the_phone_does()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        Assert.Contains(
            bench.Sim.Commands,
            command => Is(command, "A0100000163BF7FF736100001F0900000000881406004B00000002"));
    }

    [Fact]
    public async Task A_SIM_of_phase_2_hears_of_no_profile()
    {
        var sim = new PlayedSim();
        sim.SetFile(0x6FAE, "02");

        await using var bench = await PhoneBench.ReadyAsync(sim);

        Assert.DoesNotContain(bench.Sim.Commands, command => command.StartsWith("A010", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_SIM_with_its_PIN_on_is_read_after_the_right_one()
    {
        await using var bench = new PhoneBench(new PlayedSim { Chv1 = "2580" });
        bench.Sim.Insert();
        Assert.Equal(TypingMode.Hidden, (await bench.SeeAsync("3 tries left")).Typing);

        await bench.PressAsync("1 2 3 4");
        Assert.Contains("****_", (await bench.SeeAsync("****")).Screen, StringComparison.Ordinal);
        await bench.PressAsync("Ok");
        await bench.SeeAsync("Wrong PIN");
        await bench.SeeAsync("2 tries left");
        await bench.TypeAsync("2580");
        await bench.PressAsync("Left");

        await bench.SeeAsync(state => state.Sim == SimState.Ready);
        await bench.SeeAsync("Played");
    }

    [Fact]
    public async Task The_PIN_is_in_no_entry_of_the_log()
    {
        await using var bench = new PhoneBench(new PlayedSim { Chv1 = "2580" });
        bench.Sim.Insert();
        await bench.SeeAsync("3 tries left");

        await bench.TypeAsync("2580");
        await bench.PressAsync("Ok");
        await bench.SeeAsync(state => state.Sim == SimState.Ready);

        var verified = Assert.Single(
            bench.Phone.Log.After(0), entry => entry.Text.StartsWith("VERIFY", StringComparison.Ordinal));
        Assert.Equal("A020000108****************", verified.Octets);
        Assert.DoesNotContain(
            bench.Phone.Log.After(0), entry => entry.Octets.Contains("32353830", StringComparison.Ordinal)
                || entry.Text.Contains("2580", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_SIM_that_is_pulled_while_the_phone_is_busy_with_it_is_gone_and_the_phone_goes_on()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        var pulled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = bench.Phone.AskAsync(
            async phone =>
            {
                await pulled.Task;
                await phone.ReadSimAsync(phone.Sim!);
            },
            TestContext.Current.CancellationToken);

        bench.Sim.Pull();
        pulled.SetResult();

        await busy;
        await bench.SeeAsync(state => state is { Sim: SimState.Absent, Network: "Insert SIM" });
        await bench.PressAsync("Left");
        await bench.SeeAsync("Menu");
    }

    [Fact]
    public async Task A_SIM_whose_tries_are_used_up_asks_for_its_unblocking_key()
    {
        await using var bench = new PhoneBench(new PlayedSim { Chv1 = "2580" });
        bench.Sim.Insert();
        for (var left = 3; left > 0; left--)
        {
            await bench.SeeAsync($"{left} tr");
            await bench.PressAsync("1 1 1 1 Ok");
        }

        Assert.Equal(SimState.Blocked, (await bench.SeeAsync("PUK?")).Sim);
    }

    [Fact]
    public async Task A_SIM_that_is_taken_out_is_missed()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        await bench.PressAsync("Left");

        bench.Sim.Pull();

        Assert.Equal(SimState.Absent, (await bench.SeeAsync("Insert SIM")).Sim);
    }

    [Fact]
    public async Task A_phone_that_is_switched_off_is_dark_and_reads_its_SIM_again_when_it_is_on()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        await bench.PressAsync("Power");
        var off = await bench.SeeAsync(state => !state.IsOn);
        Assert.All(off.Lines, Assert.Empty);
        await bench.PressAsync("Left 1 Ok");
        Assert.False(bench.Phone.State.IsOn);
        await bench.PressAsync("Power");

        await bench.SeeAsync(state => state.Sim == SimState.Ready);
        Assert.Equal(2, bench.Sim.Powered);
    }

    [Fact]
    public async Task The_log_holds_each_APDU_with_its_meaning()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        var entries = bench.Phone.Log.After(0);

        Assert.Contains(entries, entry => entry is
        {
            Hop: LogHop.Sim, Direction: LogDirection.ToSim, Text: "SELECT EF.IMSI 6F07", Octets: "A0A40000026F07",
        });
        Assert.Contains(entries, entry => entry is
        {
            Hop: LogHop.Sim, Direction: LogDirection.FromSim, Octets: "0809101000000000109000",
        });
        Assert.Equal(
            entries.Select(entry => entry.Number), Enumerable.Range(1, entries.Count).Select(number => (long)number));
    }

    [Fact]
    public async Task The_log_keeps_the_newest_entries_only()
    {
        await using var bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { LogRoom = 10 });

        var entries = bench.Phone.Log.After(0);

        Assert.Equal(10, entries.Count);
        Assert.Equal(bench.Phone.Log.Newest, entries[^1].Number);
    }

    private static bool Is(string command, string wanted) => string.Equals(command, wanted, StringComparison.Ordinal);
}

using Tessera.Lab.Phones.Screens;
using Tessera.Lab.Phones.Sim;

namespace Tessera.Lab.Phones;

/// <summary>The PIN of the SIM and its unblocking key, asked on the screen.</summary>
internal sealed partial class Phone
{
    private static readonly EntryRules PinRules = new(EntryAlphabet.Digits, SimChv.Least, SimChv.Most, Hidden: true);
    private static readonly EntryRules KeyRules = new(EntryAlphabet.Digits, SimChv.Most, SimChv.Most, Hidden: true);

    private void AskChv1(SimCard sim, int tries, string before = "")
    {
        if (tries == 0)
        {
            AskKey(sim, before);
            return;
        }

        _simState = SimState.PinAsked;
        Ask($"{before}PIN of the SIM?\n{tries} {(tries == 1 ? "try" : "tries")} left", PinRules, async pin =>
        {
            var answer = await sim.VerifyChvAsync(pin, Ended);
            if (answer.Status.IsDone()) await StartAsync(sim);
            else await AskAgainAsync(sim, "Wrong PIN. ");
        });
    }

    /// <summary>The SIM takes no PIN any more: the unblocking key, then a new one.</summary>
    private void AskKey(SimCard sim, string before)
    {
        _simState = SimState.Blocked;
        Ask($"{before}The SIM is blocked. PUK?", KeyRules, key =>
        {
            Ask("New PIN?", PinRules, async pin =>
            {
                var answer = await sim.UnblockChvAsync(key, pin, Ended);
                if (answer.Status.IsDone()) await StartAsync(sim);
                else await AskAgainAsync(sim, "Wrong PUK. ");
            });
            return Task.CompletedTask;
        });
    }

    private async Task AskAgainAsync(SimCard sim, string before)
    {
        if (await sim.SelectAsync(Ended, SimFileId.Mf, SimFileId.Gsm) is { } gsm) AskChv1(sim, gsm.Chv1Tries, before);
        else await LoseSimAsync(SimState.Faulty);
    }

    private void Ask(string question, EntryRules rules, Func<string, Task> done) => Display.Replace(
        new EntryScreen(question, rules, "", Options.Time, done, () => Task.CompletedTask));
}

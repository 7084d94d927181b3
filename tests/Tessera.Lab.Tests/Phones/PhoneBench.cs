using Tessera.Lab.Phones;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>
/// A phone on a bench: its SIM is played, its clock is moved by the test, its keys are pressed by name.
/// </summary>
internal sealed class PhoneBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero));

    public PlayedSim Sim { get; }

    public Handset Phone { get; }

    public PhoneBench(PlayedSim? sim = null, HandsetOptions? options = null)
    {
        Sim = sim ?? new PlayedSim();
        Phone = Handset.Start((options ?? new HandsetOptions()) with { Time = Time }, Sim);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A phone with its SIM read and nothing left to do.</summary>
    public static async Task<PhoneBench> ReadyAsync(PlayedSim? sim = null, HandsetOptions? options = null)
    {
        var bench = new PhoneBench(sim, options);
        bench.Sim.Insert();
        await bench.SeeAsync(state => state.Sim == SimState.Ready);
        return bench;
    }

    /// <summary>The SIM wants something, and the phone asks it by STATUS.</summary>
    public void Offer(string command)
    {
        Sim.Offer(command);
        Time.Advance(TimeSpan.FromSeconds(30));
    }

    public async Task<string> ResponseAsync() => await Sim.Responses.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    public async Task<string> EnvelopeAsync() => await Sim.Envelopes.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    /// <summary>Presses keys, e.g. <c>Down Ok 1 2 3</c>.</summary>
    public async Task PressAsync(string keys)
    {
        foreach (var key in keys.Split(' '))
            await Phone.PressAsync(Enum.Parse<PhoneKey>(char.IsDigit(key[0]) ? $"Digit{key}" : key), Cancel);
    }

    public Task TypeAsync(string text) => Phone.TypeAsync(text, Cancel);

    public Task<HandsetState> SeeAsync(string text) =>
        SeeAsync(state => state.Screen.Contains(text, StringComparison.Ordinal));

    public async Task<HandsetState> SeeAsync(Func<HandsetState, bool> wanted)
    {
        while (true)
        {
            var number = Phone.Number;
            var state = Phone.State;
            if (wanted(state)) return state;
            Assert.False(Phone.Completion.IsFaulted, Phone.Completion.Exception?.ToString());
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(Patience);
            try
            {
                await Phone.ChangedAsync(number, limit.Token);
            }
            catch (OperationCanceledException e) when (!Cancel.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"Still there:\n{state.Screen}\n[{state.Left}|{state.Right}] {state.Network}", e);
            }
        }
    }

    public ValueTask DisposeAsync() => Phone.DisposeAsync();
}

using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Tests.Data;
using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

/// <summary>A machine whose caller has a device on the line, over real sockets.</summary>
public sealed class AnsweredDataTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LineCall _device = new(TestCall.DeviceOptions([LineModems.Bell202, LineModems.Ofdm]));
    private CalledMachine _machine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AnsweredCall Answered => _machine.Answered;

    public async ValueTask InitializeAsync() =>
        _machine = await CalledMachine.CallAsync(_device.Exchange, TestCall.ServerOptions([LineModems.Bell202, LineModems.Ofdm]));

    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        _device.Dispose();
    }

    [Fact]
    public async Task A_device_whose_holder_pressed_the_key_takes_an_armed_machine_to_data_and_voice_goes_on_behind_it()
    {
        var armed = Answered.AwaitDataAsync(Patience, Cancel);
        var device = await WaitAsync(_device.EscapeAsync(Cancel));
        var server = await WaitAsync(armed);
        Assert.Equal(TestCall.DeviceKey.PublicKey, server!.Peer);

        var asked = Answered.AskAsync(default, new KeyRule { Most = 2, First = Patience, Next = Patience }, Cancel);
        await server.DisposeAsync();
        await device!.DisposeAsync();
        await WaitAsync(server.Ended);
        await WaitAsync(device.Ended);
        foreach (var key in "42") _machine.Session.Press(key);

        Assert.Equal(new Keyed(KeyEntry.Complete, "42"), await WaitAsync(asked));
    }

    [Fact]
    public async Task A_machine_that_waits_for_nobody_any_more_can_call_the_device_itself()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var armed = Answered.AwaitDataAsync(Patience, enough.Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => armed);

        var obeys = _device.ObeyAsync(Patience, Cancel);
        var server = await WaitAsync(Answered.EnterDataAsync(Cancel));

        Assert.Equal(TestCall.ServerKey.PublicKey, (await WaitAsync(obeys))!.Peer);
        Assert.Equal(TestCall.DeviceKey.PublicKey, server!.Peer);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_leaves_nobody_waiting_for_data()
    {
        var armed = Answered.AwaitDataAsync(Patience, Cancel);

        await _machine.Call.HangUpAsync(Cancel);

        Assert.Null(await WaitAsync(armed));
    }

    private static Task<T> WaitAsync<T>(Task<T> task) => task.WaitAsync(Patience, Cancel);
}

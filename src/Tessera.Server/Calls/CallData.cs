using System.Threading.Channels;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Terminal.Lines;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>
/// Leads one call between voice and data: each phase of data is a connection of the device's link
/// (docs/protocols/link.md §5).
/// </summary>
internal sealed class CallData(CallDesk call, CallVoice voice, LinkListener listener, ILogger log)
    : IVoiceLine, IAsyncDisposable
{
    private const int Invitations = 3;
    private const char Stop = '#';

    /// <summary>Asked while the device is waited for: the one key that does something.</summary>
    private static readonly KeyRule StopRule = new()
    {
        Only = $"{Stop}", End = null, Back = null, First = TimeSpan.Zero, Fresh = true,
    };

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CallTurn _turn = new();
    private TaskCompletionSource<bool> _greeting = NewGreeting();
    private Task _serving = Task.CompletedTask;

    /// <summary>The device; null before the first phase of data.</summary>
    public Bytes? Terminal { get; private set; }

    /// <summary>Why the device did not come when it was wanted last.</summary>
    public DeviceAbsence Absence { get; private set; }

    /// <summary>Told of each phase, when it begins and when it ends.</summary>
    public required StillCall Still { get; init; }

    public required CallLimits Limits { get; init; }

    /// <summary>Told of the device of a phase before it is served.</summary>
    public required Action<Bytes> Met { get; init; }

    /// <summary>The session that is open at the device; 0 where none is.</summary>
    public ushort Session => listener.Terminals.FirstOrDefault(status => status.Terminal == Terminal)?.Reader.Session ?? 0;

    private bool IsSeated => listener.Terminals.Any(status =>
        status.Terminal == Terminal && status is { Connected: true, Reader.Session: not 0 });

    private bool IsConnected => listener.Terminals.Any(status => status.Terminal == Terminal && status.Connected);

    /// <summary>A session has something to send to the device, which is not connected.</summary>
    public void Want() => _wanted.Writer.TryWrite(true);

    /// <summary>The device said how it stands.</summary>
    public void Changed(TerminalStatus status)
    {
        if (status.Connected) Volatile.Read(ref _greeting).TrySetResult(status.Reader.Session != 0);
    }

    /// <summary>Goes to data whenever a session wants it, until cancelled.</summary>
    /// <param name="lost">What to do where the device does not come.</param>
    public async Task FollowAsync(Func<Task> lost, CancellationToken cancel)
    {
        await foreach (var _ in _wanted.Reader.ReadAllAsync(cancel))
        {
            await _serving;
            if (await RecallAsync(cancel)) continue;
            log.LogInformation("Terminal {Terminal} did not come back to data", Terminal);
            await lost();
            if (Terminal is { } terminal) listener.Release(terminal, "The device did not come back to data.");
        }
    }

    public async Task PauseAsync(CancellationToken cancel)
    {
        if (Terminal is { } terminal) listener.Pause(terminal);
        await _serving.WaitAsync(cancel);
    }

    public Task<bool> InviteAsync(CancellationToken cancel) => BringAsync(mayObey: false, cancel);

    /// <summary>Goes to data with a device that has a card.</summary>
    /// <param name="mayObey">The device may still obey; its holder is asked for the key only where it does not.</param>
    /// <returns>False where nobody pressed the key.</returns>
    public Task<bool> BringAsync(bool mayObey, CancellationToken cancel) => _turn.TakeAsync(
        async () =>
            IsSeated || (mayObey && await CallDeviceAsync(cancel)) || await AskForDeviceAsync(cancel),
        cancel);

    /// <summary>The call is over: waits for its last phase.</summary>
    public async ValueTask DisposeAsync() => await _serving;

    private async Task<bool> AskForDeviceAsync(CancellationToken cancel)
    {
        Absence = DeviceAbsence.Silent;
        for (var invitation = 0; invitation < Invitations; invitation++)
        {
            await PauseAsync(cancel);
            if (await ListenAsync(cancel) is not { } link) return false;
            if (await BeginAsync(link)) return true;
            Absence = DeviceAbsence.Unfit;
        }

        return false;
    }

    private static TaskCompletionSource<bool> NewGreeting() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a session has to send waits for its device, which may still obey.</summary>
    private Task<bool> RecallAsync(CancellationToken cancel) => _turn.TakeAsync(
        async () => IsConnected || await CallDeviceAsync(cancel) || await AskForDeviceAsync(cancel), cancel);

    private async Task<bool> CallDeviceAsync(CancellationToken cancel)
    {
        await voice.SayAsync("data", cancel);
        return await call.EnterDataAsync(cancel) is { } link && await BeginAsync(link);
    }

    /// <summary>
    /// Asks for card and data key, several times, and listens for the device meanwhile; a caller without one need not wait.
    /// </summary>
    private async Task<LineLink?> ListenAsync(CancellationToken cancel)
    {
        var once = voice.Words.Say("press-key").Say("stop").Say("for-press").Digits($"{Stop}").Pause(Limits.Finding);
        short[] sound = [.. Enumerable.Repeat(once.ToSamples(), Invitations).SelectMany(samples => samples)];
        var time = TimeSpan.FromSeconds((double)sound.Length / AudioBlock.Rate);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var coming = call.AwaitDataAsync(time, enough.Token);
        var asking = voice.AskAsync(sound, StopRule, enough.Token);
        var isDeclined = await Task.WhenAny(coming, asking) == asking && (await asking).IsComplete;
        if (isDeclined) await enough.CancelAsync();
        var link = await NoneIfCancelled(coming, cancel);
        await enough.CancelAsync();
        await NoneIfCancelled(asking, cancel);
        if (link is null && isDeclined) Absence = DeviceAbsence.Declined;
        else if (link is null && call.HasRefused) Absence = DeviceAbsence.Unknown;
        return link;
    }

    /// <returns>Null where nobody waits for it any more.</returns>
    private static async Task<T?> NoneIfCancelled<T>(Task<T> task, CancellationToken cancel) where T : class?
    {
        try
        {
            return await task;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>Whether the device is there with a card.</returns>
    private async Task<bool> BeginAsync(LineLink link)
    {
        var peer = new PeerIdentity(link.Peer.Identity);
        var greeting = NewGreeting();
        Volatile.Write(ref _greeting, greeting);
        Terminal = peer.Id;
        Still.Live();
        Met(peer.Id);
        _serving = ServeAsync(link, peer);
        await Task.WhenAny(greeting.Task, _serving);
        var isSeated = greeting.Task is { IsCompletedSuccessfully: true, Result: true };
        if (isSeated) Absence = DeviceAbsence.None;
        return isSeated;
    }

    /// <summary>Serves one phase, until the line is voice again.</summary>
    private async Task ServeAsync(LineLink link, PeerIdentity peer)
    {
        await using var channel = new LineFrameChannel(link);
        var end = await listener.ServeAsync(channel, peer, CancellationToken.None);
        var ending = await link.Ended;
        Still.Live();
        log.LogInformation(
            "Data with terminal {Terminal} in call {Call} ended: {End}, {Ending}", peer.Id, call.Id, end, ending);
    }
}

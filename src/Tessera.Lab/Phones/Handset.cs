using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Calls;
using Tessera.Lab.Phones.Log;
using Tessera.Wire;

namespace Tessera.Lab.Phones;

/// <summary>
/// A mobile telephone: powers the SIM in its slot, runs its toolkit, sends and receives short messages, and is worked
/// by keys. One loop owns it; everybody else asks that loop.
/// </summary>
public sealed partial class Handset : IAsyncDisposable
{
    private const int MostInputs = 64;

    private readonly Channel<Func<Phone, Task>> _inputs =
        Channel.CreateBounded<Func<Phone, Task>>(new BoundedChannelOptions(MostInputs) { SingleReader = true });

    private readonly CancellationTokenSource _ended = new();
    private readonly ICardReader _slot;
    private readonly Phone _phone;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private HandsetState _state;
    private CancellationTokenSource? _watching;
    private Task _watch = Task.CompletedTask;
    private long _number;
    private int _isTicking;

    private Handset(HandsetOptions options, ICardReader slot)
    {
        _slot = slot;
        Log = new HandsetLog(options.LogRoom, options.Time) { Written = Signal };
        Air = options.Centre is { } centre ? new AirRelay(centre, Log, Signal) : null;
        _phone = new Phone(
            options, Log, new Alarms(options.Time, Tick), new Radio(Air, options.Time, Log, PostAsync), _ended.Token)
        {
            Line = options.VoiceNetwork is { } network ? new VoiceLine(network, options.Time, PostAsync) : null,
            ResetSim = Watch,
            Later = slow => _ = LaterAsync(slow),
        };
        _state = _phone.Draw(0);
        Completion = RunAsync();
    }

    public HandsetLog Log { get; }

    /// <summary>The air to its centre and the lab's switches for it; null without a centre.</summary>
    public AirRelay? Air { get; }

    /// <summary>What it shows now.</summary>
    public HandsetState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>Grows with every change of the state, and with every entry of the log.</summary>
    public long Number
    {
        get
        {
            lock (_gate) return _number;
        }
    }

    /// <summary>Completes when the phone is taken apart; fails where its own loop did.</summary>
    public Task Completion { get; }

    /// <summary>Puts a phone together around a slot, which it owns, and switches it on.</summary>
    public static Handset Start(HandsetOptions options, ICardReader slot)
    {
        var handset = new Handset(options, slot);
        handset.TryPost(_ => handset.SwitchAsync(on: true));
        return handset;
    }

    /// <summary>Presses a key; completes when the phone has done what it does.</summary>
    /// <exception cref="PhoneBusyException">More keys wait than a phone remembers.</exception>
    public Task PressAsync(PhoneKey key, CancellationToken cancel) => AskAsync(
        phone => key == PhoneKey.Power ? SwitchAsync(!phone.IsOn) : phone.PressAsync(key), cancel);

    /// <summary>Types on a keyboard what the keys would take longer for.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task TypeAsync(string text, CancellationToken cancel) => AskAsync(phone => phone.TypeAsync(text), cancel);

    /// <summary>Switches the phone on or off.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task PowerAsync(bool on, CancellationToken cancel) => AskAsync(_ => SwitchAsync(on), cancel);

    /// <summary>Sends a text as the holder would.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task SendAsync(string to, string text, CancellationToken cancel) =>
        AskAsync(phone => phone.SendTextAsync(to, text), cancel);

    /// <summary>Takes an item of the SIM's menu, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The menu has no such item, or there is none.</exception>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task SelectAsync(int place, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, State.Menu?.Items.Count ?? 0);
        return AskAsync(phone => phone.SelectAsync(place), cancel);
    }

    /// <summary>Completes when <see cref="Number"/> is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel)
    {
        lock (_gate) return _number == seen ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested) return;
        try
        {
            await AskAsync(_ => SwitchAsync(on: false), CancellationToken.None);
        }
        catch (PhoneBusyException)
        {
            // It is busy with more than it can take, or broken: its power is cut.
        }

        _inputs.Writer.TryComplete();
        await _ended.CancelAsync();
        await _slot.DisposeAsync();
        await _watch;
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_phone.Line is not null) await _phone.Line.DisposeAsync();
        await _phone.Radio.DisposeAsync();
        if (Air is not null) await Air.DisposeAsync();
        _phone.Dispose();
        _ended.Dispose();
    }

    /// <summary>Posts an input and completes when it is done.</summary>
    internal async Task AskAsync(Func<Phone, Task> input, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = TryPost(async phone =>
        {
            try
            {
                await input(phone);
                done.TrySetResult();
            }
            catch (Exception e)
            {
                done.TrySetException(e);
                throw;
            }
        });
        if (!isTaken) throw new PhoneBusyException();
        await Task.WhenAny(done.Task, Completion).WaitAsync(cancel);
    }

    private bool TryPost(Func<Phone, Task> input) => _inputs.Writer.TryWrite(input);

    private async Task PostAsync(Func<Phone, Task> input, CancellationToken cancel)
    {
        try
        {
            await _inputs.Writer.WriteAsync(input, cancel);
        }
        catch (ChannelClosedException)
        {
            // A phone that is taken apart hears nothing.
        }
    }

    private async Task LaterAsync(Func<Task<Func<Task>>> slow)
    {
        try
        {
            var then = await slow();
            await PostAsync(_ => then(), _ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Taken apart meanwhile.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var input in _inputs.Reader.ReadAllAsync(_ended.Token))
            {
                await DoAsync(input);
                await DoAsync(phone => phone.Alarms.RunDueAsync());
                await DoAsync(phone => phone.SettleAsync());
                Publish();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Taken apart.
        }
    }

    /// <summary>Whatever a SIM does, the phone goes on without it.</summary>
    private async Task DoAsync(Func<Phone, Task> input)
    {
        try
        {
            await input(_phone);
        }
        catch (ConnectionLostException)
        {
            await _phone.LoseSimAsync(SimState.Absent);
        }
        catch (Exception e) when (e is TimeoutException or WireFormatException)
        {
            _phone.Log.Note(e.Message);
            await _phone.LoseSimAsync(SimState.Faulty);
        }
    }

    private async Task SwitchAsync(bool on)
    {
        if (on)
        {
            _phone.SwitchOn();
            Watch();
            return;
        }

        await _phone.SwitchOffAsync();
        if (_watching is { } watching) await watching.CancelAsync();
    }

    /// <summary>Watches the slot from now on; whoever watched it gives the SIM's power back first.</summary>
    private void Watch()
    {
        var before = (_watching, _watch);
        _watching = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        _watch = WatchAsync(before._watching, before._watch, _watching.Token);
    }

    private async Task WatchAsync(CancellationTokenSource? before, Task watch, CancellationToken cancel)
    {
        if (before is not null) await before.CancelAsync();
        await watch;
        before?.Dispose();
        try
        {
            while (true)
            {
                await using var card = await _slot.InsertedAsync(cancel);
                var powered = card;
                await PostAsync(
                    phone => cancel.IsCancellationRequested ? Task.CompletedTask : phone.InsertAsync(powered), cancel);
                await card.Removed.WaitAsync(cancel);
                await LetGoAsync(cancel);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionLostException)
        {
            // Switched off, or the slot is gone.
        }
    }

    /// <summary>
    /// The loop may be in the middle of something with a SIM that is gone: it lets go of it before anybody disposes it.
    /// </summary>
    private async Task LetGoAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(
            async phone =>
            {
                try
                {
                    if (!cancel.IsCancellationRequested) await phone.LoseSimAsync(SimState.Absent);
                }
                finally
                {
                    done.SetResult();
                }
            },
            cancel);
        await done.Task.WaitAsync(cancel);
    }

    /// <summary>One tick waits at a time; any other input does what is due as well.</summary>
    private void Tick()
    {
        if (Interlocked.Exchange(ref _isTicking, 1) != 0) return;
        var isTaken = TryPost(_ =>
        {
            Interlocked.Exchange(ref _isTicking, 0);
            return Task.CompletedTask;
        });
        if (!isTaken) Interlocked.Exchange(ref _isTicking, 0);
    }

    private void Publish()
    {
        lock (_gate) _state = _phone.Draw(_number + 1);
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource woken;
        lock (_gate)
        {
            _number++;
            (woken, _changed) = (_changed, NewSignal());
        }

        woken.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A phone was asked for more than it can remember while it is busy.</summary>
public sealed class PhoneBusyException() : InvalidOperationException("The phone is busy.");

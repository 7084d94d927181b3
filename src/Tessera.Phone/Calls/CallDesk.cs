using Tessera.Phone.Data;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;

namespace Tessera.Phone.Calls;

/// <summary>
/// A call as the machine that answers it has it: it plays and asks in voice, and goes to data and back where the line can.
/// Driven by the blocks of the call; it knows no clock and no device.
/// </summary>
public class CallDesk : IVoice
{
    private readonly VoiceDesk _desk;
    private readonly LineCall? _line;
    private readonly TaskCompletionSource<CallEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource? _refused;
    private volatile bool _hasRefused;

    /// <param name="keys">Where the caller's keys are heard.</param>
    /// <param name="line">How the line goes to data; null where it never does.</param>
    public CallDesk(KeySource keys, LineServerOptions? line)
    {
        _desk = new VoiceDesk(keys);
        _line = line is null ? null : new LineCall(line with { Allows = device => Allows(line, device) });
    }

    /// <summary>Who calls, and how sure that is.</summary>
    public required CallerIdentity Caller { get; init; }

    /// <summary>The number that was called, without a leading +; empty where the address has no user.</summary>
    public required string Called { get; init; }

    /// <summary>Names the call for as long as it is on record anywhere.</summary>
    public required string Id { get; init; }

    /// <summary>Completes when the call is over, whoever ended it.</summary>
    public Task<CallEnd> Ended => _ended.Task;

    /// <summary>Whether people, or the machine, hear and are heard.</summary>
    public bool IsVoice => _line?.IsVoice ?? true;

    /// <summary>Whether a device proved who it is, the last time that the line was to be data, and may not speak here.</summary>
    public bool HasRefused
    {
        get => _hasRefused;
        private set => _hasRefused = value;
    }

    private LineCall Line => _line ?? throw new InvalidOperationException("This line never goes to data.");

    /// <inheritdoc/>
    public Task PlayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel) => _desk.PlayAsync(sound, cancel);

    /// <inheritdoc/>
    public Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel) =>
        _desk.AskAsync(question, rule, cancel);

    /// <summary>Leaves voice for data, if the device at the other end obeys.</summary>
    /// <returns>Null when it did not, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">This line never goes to data, or is not in voice.</exception>
    public Task<LineLink?> EnterDataAsync(CancellationToken cancel)
    {
        HasRefused = false;
        return Line.EscapeAsync(cancel);
    }

    /// <summary>
    /// Goes to data when a device asks for it within that time: its holder has pressed the key. Voice goes on meanwhile;
    /// cancelled, the line obeys nobody any more.
    /// </summary>
    /// <returns>Null when no device asked, one was refused, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">This line never goes to data, or is not in voice.</exception>
    public async Task<LineLink?> AwaitDataAsync(TimeSpan time, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (HasRefused, _refused) = (false, refused);
        var obeyed = Line.ObeyAsync(time, enough.Token);
        if (await Task.WhenAny(obeyed, refused.Task) == refused.Task) await enough.CancelAsync();
        try
        {
            return await obeyed;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A telephone event told of a key.</summary>
    public void Press(char key) => _desk.Press(key);

    /// <summary>The next 20 ms, as <see cref="LineCall.Exchange"/>.</summary>
    public void Exchange(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
    {
        // Who presses keys while nobody is heard answers no question.
        if (IsVoice) _desk.Exchange(heard, spoken);
        else _desk.Forget();
        _line?.Exchange(heard, concealed, spoken);
    }

    /// <summary>The call is over: nobody is left waiting in it.</summary>
    public void End(CallEnd end)
    {
        _line?.HangUp();
        _desk.End();
        _ended.TrySetResult(end);
    }

    /// <summary>Further hellos would only mute people: it is the same device that would answer.</summary>
    private bool Allows(LineServerOptions line, LinePublicKey device)
    {
        if (line.Allows(device)) return true;
        HasRefused = true;
        _refused?.TrySetResult();
        return false;
    }
}

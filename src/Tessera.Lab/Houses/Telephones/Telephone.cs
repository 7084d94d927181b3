using System.Net;
using Tessera.Lab.Calls;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;

namespace Tessera.Lab.Houses.Telephones;

/// <summary>
/// A telephone with a handset, a bell and keys. It knows nothing of data: it dials, speaks and hears. Any thread may
/// work it.
/// </summary>
public sealed class Telephone : IAsyncDisposable
{
    /// <summary>Digits of the longest number.</summary>
    public const int MostDigits = 32;

    /// <summary>Keys of a call that are shown.</summary>
    private const int MostKeys = 32;

    private const string KeyFaces = "0123456789*#";

    private readonly Lock _gate = new();
    private readonly TelephoneOptions _options;
    private readonly SipEndpoint _endpoint;
    private readonly LocalTone _tone;
    private readonly ITimer _dialPause;
    private readonly ChangeCount _changes = new();
    private readonly Task _taking;
    private VoiceCall? _call;
    private Task _ending = Task.CompletedTask;
    private TelephonePhase _phase;
    private CallEnding _why;
    private string _number = "";
    private string _keys = "";
    private string _last = "";
    private bool _keysInBand;
    private long _begun;
    private TimeSpan _lasted;

    private Telephone(TelephoneOptions options, SipEndpoint endpoint)
    {
        (_options, _endpoint) = (options, endpoint);
        _tone = new LocalTone(Earpiece, options.Time);
        _dialPause = options.Time.CreateTimer(
            _ => Call(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _taking = TakeAsync();
    }

    /// <summary>Where it is called, by SIP over UDP.</summary>
    public IPEndPoint Address => _endpoint.Address;

    /// <summary>What is heard in its handset.</summary>
    public Earpiece Earpiece { get; } = new();

    /// <summary>Grows with every change of the state.</summary>
    public long Number => _changes.Number;

    public TelephoneState State
    {
        get
        {
            lock (_gate)
            {
                var lasted = _phase == TelephonePhase.Connected ? _options.Time.GetElapsedTime(_begun) : _lasted;
                return new TelephoneState(
                    _phase, _number, _keys, _last, _why, (int)lasted.TotalSeconds, _keysInBand);
            }
        }
    }

    public static Telephone Start(TelephoneOptions options) => new(options, SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false, Time = options.Time,
    }));

    /// <summary>Completes when <see cref="Number"/> is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel) => _changes.ChangedAsync(seen, cancel);

    /// <summary>Lifts the handset: answers who calls, or begins to dial. Nothing happens where it is lifted.</summary>
    public void Lift() => Do(() =>
    {
        if (_phase == TelephonePhase.Ringing) _call!.Answer();
        else if (_phase == TelephonePhase.OnHook) BeginDialling();
    });

    /// <summary>Puts the handset down, which ends whatever there is; a call that only rings rings on.</summary>
    public void PutDown() => Do(() =>
    {
        if (_phase is TelephonePhase.OnHook or TelephonePhase.Ringing) return;
        _call?.HangUp();
        Forget(TelephonePhase.OnHook);
    });

    /// <summary>Presses keys: of the number, or in the call.</summary>
    /// <exception cref="ArgumentException">The telephone has no such key; then none was pressed.</exception>
    public void Press(string keys)
    {
        foreach (var key in keys)
        {
            if (!KeyFaces.Contains(key, StringComparison.Ordinal))
                throw new ArgumentException($"There is no key '{key}' on this telephone.", nameof(keys));
        }

        Do(() =>
        {
            foreach (var key in keys) Press(key);
        });
    }

    /// <summary>Lifts the handset where it is not, and calls a number at once.</summary>
    /// <exception cref="ArgumentException">That is no number: digits, * and #, with a + before them or none.</exception>
    /// <exception cref="InvalidOperationException">A call is under way, or somebody calls.</exception>
    public void Dial(string number)
    {
        var digits = number.StartsWith('+') ? number[1..] : number;
        if (digits.Length is 0 or > MostDigits || !digits.All(digit => KeyFaces.Contains(digit, StringComparison.Ordinal)))
            throw new ArgumentException(
                $"A number is up to {MostDigits} digits, * and #, with a + before them or none.", nameof(number));
        Do(() =>
        {
            if (_phase is not (TelephonePhase.OnHook or TelephonePhase.Dialling or TelephonePhase.Over))
                throw new InvalidOperationException("The telephone is in use: put the handset down first.");
            BeginDialling();
            _number = number;
            Call();
        });
    }

    /// <summary>Calls the last number again.</summary>
    /// <exception cref="InvalidOperationException">There is none, a call is under way, or somebody calls.</exception>
    public void Redial()
    {
        var last = State.LastNumber;
        if (last.Length == 0) throw new InvalidOperationException("Nobody was called before.");
        Dial(last);
    }

    /// <summary>Whether keys in a call are tones in its sound, and no telephone events.</summary>
    public void SendKeysInBand(bool inBand) => Do(() =>
    {
        _keysInBand = inBand;
        if (_call is not null) _call.KeysInBand = inBand;
    });

    public async ValueTask DisposeAsync()
    {
        PutDown();
        await _endpoint.DisposeAsync();
        await _taking;
        await _dialPause.DisposeAsync();
        Task ending;
        lock (_gate)
        {
            _tone.Dispose();
            ending = EndCallAsync();
        }

        await ending;
    }

    private void Do(Action act)
    {
        lock (_gate) act();
        _changes.Raise();
    }

    private void Press(char key)
    {
        switch (_phase)
        {
            case TelephonePhase.Dialling when _number.Length < MostDigits:
                _number += key;
                _tone.Play(cadence: null);
                _dialPause.Change(_options.DialPause, Timeout.InfiniteTimeSpan);
                break;
            case TelephonePhase.Connected when _call?.TryPress(key) == true:
                _keys = $"{_keys}{key}"[Math.Max(0, _keys.Length + 1 - MostKeys)..];
                break;
        }
    }

    private void BeginDialling()
    {
        Forget(TelephonePhase.Dialling);
        _tone.Play(Cadence.Dial);
    }

    /// <summary>The number is whole.</summary>
    private void Call() => Do(() =>
    {
        if (_phase != TelephonePhase.Dialling || _number.Length == 0) return;
        _dialPause.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _tone.Play(cadence: null);
        _last = _number;
        _ending = EndCallAsync();
        if (_options.Line() is not { } line)
        {
            End(CallEnding.NoService);
            return;
        }

        _phase = TelephonePhase.Calling;
        _call = NewCall();
        // A hash is no character of a URI.
        var to = SipUri.Sip(_number.Replace("#", "%23", StringComparison.Ordinal), line);
        _call.Begin(_endpoint, to, new CallOptions());
    });

    private async Task TakeAsync()
    {
        await foreach (var incoming in _endpoint.Calls.ReadAllAsync(CancellationToken.None)) Take(incoming);
    }

    /// <summary>Somebody calls: the bell rings, or he hears that this telephone is in use.</summary>
    private void Take(SipCall incoming) => Do(() =>
    {
        if (_phase != TelephonePhase.OnHook)
        {
            incoming.Reject(SipStatus.BusyHere);
            return;
        }

        _ending = EndCallAsync();
        Forget(TelephonePhase.Ringing);
        _number = incoming.Caller.Number ?? "";
        _call = NewCall();
        _call.Begin(incoming);
    });

    private VoiceCall NewCall()
    {
        VoiceCall? call = null;
        call = new VoiceCall(Earpiece, _options.Time, (phase, ending) => HearAsync(call!, phase, ending))
        {
            KeysInBand = _keysInBand,
        };
        return call;
    }

    /// <summary>The line says how a call goes; of one that is over here nothing counts.</summary>
    private Task HearAsync(VoiceCall call, CallPhase phase, CallEnding ending)
    {
        Do(() =>
        {
            if (call != _call || _phase is TelephonePhase.OnHook or TelephonePhase.Dialling or TelephonePhase.Over) return;
            switch (phase)
            {
                case CallPhase.Ringing when _phase == TelephonePhase.Calling:
                    _phase = TelephonePhase.RingingThere;
                    _tone.Play(CallTones.Of(phase, ending));
                    break;
                case CallPhase.Connected:
                    _tone.Play(cadence: null);
                    (_phase, _begun) = (TelephonePhase.Connected, _options.Time.GetTimestamp());
                    break;
                case CallPhase.Ended when _phase == TelephonePhase.Ringing:
                    Forget(TelephonePhase.OnHook);
                    break;
                case CallPhase.Ended:
                    End(ending);
                    break;
            }
        });
        return Task.CompletedTask;
    }

    private void End(CallEnding ending)
    {
        if (_phase == TelephonePhase.Connected) _lasted = _options.Time.GetElapsedTime(_begun);
        (_phase, _why) = (TelephonePhase.Over, ending);
        _tone.Play(CallTones.Of(CallPhase.Ended, ending));
    }

    private void Forget(TelephonePhase phase)
    {
        _dialPause.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _tone.Play(cadence: null);
        (_phase, _number, _keys, _why, _lasted) = (phase, "", "", CallEnding.None, TimeSpan.Zero);
    }

    /// <summary>The call before goes, and what is left of those before it is waited for together with it.</summary>
    private Task EndCallAsync()
    {
        var (before, call) = (_ending, _call);
        _call = null;
        return call is null ? before : Task.WhenAll(before, call.DisposeAsync().AsTask());
    }
}

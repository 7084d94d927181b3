using System.Runtime.InteropServices;
using Tessera.Phone.Calls;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>
/// A call of a home to the service whose sound is carried in memory. It goes on, packet by packet, only while its test
/// waits for something: nobody is late, however slow the machine.
/// </summary>
internal sealed class HomeTalk : IAsyncDisposable
{
    /// <summary>Real time of a packet of 20 ms, in which server, device and card do what they do.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    /// <summary>Packets after which nothing comes any more: two minutes.</summary>
    private const int Patience = 6_000;

    /// <summary>Samples between one look for words and the next.</summary>
    private const int Glance = AudioBlock.Rate / 2;

    private readonly CallDesk _desk;
    private readonly LineTerminal _terminal;
    private readonly TerminalCall? _device;
    private readonly Task _answering;
    private readonly List<short> _heard = [];
    private short[] _fromServer = new short[AudioBlock.Length];
    private short[] _fromHome = new short[AudioBlock.Length];
    private int _read;

    private HomeTalk(CallDesk desk, LineTerminal terminal, bool withDevice, Func<CallDesk, Task> answer)
    {
        (_desk, _terminal) = (desk, terminal);
        _device = withDevice ? terminal.BeginCall() : null;
        _answering = AnswerAsync(answer);
    }

    /// <summary>Whether the line has ever been muted for data at home.</summary>
    public bool HasBeenData { get; private set; }

    private KeypadScreen Screen => _terminal.Screen;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static HomeTalk Begin(CallDesk desk, LineTerminal terminal, bool withDevice, Func<CallDesk, Task> answer) =>
        new(desk, terminal, withDevice, answer);

    /// <summary>Waits until that was said, behind what was heard before.</summary>
    public async Task HearsAsync(Func<Phrase, Phrase> words)
    {
        var phrase = words(Phrase.In(SpokenLanguage.English));
        var sound = phrase.ToSamples();
        var looked = _heard.Count;
        await UntilAsync(IsHeard, $"hear '{string.Join(' ', phrase.Words)}'");

        bool IsHeard()
        {
            if (_heard.Count > looked && _heard.Count - looked < Glance) return false;
            looked = _heard.Count;
            if (Find(sound, _read) is not { } end)
            {
                // What was searched in vain is not searched again, but for what may have begun in it.
                _read = Math.Max(_read, looked - sound.Length - AudioBlock.Rate);
                return false;
            }

            _read = end;
            return true;
        }
    }

    /// <summary>Whether that was said at any time.</summary>
    public bool HasHeard(Func<Phrase, Phrase> words) =>
        Find(words(Phrase.In(SpokenLanguage.English)).ToSamples(), 0) is not null;

    /// <summary>Keys of the telephone.</summary>
    public void Press(string keys)
    {
        foreach (var key in keys) _desk.Press(key);
    }

    /// <summary>The holder presses the data key once the device lets them.</summary>
    public async Task PressDataKeyAsync()
    {
        await SeesAsync("Press data key");
        Assert.Equal(DataKeyAnswer.Asking, _terminal.PressDataKey());
    }

    /// <summary>The holder types at the device when it shows that.</summary>
    public async Task TypesAsync(string shown, params IEnumerable<Key> keys)
    {
        await SeesAsync(shown);
        foreach (var key in keys) Assert.True(Screen.TryPress(Screen.Ask, key));
    }

    /// <summary>Waits until the device shows that.</summary>
    public Task SeesAsync(string text) =>
        UntilAsync(() => string.Join('\n', Screen.Lines).Contains(text, StringComparison.Ordinal), $"see '{text}'");

    /// <summary>Lets the call go on until that is so.</summary>
    public async Task UntilAsync(Func<bool> met, string what)
    {
        using var clock = new PeriodicTimer(Pace);
        for (var packet = 0; !met(); packet++)
        {
            if (packet == Patience)
                throw new TimeoutException($"Nobody could {what}; the device shows {Screen.Lines}.");
            if (_answering.IsFaulted) await _answering;
            Step();
            await clock.WaitForNextTickAsync(Cancel);
        }
    }

    /// <summary>Waits until the server has hung up.</summary>
    public async Task EndsAsync()
    {
        await UntilAsync(() => _answering.IsCompleted, "end the call");
        await _answering;
    }

    /// <summary>The receiver is put down, and the server has noticed.</summary>
    public async Task HangUpAsync()
    {
        _desk.End(new CallEnd(CallEndReason.RemoteHungUp, Status: null, "The caller hung up."));
        if (_device is not null) await _device.DisposeAsync();
        await _answering;
    }

    public async ValueTask DisposeAsync() => await HangUpAsync();

    /// <summary>As the road of calls does it.</summary>
    private async Task AnswerAsync(Func<CallDesk, Task> answer)
    {
        try
        {
            await answer(_desk);
        }
        catch (ConnectionLostException)
        {
            // The caller hung up.
        }

        _desk.End(new CallEnd(CallEndReason.HungUp, Status: null, "All is said."));
    }

    /// <summary>The next 20 ms. Nothing is lost on this line, and nothing made of its sound.</summary>
    private void Step()
    {
        var (heard, said) = (_fromServer, new short[AudioBlock.Length]);
        _fromServer = new short[AudioBlock.Length];
        _desk.Exchange(_fromHome, concealed: false, _fromServer);
        _device?.Exchange(heard, concealed: false, said);
        _fromHome = said;
        if (_device?.IsHearing ?? true) _heard.AddRange(heard);
        HasBeenData |= _device is { IsVoice: false };
    }

    private int? Find(short[] sound, int from) => SpokenSound.Find(CollectionsMarshal.AsSpan(_heard)[from..], sound) is { } end
        ? from + end
        : null;
}

using Microsoft.Extensions.Logging.Abstractions;
using Tessera.Phone.Calls;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Phone.Tones;
using Tessera.Server.Calls;
using Tessera.Testing;

namespace Tessera.Server.Tests.Calls;

/// <summary>
/// A call in memory, as fast as it is worked out: the voice desk of every call, and a caller who answers each question with
/// the keys that a test says.
/// </summary>
internal sealed class Conversation : IVoice, IVoiceLine, IDisposable
{
    private readonly StillCall _still = new(Timeout.InfiniteTimeSpan, TimeProvider.System);
    private readonly VoiceDesk _desk;
    private readonly KeySource _source;
    private readonly Queue<string> _answers;
    private readonly List<short> _heard = [];

    /// <param name="answers">Keys for one question each; none for a caller who says nothing.</param>
    public Conversation(KeySource source, params IEnumerable<string> answers)
    {
        (_source, _desk, _answers) = (source, new VoiceDesk(source), new Queue<string>(answers));
        Voice = new CallVoice(this, _still, SpokenLanguage.English, espeak: null, NullLogger.Instance);
    }

    public Conversation(params IEnumerable<string> answers) : this(KeySource.Events, answers) { }

    public CallVoice Voice { get; init; }

    /// <summary>How often the page went back to voice.</summary>
    public int Pauses { get; private set; }

    public int Questions { get; private set; }

    /// <summary>Whether the device comes when its holder is asked for it.</summary>
    public bool DeviceComes { get; init; }

    /// <summary>Whether the caller heard that.</summary>
    public bool Hears(Phrase phrase) => SpokenSound.Find([.. _heard], phrase.ToSamples()) is not null;

    public Task PlayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel) => Drive(_desk.PlayAsync(sound, cancel));

    public async Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel)
    {
        Questions++;
        var keys = _answers.TryDequeue(out var answer) ? answer : "";
        var asked = _desk.AskAsync(question, rule, cancel);
        for (var at = 0; at < question.Length; at += AudioBlock.Length) Exchange(new short[AudioBlock.Length]);
        foreach (var key in keys) Press(key);
        await Drive(asked);
        return await asked;
    }

    public Task PauseAsync(CancellationToken cancel)
    {
        Pauses++;
        return Task.CompletedTask;
    }

    public Task<bool> InviteAsync(CancellationToken cancel) => Task.FromResult(DeviceComes);

    /// <summary>The caller presses keys before anything is asked.</summary>
    public void PressAhead(string keys)
    {
        foreach (var key in keys) Press(key);
        Exchange(new short[AudioBlock.Length]);
    }

    public void HangUp() => _desk.End();

    public void Dispose() => _still.Dispose();

    private void Press(char key)
    {
        if (_source == KeySource.Events)
        {
            _desk.Press(key);
            return;
        }

        var tones = DtmfGenerator.Samples($"{key}", new DtmfOptions()).Concat(new short[800]);
        foreach (var block in tones.Chunk(AudioBlock.Length))
            if (block.Length == AudioBlock.Length) Exchange(block);
    }

    private async Task Drive(Task task)
    {
        while (!task.IsCompleted)
        {
            Exchange(new short[AudioBlock.Length]);
            await Task.Yield();
        }

        await task;
    }

    private void Exchange(short[] said)
    {
        var block = new short[AudioBlock.Length];
        _desk.Exchange(said, block);
        _heard.AddRange(block);
    }
}

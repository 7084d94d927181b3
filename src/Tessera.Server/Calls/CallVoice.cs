using Tessera.Phone.Calls;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Phone.Tones;

namespace Tessera.Server.Calls;

/// <summary>
/// Speaks to the caller: what is shipped in any language, other texts where espeak-ng is installed. One thing at a time.
/// </summary>
internal sealed class CallVoice(
    IVoice voice, StillCall still, SpokenLanguage language, Espeak? espeak, ILogger log)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly CallTurn _turn = new();

    /// <summary>An empty phrase of the call's language.</summary>
    public Phrase Words => Phrase.In(language);

    /// <summary>The sound of an application's text; null where nobody here can say it.</summary>
    public async Task<short[]?> SoundAsync(string text, CancellationToken cancel)
    {
        if (Words.Read(text) is { } shipped) return shipped.ToSamples();
        if (espeak is null || text.Length > Espeak.MaxText) return null;
        try
        {
            return await espeak.SpeakAsync(text, SpokenLanguage.English, cancel);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            log.LogWarning("A text was not spoken: {Reason}", e.Message);
            return null;
        }
    }

    /// <summary>The sounds of texts one after the other; null where one of them has none.</summary>
    public async Task<short[]?> SoundAsync(IEnumerable<string> texts, CancellationToken cancel)
    {
        List<short> sound = [];
        foreach (var text in texts)
        {
            if (await SoundAsync(text, cancel) is not { } spoken) return null;
            sound.AddRange(spoken);
            sound.AddRange(new short[AudioBlock.SamplesIn(Between)]);
        }

        return [.. sound];
    }

    public Task SayAsync(string word, CancellationToken cancel) => SayAsync(Words.Say(word).ToSamples(), cancel);

    public Task SayAsync(ReadOnlyMemory<short> sound, CancellationToken cancel) => _turn.TakeAsync(
        async () =>
        {
            await voice.PlayAsync(sound, cancel);
            return true;
        },
        cancel);

    public Task<Keyed> AskAsync(ReadOnlyMemory<short> question, KeyRule rule, CancellationToken cancel) => _turn.TakeAsync(
        async () =>
        {
            var keyed = await voice.AskAsync(question, rule, cancel);
            if (keyed.Keys.Length > 0) still.Live();
            return keyed;
        },
        cancel);
}

using System.Text.RegularExpressions;
using Tessera.Interop.Tests.Smpp;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Phone.Tones;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Phone;

/// <summary>
/// baresip calls the shop of the real server, with a voice and keys of its own; what it heard is looked for in its recording.
/// </summary>
public sealed partial class BaresipShopTests : IDisposable
{
    private const string Shop = "+33639980084";

    /// <summary>Behind four goods, the balance and the loading of money.</summary>
    private const char LostCard = '7';

    private const char Leave = '#';

    /// <summary>Between one press of a key and the next: one while the shop speaks is not heard, so people press again.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);

    private static readonly DtmfOptions Keys = new() { On = TimeSpan.FromMilliseconds(120) };

    private readonly TempFolder _folder = new();
    private int _heard;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Phrase Words => Phrase.In(SpokenLanguage.English);

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 2 * PeerProcess.Patience)]
    public async Task It_hears_the_goods_presses_keys_as_events_and_is_told_goodbye()
    {
        await using var baresip = await Baresip.StartAsync(voice: [], Cancel);
        await using var server = await CallAsync(baresip);

        await HearsAsync(baresip, Words.Read("Welcome to the shop.")!);
        await HearsAsync(baresip, Words.Say("coffee").Amount(280).Say("for-press").Number(1));
        await HearsAsync(baresip, Words.Say("tea").Amount(220).Say("for-press").Number(2));
        await LeaveAsync(baresip, key => baresip.TellAsync("sndcode", Cancel, $"{key}"));
    }

    [Fact(Timeout = 2 * PeerProcess.Patience)]
    public async Task Its_speech_is_no_key_and_the_tones_of_its_audio_files_are()
    {
        var espeak = Espeak.Find();
        if (espeak is null) Assert.Skip("install espeak-ng");
        var chatter = await espeak.SpeakAsync(
            "Just a moment, please. I am looking for my glasses.", SpokenLanguage.English, Cancel);
        await using var baresip = await Baresip.StartAsync(chatter, Cancel);
        await using var server = await CallAsync(baresip, "--telephone-events", "false");

        await HearsAsync(baresip, Words.Read("Welcome to the shop.")!);
        await HearsAsync(baresip, Words.Say("coffee").Amount(280).Say("for-press").Number(1));
        await LeaveAsync(baresip, key => baresip.SayAsync(DtmfGenerator.Samples($"{key}", Keys).ToArray(), Cancel));
    }

    private async Task<ServerProcess> CallAsync(Baresip baresip, params string[] options)
    {
        var server = await ServerProcess.StartAsync(_folder.Path, Cancel, ["--lab", "false", "--sip-port", "0", .. options]);
        return await server.OrEndAsync(async () =>
        {
            var calls = await Eventually.SeeAsync(
                () => Task.FromResult(CallsAt().Match(server.Output)), match => match.Success, Cancel);
            await baresip.TellAsync("dial", Cancel, $"sip:{Shop}@{calls.Groups["address"].Value}");
            await baresip.HearAsync("CALL_ESTABLISHED", Cancel);
        });
    }

    /// <summary>Chooses what only callers can whom the shop knows, is refused, and leaves.</summary>
    private async Task LeaveAsync(Baresip baresip, Func<char, Task> press)
    {
        await PressAsync(LostCard, press, HearsAsync(baresip, Words.Say("unknown-number")));
        await PressAsync(Leave, press, baresip.HearAsync("CALL_CLOSED", Cancel));
        await HearsAsync(baresip, Words.Say("goodbye"));
    }

    /// <summary>Presses a key, again and again until something has happened.</summary>
    private static async Task PressAsync(char key, Func<char, Task> press, Task happened)
    {
        do await press(key);
        while (await Task.WhenAny(happened, Task.Delay(Impatience, Cancel)) != happened);
        await happened;
    }

    /// <summary>Waits until that is in the recording, behind what was found in it before.</summary>
    /// <remarks>The pause behind it is not waited for: what is in the buffer of a telephone when the call ends is lost.</remarks>
    private async Task HearsAsync(Baresip baresip, Phrase phrase)
    {
        var sound = phrase.ToSamples().AsSpan().TrimEnd((short)0).ToArray();
        await Eventually.SeeAsync(async () => Find(await baresip.HeardAsync(_heard, Cancel), sound), found => found, Cancel);
    }

    private bool Find(short[] heard, short[] sound)
    {
        var end = SpokenSound.Find(heard, sound);

        // What was searched in vain is not searched again, but for what may have begun in it.
        _heard += end ?? Math.Max(0, heard.Length - sound.Length - AudioBlock.Rate);
        return end is not null;
    }

    [GeneratedRegex(@"Calls at sip:(?<address>[0-9.:]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallsAt();
}

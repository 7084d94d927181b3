using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Xunit;

namespace Tessera.Interop.Tests.Phone.Dtmf;

/// <summary>Any text, spoken by espeak-ng.</summary>
public class EspeakTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_spoken()
    {
        var sound = await Installed().SpeakAsync("--help $(false) `one` two, three.", SpokenLanguage.English, Cancel);

        Assert.InRange(sound.Length, AudioBlock.Rate, 10 * AudioBlock.Rate);
        Assert.InRange(Level.Of(sound), -40, 0);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused() => await Assert.ThrowsAsync<ArgumentException>(
        () => Installed().SpeakAsync(new string('a', Espeak.MaxText + 1), SpokenLanguage.English, Cancel));

    [Fact]
    public async Task A_program_that_takes_too_long_is_ended()
    {
        var espeak = Installed() with { Patience = TimeSpan.FromTicks(1) };
        await Assert.ThrowsAsync<TimeoutException>(() => espeak.SpeakAsync("Hello", SpokenLanguage.English, Cancel));
    }

    [Fact]
    public async Task A_program_that_makes_no_sound_is_told()
    {
        var wrong = new Espeak("/bin/echo");
        await Assert.ThrowsAsync<IOException>(() => wrong.SpeakAsync("Hello", SpokenLanguage.English, Cancel));
    }

    private static Espeak Installed()
    {
        var espeak = Espeak.Find();
        if (espeak is null) Assert.Skip("install espeak-ng");
        return espeak;
    }
}

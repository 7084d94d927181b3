using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The device on two sounds, as the tool offers it, beside the real server.</summary>
[SupportedOSPlatform("linux")]
public sealed class AudioJackTests : IDisposable
{
    private readonly LineDeviceWorld _world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Lunch_is_paid_at_a_device_in_the_audio_jack_of_a_telephone()
    {
        await using var server = await _world.StartFundedServerAsync();
        var (heard, said) = await _world.PipesAsync();
        await using var device = _world.Start(server, "audio", "--in", heard, "--out", said, "--display", "4x20");
        using var page = LineDeviceWorld.PageOf(JsonElement.Parse(await device.LineAsync(Cancel)));
        await using (var jack = new AudioJack(heard, said))
        {
            var service = IPEndPoint.Parse(await LineDeviceWorld.CallsAsync(server));
            await using var telephone = await TestTelephone.DialAsync(LineDeviceWorld.Shop, service, jack);
            await telephone.PressUntilAsync('*', words => words.Say("coffee"));
            await telephone.PressUntilAsync('4', words => words.Say("press-key"));
            await PressDataUntilAsync(page, screen => screen.Lines.Contains("12.50", StringComparison.Ordinal));
            await page.PressAsync("Ok Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Ok", Cancel);
            await PressDataUntilAsync(page, _ => server.Output.Contains("lunch ended: Completed", StringComparison.Ordinal));
            await telephone.PressUntilAsync('*', words => words.Say("coffee"));
        }

        // The end of the sound is that of the call, and of the device.
        var run = await device.EndAsync(Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_data_key_that_nobody_on_a_sound_answers_leads_back_to_voice()
    {
        await using var server = await _world.StartServerAsync();
        var (heard, said) = await _world.PipesAsync();
        await using var device = _world.Start(server, "audio", "--in", heard, "--out", said);
        using var page = LineDeviceWorld.PageOf(JsonElement.Parse(await device.LineAsync(Cancel)));
        var listening = Task.Run(() => LoudestAsync(said), Cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var silence = Task.Run(() => SayNothingAsync(heard, over.Token), Cancel);

        await page.SeeLinesAsync("when asked to", Cancel);
        await page.PressAsync("Data", Cancel);
        var shown = await page.SeeLinesAsync("No answer", Cancel);
        await over.CancelAsync();
        await silence;

        Assert.Contains("Press data key", shown.Lines, StringComparison.Ordinal);
        Assert.InRange(await listening, 1000, short.MaxValue);
    }

    /// <summary>Presses the data key whenever the device is in voice: a sound that falters may lose data.</summary>
    private static async Task PressDataUntilAsync(TerminalPage page, Func<ShownScreen, bool> happened)
    {
        bool IsVoice(ShownScreen screen) => screen.Lines.Contains("Press data key", StringComparison.Ordinal);
        while (await page.SeeAsync(screen => happened(screen) || IsVoice(screen), Cancel) is var screen && !happened(screen))
            await page.PressAsync("Data", Cancel);
    }

    /// <summary>The clock of the device: silence, as fast as it takes it.</summary>
    private static async Task SayNothingAsync(string path, CancellationToken over)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var block = new byte[AudioBlock.Length * sizeof(short)];
        try
        {
            while (true) await pipe.WriteAsync(block, over);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // The call is over.
        }
    }

    /// <returns>The loudest sample of all that is said.</returns>
    private static async Task<int> LoudestAsync(string path)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var block = new byte[AudioBlock.Length * sizeof(short)];
        var loudest = 0;
        while (await pipe.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, Cancel) == block.Length)
            for (var i = 0; i < block.Length; i += 2) loudest = Math.Max(loudest, Math.Abs((int)BitConverter.ToInt16(block, i)));
        return loudest;
    }
}

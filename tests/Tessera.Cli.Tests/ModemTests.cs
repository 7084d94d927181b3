using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera modem</c>: a file through its sound.</summary>
public sealed class ModemTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--mode bell202")]
    [InlineData("--mode v23")]
    [InlineData("--mode v21 --side answerer")]
    [InlineData("--mode tones")]
    [InlineData("--mode ofdm")]
    [InlineData("--mode bell202 --raw")]
    [InlineData("--mode v21 --raw")]
    public async Task A_file_comes_through(string options)
    {
        byte[] octets = [.. Enumerable.Range(0, 130).Select(i => (byte)(i * i))];
        await File.WriteAllBytesAsync(_folder.File("in"), octets, Cancel);

        await RunAsync("send", options, "in", "sound.wav");
        await RunAsync("receive", options, "sound.wav", "out");

        Assert.Equal(octets, await File.ReadAllBytesAsync(_folder.File("out"), Cancel));
    }

    [Fact]
    public async Task A_frame_that_was_not_heard_is_told()
    {
        await File.WriteAllBytesAsync(_folder.File("in"), new byte[200], Cancel);
        await RunAsync("send", "--mode bell202", "in", "sound.wav");
        // Samples of 16 bits behind a header of 44 octets.
        var sound = await File.ReadAllBytesAsync(_folder.File("sound.wav"), Cancel);
        sound.AsSpan(44 + sound.Length / 8 * 4, 800).Clear();
        await File.WriteAllBytesAsync(_folder.File("sound.wav"), sound, Cancel);

        var run = await TryAsync("receive", "--mode bell202", "sound.wav", "out");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("tessera: Frame 2 was not heard.\n", run.Error);
    }

    [Fact]
    public async Task Characters_need_two_tones()
    {
        await File.WriteAllBytesAsync(_folder.File("in"), new byte[2], Cancel);

        var run = await TryAsync("send", "--mode ofdm --raw", "in", "sound.wav");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("tessera: This mode has no channels of two tones.", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task RunAsync(string verb, string options, string input, string output)
    {
        var run = await TryAsync(verb, options, input, output);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private Task<ToolRun> TryAsync(string verb, string options, string input, string output) => ToolProcess.RunAsync(
        ["modem", verb, .. options.Split(' '), "--in", _folder.File(input), "--out", _folder.File(output)], Cancel);
}

using Tessera.Cards.Biometrics;
using Tessera.Terminal.Ports;
using Tessera.Testing;
using Tessera.VirtualCard.Biometrics;
using Xunit;

namespace Tessera.Terminal.Tests.Ports;

/// <summary>The finger in a file, as it is when it is asked for.</summary>
public sealed class FileFingerReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => _folder.File("finger");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_finger_is_the_one_that_lies_there_then()
    {
        var reader = new FileFingerReader(Path);
        foreach (var number in new[] { 3, 4 })
        {
            using var laid = new SyntheticFinger(number).Lay(press: 7);
            await File.WriteAllBytesAsync(Path, laid.Reveal().ToArray(), Cancel);

            using var captured = await reader.CaptureAsync(Cancel);

            Assert.Equal(laid, captured);
        }
    }

    [Fact]
    public async Task The_longest_template_is_read_whole_and_an_octet_behind_it_refused()
    {
        using var most = FingerTemplate.Of(Enumerable.Range(0, FingerTemplate.MaxMinutiae).Select(
            place => new FingerMinutia((byte)place, 7, MinutiaType.Ending, 5)));
        await File.WriteAllBytesAsync(Path, most.Reveal().ToArray(), Cancel);
        using (var captured = await new FileFingerReader(Path).CaptureAsync(Cancel)) Assert.Equal(most, captured);

        await File.AppendAllTextAsync(Path, "\n", Cancel);

        await Assert.ThrowsAsync<IOException>(() => new FileFingerReader(Path).CaptureAsync(Cancel));
    }

    [Fact]
    public async Task Without_a_template_there_is_no_finger()
    {
        var reader = new FileFingerReader(Path);
        await Assert.ThrowsAsync<FileNotFoundException>(() => reader.CaptureAsync(Cancel));
        await File.WriteAllTextAsync(Path, "a finger", Cancel);

        var broken = await Assert.ThrowsAsync<IOException>(() => reader.CaptureAsync(Cancel));

        Assert.StartsWith($"{Path} is no template of a finger: ", broken.Message, StringComparison.Ordinal);
    }
}

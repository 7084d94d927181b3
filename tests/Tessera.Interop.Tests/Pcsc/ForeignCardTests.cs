using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>The tool at a card that others wrote: the ISO 7816-4 card of vsmartcard-vpicc.</summary>
[Collection(PcscdAlone.Name)]
public class ForeignCardTests(PrivatePcscd pcscd)
{
    private const string Python = "/usr/bin/python3";
    private const string Library = "/usr/lib/python3/site-packages/virtualsmartcard";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_files_are_read_and_told_in_words()
    {
        using var card = await InsertAsync();

        var run = await pcscd.ToolAsync(
            "", Cancel, "apdu", "--reader", PrivatePcscd.Reader, "--trace", "-",
            "00A40000 02 2F07 00", "00B00000 06", "00B00005 00", "00B08702 04", "00A40400 08 F0464F524549474E 00",
            "00B2021C 08", "00B2031C 08", "00A40004 02 2F08 00");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "6F1683022F078A01058801388002001681020016820201009000", "4120636172649000",
                "64206F66206F746865722070656F706C656282", "636172649000", "6F14830250008A01058201388408F0464F524549474E9000",
                "7265636F726420329000", "6A83", "6A82",
            ],
            run.Lines);
        foreach (var words in new[]
        {
            "  83 file identifier: 2F07\n", "  80 octets of the file: 0016\n", "  82 file descriptor: 0100\n",
            "READ BINARY of short file 07 from 2, at most 4\n", "6282 end of file or record before Le, 17 octets",
            "  84 DF name: F0464F524549474E\n", "READ RECORD 2 of short file 03\n", "6A83 record not found",
        })
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_is_not_is_told_in_one_line()
    {
        using var card = await InsertAsync();

        var told = await pcscd.ToolAsync("", Cancel, "card", "info", "--reader", PrivatePcscd.Reader);
        Assert.Equal((0, ""), (told.ExitCode, told.Error));
        Assert.Equal("Card           no application of Tessera", told.Lines[1]);
        foreach (var verb in new[] { "identity show", "piv status" })
        {
            var refused = await pcscd.ToolAsync("", Cancel, [.. verb.Split(' '), "--reader", PrivatePcscd.Reader]);
            Assert.Equal(
                (1, $"tessera: The card in {PrivatePcscd.Reader} is no PIV card.\n"), (refused.ExitCode, refused.Error));
        }
    }

    /// <summary>Returns when it is seen in the reader.</summary>
    private async Task<CardProcess> InsertAsync([CallerFilePath] string file = "")
    {
        if (!Directory.Exists(Library)) Assert.Skip("install vsmartcard-vpicc");
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        var process = Process.Start(
            Python,
            [
                Path.Combine(Path.GetDirectoryName(file)!, "vicc.py"), pcscd.EndPoint.Address.ToString(),
                pcscd.EndPoint.Port.ToString(CultureInfo.InvariantCulture),
            ]);
        var inserted = reader.InsertedAsync(Cancel);
        if (await Task.WhenAny(inserted, process.WaitForExitAsync(Cancel)) != inserted)
            Assert.Fail($"vicc.py ended with {process.ExitCode}");
        await using var seen = await inserted;
        return new CardProcess(process);
    }

    /// <summary>Pulled when disposed.</summary>
    private sealed class CardProcess(Process process) : IDisposable
    {
        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}

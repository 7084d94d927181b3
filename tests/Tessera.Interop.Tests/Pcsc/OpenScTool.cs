using System.Diagnostics;
using System.Text.RegularExpressions;
using Tessera.Cards;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>Debian's opensc-tool, speaking to the private pcscd.</summary>
internal static partial class OpenScTool
{
    private const string Path = "/usr/bin/opensc-tool";
    private const string Explorer = "/usr/bin/opensc-explorer";
    private const int DumpColumns = 16 * 3;

    public static async Task<string> RunAsync(PrivatePcscd pcscd, CancellationToken cancel, params string[] arguments)
    {
        if (!File.Exists(Path)) Assert.Skip("install opensc");
        var start = new ProcessStartInfo(Path, ["-r", PrivatePcscd.Reader, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [pcscd.Address.Key] = pcscd.Address.Value },
        };
        using var tool = Process.Start(start)!;
        var output = await tool.StandardOutput.ReadToEndAsync(cancel);
        await tool.WaitForExitAsync(cancel);
        Assert.True(tool.ExitCode == 0, $"opensc-tool ended with {tool.ExitCode}: {output}");
        return output;
    }

    /// <summary>What opensc-explorer says to these commands, with its driver for any ISO card.</summary>
    public static async Task<string> ExploreAsync(
        PrivatePcscd pcscd, CancellationToken cancel, params string[] commands)
    {
        if (!File.Exists(Explorer)) Assert.Skip("install opensc");
        var start = new ProcessStartInfo(Explorer, ["-r", PrivatePcscd.Reader, "-c", "default"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [pcscd.Address.Key] = pcscd.Address.Value },
        };
        using var explorer = Process.Start(start)!;
        var output = explorer.StandardOutput.ReadToEndAsync(cancel);
        var errors = explorer.StandardError.ReadToEndAsync(cancel);
        foreach (var command in commands) await explorer.StandardInput.WriteLineAsync(command.AsMemory(), cancel);
        explorer.StandardInput.Close();
        await explorer.WaitForExitAsync(cancel);
        TestContext.Current.TestOutputHelper!.WriteLine($"{await output}\n{await errors}");
        Assert.DoesNotContain("Unable", await output + await errors, StringComparison.Ordinal);
        return await output + await errors;
    }

    /// <summary>
    /// What came back for each command sent: the status, then a dump of sixteen octets a line and their characters.
    /// Only lines after the first are padded, so an octet takes four columns of the first.
    /// </summary>
    public static IReadOnlyList<ResponseApdu> Answers(string output) => [.. Received().Matches(output).Select(answer =>
    {
        var status = answer.Groups["sw1"].Value + answer.Groups["sw2"].Value;
        var lines = answer.Groups["dump"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var data = string.Concat(lines.Select((line, i) => line[..(i == 0 ? line.Length / 4 * 3 : DumpColumns)]));
        return Bytes.FromHex(data + status).Read<ResponseApdu>();
    })];

    [GeneratedRegex(
        @"Received \(SW1=0x(?<sw1>\w\w), SW2=0x(?<sw2>\w\w)\):?\n(?<dump>([0-9A-F]{2} .*\n)*)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Received();
}

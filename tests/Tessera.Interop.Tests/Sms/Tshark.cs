using System.Diagnostics;
using System.Text;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Sms;

/// <summary>Wireshark's dissector of relay and transfer layer, fed with messages through text2pcap.</summary>
internal static class Tshark
{
    private const string Path = "/usr/bin/tshark";
    private const string Text2Pcap = "/usr/bin/text2pcap";
    private const char Separator = '\u001F';

    /// <summary>What it makes of each message: the fields asked for, empty where a message has none.</summary>
    public static async Task<IReadOnlyList<string[]>> DissectAsync(
        IReadOnlyList<RpMessage> messages, CancellationToken cancel, params string[] fields)
    {
        if (!File.Exists(Path) || !File.Exists(Text2Pcap)) Assert.Skip("install tshark");
        using var folder = new TempFolder();
        var (text, capture) = (folder.File("messages.txt"), folder.File("messages.pcapng"));
        await File.WriteAllTextAsync(text, Dump(messages), cancel);
        await RunAsync(Text2Pcap, ["-q", "-D", "-P", "gsm_a_rp", text, capture], cancel);
        string[] read = ["-r", capture, "-T", "fields", "-E", $"separator={Separator}"];
        var output = await RunAsync(Path, [.. read, .. fields.SelectMany(field => (string[])["-e", field])], cancel);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(Separator))];
    }

    /// <summary>To it, what comes in is what the mobile sends.</summary>
    private static string Dump(IReadOnlyList<RpMessage> messages)
    {
        var dump = new StringBuilder();
        foreach (var message in messages)
        {
            dump.Append(message.Direction == Direction.ToCentre ? "I\n" : "O\n").Append("0000");
            foreach (var octet in message.ToBytes().Span) dump.Append(' ').Append(octet.ToString("x2", null));
            dump.Append('\n');
        }

        return dump.ToString();
    }

    private static async Task<string> RunAsync(string path, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var tool = Process.Start(start)!;
        var error = tool.StandardError.ReadToEndAsync(cancel);
        var output = await tool.StandardOutput.ReadToEndAsync(cancel);
        await tool.WaitForExitAsync(cancel);
        Assert.True(tool.ExitCode == 0, $"{path} ended with {tool.ExitCode}: {await error}");
        return output;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tessera.Smpp;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>Wireshark's dissectors, which find every malformed field.</summary>
internal static class Tshark
{
    private const string Dissector = "/usr/bin/tshark";
    private const string Converter = "/usr/bin/text2pcap";
    private const string Ports = "40000,2775";

    /// <summary>What it makes of each PDU: its layers as JSON, one packet for each.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DissectAsync(IEnumerable<Pdu> pdus, CancellationToken cancel)
    {
        if (!File.Exists(Dissector) || !File.Exists(Converter)) Assert.Skip("install tshark");

        using var folder = new TempFolder();
        var (text, capture) = (folder.File("pdus.txt"), folder.File("pdus.pcap"));
        await File.WriteAllTextAsync(text, Dump(pdus), cancel);
        await RunAsync(Converter, ["-q", "-T", Ports, text, capture], cancel);
        var output = await RunAsync(Dissector, ["-r", capture, "-d", "tcp.port==2775,smpp", "-T", "json"], cancel);
        return [.. JsonElement.Parse(output).EnumerateArray().Select(packet =>
            packet.GetProperty("_source").GetProperty("layers"))];
    }

    private static string Dump(IEnumerable<Pdu> pdus)
    {
        var dump = new StringBuilder();
        var number = 0u;
        foreach (var pdu in pdus)
        {
            var buffer = new PduBuffer();
            buffer.Append(++number, pdu);
            dump.Append("0000");
            foreach (var octet in buffer.Written.Span) dump.Append(CultureInfo.InvariantCulture, $" {octet:x2}");
            dump.AppendLine();
        }

        return dump.ToString();
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        using var tool = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = tool.StandardError.ReadToEndAsync(cancel);
        var output = await tool.StandardOutput.ReadToEndAsync(cancel);
        await tool.WaitForExitAsync(cancel);
        Assert.True(tool.ExitCode == 0, $"{program} ended with {tool.ExitCode}: {await error}");
        return output;
    }
}

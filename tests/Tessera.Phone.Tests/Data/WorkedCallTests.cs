using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tessera.Phone.Data;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

/// <summary>Every frame of docs/protocols/line.md §8.</summary>
public partial class WorkedCallTests
{
    [Fact]
    public void Every_frame_of_the_document_is_what_is_sent_and_understood()
    {
        using var call = new WorkedCall();
        using var initiator = call.Initiator();
        var (reply, device) = call.Answer(initiator.Hello);
        var (atServer, atDevice) = (new SealedFrames(initiator.Accept(reply, _ => true)!), new SealedFrames(device));
        var hello = new LineFrame(FrameSigns.Data, 0, 0x25, Bytes.Empty, 0, Bytes.FromHex("0600000201 00"));
        var heard = new LineFrame(FrameSigns.None, 1, 0x26, Bytes.Empty, 0, Bytes.Empty);
        var bye = new LineFrame(FrameSigns.Bye, 0, 0x25, Bytes.Empty, 0, Bytes.Empty);

        string[] expected =
        [
            $"S Hello {HandshakeParts.Split(FrameKind.Hello, Bytes.Of(initiator.Hello), 256).Single()}",
            $"D Reply {HandshakeParts.Split(FrameKind.Reply, Bytes.Of(reply), 256).Single()}",
            $"S Sealed {atServer.Seal(hello)}",
            $"D Sealed {atDevice.Seal(heard)}",
            $"S Sealed {atServer.Seal(bye)}",
        ];
        var lines = Lines();
        Assert.Equal(
            expected, lines.Select(line => $"{line.Groups["words"].Value} {Octets(line)}"), StringComparer.Ordinal);
        Assert.Equal(hello, atDevice.Open(Octets(lines[2])));
        Assert.Equal(heard, atServer.Open(Octets(lines[3])));
        Assert.Equal(bye, atDevice.Open(Octets(lines[4])));
    }

    private static Bytes Octets(Match line) => Bytes.FromHex(line.Groups["octets"].ValueSpan);

    private static IReadOnlyList<Match> Lines([CallerFilePath] string here = "")
    {
        var document = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "protocols", "line.md");
        var block = Block().Match(File.ReadAllText(document)).Groups["block"].Value;
        return [.. Line().Matches(block).Cast<Match>()];
    }

    [GeneratedRegex(
        "^```call\n(?<block>.+?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex(
        "^(?<words>[SD] \\w+) +(?<octets>[0-9A-F ]+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}

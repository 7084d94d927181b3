using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>Every frame of docs/protocols/link.md §6.</summary>
public partial class WorkedConversationTests
{
    private static readonly Bytes Atr = Bytes.FromHex("3B800181");

    private static readonly (string Side, LinkFrame Frame)[] Expected =
    [
        ("T", LinkFrame.Of(FrameType.Hello, new TerminalHello(
            Bytes.FromHex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"),
            "Kiosk",
            new TerminalProfile(Bytes.FromHex("01001701"), TerminalCapabilities.RichPages),
            ReaderState.Open(Atr, 0x2A)))),
        ("S", LinkFrame.Of(FrameType.Hello, new ServerHello(Bytes.FromHex("1122334455667788"), Resumed: true))),
        ("S", LinkFrame.Of(FrameType.Pairing, new PairingCode("483912", "https://tessera.example/open"))),
        ("S", new LinkFrame(FrameType.Script, Bytes.FromHex("AA0A C00401002A01 C1022000"))),
        ("T", new LinkFrame(FrameType.Answer, Bytes.FromHex("AB09 C00401002A01 800100"))),
        ("S", LinkFrame.Of(FrameType.Open, new OpenRequest(0x2A))),
        ("T", LinkFrame.Of(FrameType.Event, new CardReaderEvent(ReaderState.Open(Atr, 0x2B, follows: 0x2A)))),
        ("T", LinkFrame.Of(FrameType.Event, new CardReaderEvent(ReaderState.Empty))),
        ("S", LinkFrame.Of(FrameType.Bye, new Bye(ByeReason.GoingAway, "Shutting down"))),
    ];

    [Fact]
    public void Every_frame_of_the_document_is_what_is_sent()
    {
        var lines = Lines();

        Assert.Equal(Expected.Length, lines.Count);
        foreach (var ((side, frame), line) in Expected.Zip(lines))
        {
            Assert.Equal($"{side} {frame.Type}", $"{line.Groups["side"].Value} {line.Groups["type"].Value}");
            Assert.Equal(Bytes.FromHex(line.Groups["octets"].ValueSpan), Bytes.Of(frame));
            Assert.Equal(frame, Bytes.FromHex(line.Groups["octets"].ValueSpan).Read<LinkFrame>());
        }
    }

    [Fact]
    public void Each_side_takes_the_frames_of_the_document()
    {
        var heard = new Dictionary<string, bool>(StringComparer.Ordinal) { ["S"] = false, ["T"] = false };
        foreach (var (side, frame) in Expected)
        {
            var (receiver, other) = side is "T" ? (LinkRole.Server, LinkRole.Terminal) : (LinkRole.Terminal, LinkRole.Server);

            Assert.True(receiver.MayReceive(heard[side], frame.Type));
            if (frame.Type is not (FrameType.Hello or FrameType.Bye))
            {
                Assert.False(receiver.MayReceive(greeted: false, frame.Type));
                Assert.False(other.MayReceive(greeted: true, frame.Type));
            }

            heard[side] = true;
        }

        Assert.False(LinkRole.Server.MayReceive(greeted: true, FrameType.Hello));
        Assert.False(LinkRole.Server.MayReceive(greeted: true, FrameType.Voice));
        Assert.False(LinkRole.Terminal.MayReceive(greeted: true, FrameType.Voice));
    }

    private static IReadOnlyList<Match> Lines([CallerFilePath] string here = "")
    {
        var document = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "protocols", "link.md");
        var block = Block().Match(File.ReadAllText(document)).Groups["block"].Value;
        return [.. Line().Matches(block).Cast<Match>()];
    }

    [GeneratedRegex("^```frames\n(?<block>.+?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("^(?<side>[ST]) (?<type>\\w+) +(?<octets>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}

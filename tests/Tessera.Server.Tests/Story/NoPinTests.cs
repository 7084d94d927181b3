using System.Text;
using Tessera.Story;
using Tessera.Story.People;
using Tessera.Toolkit;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Story;

/// <summary>All that leaves a terminal and all that is kept, searched for the PIN that was entered.</summary>
public class NoPinTests
{
    private static readonly string[] Forms =
    [
        Convert.ToHexString(Encoding.ASCII.GetBytes(Person.Pin)),
        Convert.ToHexString(Encoding.Unicode.GetBytes(Person.Pin)),
        Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(Person.Pin)),
        "313233343536FFFF",
        Person.Pin,
    ];

    public static TheoryData<string> Roads => ["rich", "text"];

    [Theory]
    [MemberData(nameof(Roads))]
    public async Task No_pin_anywhere(string road)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await StoryWorld.CreateAsync(
            road is "rich" ? TerminalProfile.Rich : TerminalProfile.TextOnly, cancel);
        world.KeepsFiles = true;

        var outcome = await world.PlayAsync(cancel);

        Assert.Empty(outcome.Faults);
        Assert.Equal(1, world.Person.Attempts);
        var lunch = world.Recorder.Find("Lunch"u8);
        Assert.Contains(lunch, where => where.StartsWith("FrameDown", StringComparison.Ordinal));
        Assert.Contains(lunch, where => where.EndsWith(".db-wal", StringComparison.Ordinal));
        Assert.Contains(world.Recorder.Find("TSJ"u8), where => where.EndsWith(".journal", StringComparison.Ordinal));
        if (road is "rich")
            Assert.Contains(world.Recorder.Find("50.00 came from your bank."u8), where => where is "page");
        foreach (var form in Forms) Assert.Empty(world.Recorder.Find(Bytes.FromHex(form).Span));
    }

    [Fact]
    public void The_recorder_finds_a_pin_that_is_there()
    {
        var recorder = new Recorder();
        recorder.Take("frame", Bytes.FromHex("0020008008 313233343536FFFF"));
        recorder.Take("text", $"typed {Person.Pin}");
        recorder.Take("digits", Bytes.FromHex("01 123456 FF"));
        recorder.Take("nothing", "654321");

        Assert.Equal(["frame", "text"], recorder.Find(Bytes.FromHex(Forms[0]).Span));
        Assert.Equal(["frame"], recorder.Find(Bytes.FromHex("313233343536FFFF").Span));
        Assert.Equal(["digits"], recorder.Find(Bytes.FromHex(Person.Pin).Span));
    }
}

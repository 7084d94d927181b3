using System.Buffers;
using System.Runtime.CompilerServices;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Frames;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>The worked octets of docs/protocols/serial.md §7.</summary>
public sealed class WorkedSerialTests
{
    private readonly SerialEnd _device = new(SerialSide.Device, new SerialOptions());
    private readonly SerialEnd _telephone = new(SerialSide.Telephone, new SerialOptions());
    private readonly List<string> _said = [];

    [Fact]
    public void Two_ends_say_every_octet_of_the_document()
    {
        _device.Open(0x1A2B, default);
        Say("D Open", _device, _telephone);
        Assert.True(_telephone.Accept(0x1A2B, default));
        Say("T Accept", _telephone, _device);
        Say("D Ack", _device, _telephone);
        _device.Write([0x11, 0x7E, 0x41]);
        Say("D Data", _device, _telephone);
        _telephone.Write([0x42]);
        Say("T Data", _telephone, _device);
        _device.Finish();
        Say("D Finish", _device, _telephone);
        _telephone.Finish();
        Say("T Finish", _telephone, _device);
        Say("D Ack", _device, _telephone);

        Assert.Equal(Lines(), _said, StringComparer.Ordinal);
        Assert.Equal((SerialEnding.Finished, SerialEnding.Finished), (_device.Ending, _telephone.Ending));
        Assert.Equal((1, 3), (_device.Ready, _telephone.Ready));
    }

    private void Say(string what, SerialEnd from, SerialEnd to)
    {
        var output = new ArrayBufferWriter<byte>();
        from.Collect(output, default);
        _said.Add($"{what} {new Bytes(output.WrittenMemory)}");
        for (var at = 0; at < output.WrittenCount;) at += to.Hear(output.WrittenSpan[at..], default);
    }

    private static IEnumerable<string> Lines([CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "protocols", "serial.md");
        return File.ReadLines(path).SkipWhile(line => line is not "```octets").Skip(1).TakeWhile(line => line is not "```")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => $"{words[0]} {words[1]} {string.Concat(words[2..])}");
    }
}

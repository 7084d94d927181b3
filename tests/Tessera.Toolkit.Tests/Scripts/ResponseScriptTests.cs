using Tessera.Cards;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

public class ResponseScriptTests
{
    [Fact]
    public void The_worked_responses_hold()
    {
        Assert.NotEmpty(WorkedScripts.Responses);
        foreach (var octets in WorkedScripts.Responses)
            WireFormat.Holds(octets.Read<ResponseScript>(), octets.ToString());
    }

    [Fact]
    public void A_stopped_answer_says_where_and_why()
    {
        var stopped = WorkedScripts.Responses[1].Read<ResponseScript>();

        Assert.Equal(new ScriptHead(1, 0x2A, 1), stopped.Head);
        Assert.Equal(1, stopped.Executed);
        Assert.Equal(new Stopped(StopReason.UnexpectedStatus, 3), stopped.Stopped);
        Assert.Equal((byte?)1, ((ToolkitResult)stopped.Results[0]).Item);
        Assert.Equal(2, ((CardResult)stopped.Results[1]).Answer.Status.TriesLeft);
    }

    [Fact]
    public void Refusals_hold()
    {
        WireFormat.Holds(ResponseScript.Refusing(FormatError.Head, null), "AB06 800100 900105");
        WireFormat.Holds(
            ResponseScript.Refusing(FormatError.TooDeep, new ScriptHead(1, 2, 3)), "AB0C C00401000203 800100 900106");
        WireFormat.Holds(
            ResponseScript.Refusing(StopReason.SessionNotOpen, new ScriptHead(1, 2, 3)), "AB0D C00401000203 800100 C8020800");
    }

    [Fact]
    public void Every_result_holds()
    {
        var text = new ComprehensionTlv(0x8D, TextString.Encode("Ole"));
        WireFormat.Holds(
            new ResponseScript(new ScriptHead(1, 2, 3), 256,
            [
                new ToolkitResult(4, GeneralResult.Success, [text]),
                new CardResult(new ResponseApdu(Bytes.FromHex("0102"), StatusWord.Success)),
                new ToolkitResult(9, GeneralResult.UserRefused, []),
            ]),
            "AB1E C00401000203 80020100 C708 0400 8D04044F6C65 2304 01029000 C702 0922");
    }

    [Theory]
    [InlineData("AB00")]
    [InlineData("AB02 8000")]
    [InlineData("AB04 80020001")]
    [InlineData("AB05 8003000001")]
    [InlineData("AB06 C00401000203")]
    [InlineData("AB08 C003010002 800100")]
    [InlineData("AB06 800100 230190")]
    [InlineData("AB06 800100 C70101")]
    [InlineData("AB06 800100 C80101")]
    [InlineData("AB08 800100 C803010200")]
    [InlineData("AB09 800100 90020101 00")]
    [InlineData("AB07 800100 22029000")]
    [InlineData("AB0B 800100 C8020101 23029000")]
    [InlineData("AB09 800100 900101 900101")]
    [InlineData("AA03 800100")]
    public void Refuses_other_answers(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<ResponseScript>());

    [Fact]
    public void Refuses_more_than_8192_octets()
    {
        var results = Enumerable.Repeat<ScriptResult>(
            new CardResult(new ResponseApdu(new Bytes(new byte[250]), StatusWord.Success)), 33);
        var octets = Bytes.Of(new ResponseScript(null, 33, results.ToSequence()));

        Assert.Throws<WireFormatException>(() => octets.Read<ResponseScript>());
    }

    [Fact]
    public void Noise_is_refused_or_reads_and_writes_alike()
    {
        var random = new Random(23);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = Worked[random.Next(Worked.Count)].ToArray();
            for (var flips = random.Next(4); flips >= 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(new Bytes(octets), Bytes.Of(new Bytes(octets).Read<ResponseScript>()));
            }
            catch (WireFormatException)
            {
                // What noise deserves.
            }
        }
    }

    private static readonly IReadOnlyList<Bytes> Worked = WorkedScripts.Responses;
}

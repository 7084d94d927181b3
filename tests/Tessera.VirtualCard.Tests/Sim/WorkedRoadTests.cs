using Tessera.Cards;
using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The worked example of docs/protocols/sms.md §8, octet for octet between phone and SIM.</summary>
public sealed class WorkedRoadTests : IDisposable
{
    private readonly IReadOnlyList<IReadOnlyList<(string Name, Bytes Octets)>> _blocks =
        ProtocolExample.Read("sms.md", "sms");

    private readonly TestCard _sim =
        TestCard.Open(EarlierImage.Of(TestSim.NewImage()), new ScriptedRandom("A9AAABACADAEAFB0"));
    private readonly Gateway _gateway = new();

    public void Dispose()
    {
        _sim.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Card_and_phone_say_what_the_document_says()
    {
        Assert.Equal(3, _blocks.Count);
        foreach (var block in _blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (!IsCommand(block[i])) continue;
                Assert.Equal($"{block[i].Name} {block[i + 1].Octets}", $"{block[i].Name} {Send(block[i].Octets)}");
            }
        }
    }

    [Fact]
    public void The_opening_of_the_document_is_in_its_message()
    {
        var block = _blocks[1];
        var opening = block.Named("opening");

        Assert.Equal(opening, Opened(block.Named("SUBMIT"), block.Named("packet")));
        Assert.Equal(opening, Bytes.Of(opening.Read<Opening>()));
        Assert.Equal(block.Named("SUBMIT"), Submit(block.Named("SEND")));
    }

    [Fact]
    public void Script_and_answer_of_the_document_are_in_their_messages()
    {
        var block = _blocks[2];

        Assert.Equal(block.Named("packet down"), _gateway.Wrap(block.Named("script")));
        var deliver = block.Named("DELIVER").Read<SmsDeliver>();
        Assert.Equal(block.Named("packet down"), deliver.UserData.Content);
        Assert.Equal(block.Named("ENVELOPE"), Bytes.FromHex(Gateway.Envelope(deliver.UserData)));
        Assert.Equal(block.Named("answer"), Opened(block.Named("SUBMIT"), block.Named("packet up")));
        Assert.Equal(block.Named("SUBMIT"), Submit(block.Named("SEND")));
        Assert.Null(block.Named("answer").Read<ResponseScript>().End);
    }

    /// <summary>A command of class A0, answered by the line after it.</summary>
    private static bool IsCommand((string Name, Bytes Octets) line) => line.Octets.Span[0] == 0xA0;

    private Bytes Send(Bytes command) => _sim.Os.Transmit(command.Span);

    private static Bytes Submit(Bytes fetched) =>
        fetched.Read<ResponseApdu>().Data.Read<ProactiveCommand>().Find(ObjectTag.SmsTpdu)!.Value;

    private Bytes Opened(Bytes submit, Bytes packet)
    {
        var message = submit.Read<SmsSubmit>();
        Assert.Equal(message.UserData, Assert.Single(Segmenter.Command(packet, 0)));
        using var keys = _gateway.UpKeys;
        return CommandPacket.Unwrap(packet.Span, keys)!.Data;
    }
}

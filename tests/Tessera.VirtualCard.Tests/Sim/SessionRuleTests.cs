using Tessera.Cards;
using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>Never twice, only in open sessions, and what phones do wrong (docs/protocols/script.md §6, sms.md §5).</summary>
public sealed class SessionRuleTests : IDisposable
{
    private readonly SimWorld _world = new();

    public void Dispose() => _world.Dispose();

    private string Stop => $"{_world.Gateway.LastAnswer.Stopped?.Reason}";

    [Fact]
    public void The_same_script_again_gets_the_stored_answer_and_moves_nothing()
    {
        var opening = _world.Open();
        var script = Bytes.Of(Shop.Purchase(opening));
        _world.Send(script);
        var (first, asked) = (_world.Gateway.Received[^1], _world.Phone.Commands.Count);
        _world.Send(script);

        Assert.Equal(first, _world.Gateway.Received[^1]);
        Assert.Equal(asked + 1, _world.Phone.Commands.Count);
        _world.Phone.SwitchOn();
        _world.Send(script);
        Assert.Equal(first, _world.Gateway.Received[^1]);
        Assert.Equal(4680u, _world.Balance.Balance);
    }

    [Fact]
    public void Another_script_under_a_used_number_or_a_lower_one_is_refused()
    {
        var session = _world.Open().Session;
        _world.Send(SimWorld.Showing(session, 2));
        _world.Send(SimWorld.Showing(session, 2, "other"));
        Assert.Equal("NumberUsed", Stop);
        _world.Send(SimWorld.Showing(session, 1));
        Assert.Equal("NumberUsed", Stop);
    }

    [Fact]
    public void A_session_ends_with_the_power_and_with_a_newer_opening()
    {
        var first = _world.Open().Session;
        var second = _world.Open().Session;
        _world.Send(SimWorld.Showing(first, 1));
        Assert.Equal("SessionNotOpen", Stop);
        _world.Send(SimWorld.Showing(second, 1));
        Assert.Null(_world.Gateway.LastAnswer.End);
        _world.Phone.SwitchOn();
        _world.Send(SimWorld.Showing(second, 2));
        Assert.Equal("SessionNotOpen", Stop);
    }

    [Fact]
    public void A_script_cut_by_the_power_is_answered_as_interrupted()
    {
        var script = SimWorld.Showing(_world.Open().Session, 1);
        var envelope = Assert.Single(Gateway.Envelopes(_world.Gateway.Wrap(script)));
        Assert.StartsWith("91", _world.Sim.Send(envelope), StringComparison.Ordinal);
        _world.Phone.SwitchOn();
        _world.Send(script);

        Assert.Equal("Interrupted", Stop);
    }

    [Fact]
    public void While_a_command_is_out_the_card_is_busy_for_all_messages_and_items()
    {
        var session = _world.Open().Session;
        var envelope = Assert.Single(Gateway.Envelopes(_world.Gateway.Wrap(SimWorld.Showing(session, 1))));
        var second = Assert.Single(Gateway.Envelopes(_world.Gateway.Wrap(SimWorld.Showing(session, 2))));

        Assert.StartsWith("91", _world.Sim.Send(envelope), StringComparison.Ordinal);
        Assert.Equal("9300", _world.Sim.Send(second));
        Assert.Equal("9300", _world.Sim.Send("A0C2000009D30782020181900101"));
        Assert.StartsWith("91", _world.Phone.Poll(), StringComparison.Ordinal);
        Assert.Equal(2, _world.Gateway.Received.Count);
        Assert.StartsWith("91", Assert.Single(_world.Phone.Deliver([second])), StringComparison.Ordinal);
        Assert.Equal((byte)2, _world.Gateway.LastAnswer.Head!.Value.Number);
    }

    [Fact]
    public void A_script_that_is_none_is_answered_with_its_error()
    {
        _world.Open();
        _world.Send(Bytes.FromHex("AA03C00101"));

        Assert.NotNull(_world.Gateway.LastAnswer.BadFormat);
    }

    [Fact]
    public void Telephony_files_are_out_of_reach_of_scripts()
    {
        var session = _world.Open().Session;
        string[] attempts =
        [
            "A0A40000023F00", "A0A40000027F20", "A0B0000009", "A0C0000016", "A0F2000016", "A020000108313233344FFFFFFF",
            "00A40000023F00", "00A40000027F10", "00A40004023F00", "00A40804047F206F07",
            "00A4040002A000", "00A4040007A0000000871002", "00B0000009", "00B2010C00", "80F2000016", "8010000001FF",
            "8012000010", "80C2000003D30100", "A012000010", "A014000003030100", "A088000010" + new string('0', 32),
            "00200001083132333400000000", "01A4040009F05445535345524101",
        ];
        byte number = 0;
        foreach (var attempt in attempts)
        {
            var script = new ScriptBuilder().Send(Bytes.FromHex(attempt).Read<CommandApdu>()).Build(session, ++number);
            _world.Send(Bytes.Of(script));

            Assert.Equal(new ScriptHead(1, session, number), _world.Gateway.LastAnswer.Head);
            Assert.True(Stop is "NotAllowed" or "PinRule", $"{attempt}: {Stop}");
            Assert.Equal(0, _world.Gateway.LastAnswer.Executed);
        }
    }

    [Fact]
    public void What_a_script_selects_is_not_what_the_phone_selected()
    {
        _world.Sim.Select("7F20", "6F07");
        _world.Sim.Send("00A4040009F0544553534552410200");
        _world.Send(Bytes.Of(Shop.Purchase(_world.Open())));

        Assert.Equal("0809101000000000109000", _world.Sim.Send("A0B0000009"));
        Assert.Equal("010001029000", _world.Sim.Send("8060000000"));
        Assert.Equal(4680u, _world.Balance.Balance);
    }

    [Theory]
    [InlineData("8103022100 82028281 830100")]
    [InlineData("8103012400 82028281 830100")]
    [InlineData("8103012100 82028281")]
    [InlineData("8103012100")]
    [InlineData("8103012100 82028281 8300")]
    [InlineData("8103012100 82028281 830100 8D")]
    [InlineData("00")]
    [InlineData("FFFFFFFFFFFF")]
    public void A_response_that_is_none_counts_as_not_performed(string response)
    {
        var session = _world.Open().Session;
        var envelopes = Gateway.Envelopes(_world.Gateway.Wrap(SimWorld.Showing(session, 1)));
        var status = _world.Sim.Send(Assert.Single(envelopes));
        _world.Sim.Send($"A0120000{status[2..]}");
        _world.Phone.Exchange(Gateway.Command(0x14, Bytes.FromHex(response)));

        Assert.Equal("NotCapable", Stop);
        _world.Send(SimWorld.Showing(session, 2));
        Assert.Null(_world.Gateway.LastAnswer.End);
    }

    [Fact]
    public void FETCH_and_TERMINAL_RESPONSE_out_of_turn_change_nothing()
    {
        var session = _world.Open().Session;
        Assert.Equal("6F00", _world.Sim.Send("A014000003830100"));
        var envelopes = Gateway.Envelopes(_world.Gateway.Wrap(SimWorld.Showing(session, 1)));
        var status = _world.Sim.Send(Assert.Single(envelopes));
        Assert.Equal("6F00", _world.Sim.Send("A014000003830100"));
        Assert.Equal($"67{status[2..]}", _world.Sim.Send("A012000005"));
        var fetched = _world.Sim.Send($"A0120000{status[2..]}");
        Assert.Equal(fetched, _world.Sim.Send($"A0120000{status[2..]}"));
        Assert.EndsWith("9000", fetched, StringComparison.Ordinal);

        _world.Phone.Exchange(Gateway.Command(0x14, Bytes.FromHex("8103012100 82028281 830100")));
        Assert.Null(_world.Gateway.LastAnswer.End);
    }

    [Fact]
    public void A_message_the_network_does_not_take_is_tried_three_times_and_the_answer_stays()
    {
        var session = _world.Open().Session;
        _world.Phone.Network = _ => GeneralResult.NetworkBusy;
        _world.Send(SimWorld.Showing(session, 1));
        Assert.Equal("9000", _world.Sim.Send("A0FA000000"));
        Assert.StartsWith("91", _world.Phone.Poll(), StringComparison.Ordinal);
        Assert.StartsWith("91", _world.Phone.Poll(), StringComparison.Ordinal);
        Assert.Equal("9000", _world.Phone.Poll());
        Assert.Single(_world.Gateway.Received);

        _world.Phone.Network = _ => GeneralResult.Success;
        _world.Send(SimWorld.Showing(session, 1));
        Assert.Null(_world.Gateway.LastAnswer.End);
    }

    [Fact]
    public void An_opening_whose_script_has_come_is_not_sent_again_though_the_phone_said_it_failed()
    {
        _world.Phone.Network = _ => GeneralResult.NetworkBusy;
        _world.Phone.Choose(1);
        _world.Phone.Network = _ => GeneralResult.Success;
        _world.Send(SimWorld.Showing(1, 1));

        Assert.Equal("9000", _world.Phone.Poll());
        Assert.Single(_world.Gateway.Received);
        Assert.Null(_world.Gateway.LastAnswer.End);
    }

    [Fact]
    public void A_message_cut_in_its_parts_is_made_anew_under_a_new_counter()
    {
        var session = _world.Open().Session;
        var text = new string('x', 200);
        _world.Phone.Holder = command => TerminalResponse.Entered(command, text);
        _world.Phone.Network = sent => sent == 2 ? GeneralResult.TerminalBusy : GeneralResult.Success;
        var script = new ScriptBuilder().Perform(ProactiveCommand.GetInput("?", 1, 255, InputQualifier.Letters));
        _world.Send(Bytes.Of(script.Build(session, 1)));
        Assert.Single(_world.Gateway.Received);

        _world.Phone.Network = _ => GeneralResult.Success;
        _world.Phone.Poll();
        Assert.Equal(text, ((ToolkitResult)_world.Gateway.LastAnswer.Results[0]).Text);
        var parts = _world.Phone.Commands.Where(command => command.Type == CommandType.SendShortMessage)
            .Select(command => command.Find(ObjectTag.SmsTpdu)!.Value.Read<SmsSubmit>().UserData.Header.Concatenation)
            .OfType<Concatenation>().Select(part => (part.Reference, part.Number));
        Assert.Equal([(2, 1), (2, 2), (3, 1), (3, 2)], parts.Select(part => ((int)part.Reference, (int)part.Number)));
    }

    [Fact]
    public void Sessions_are_counted_from_1_and_1_follows_FFFF()
    {
        var image = Support.TestCard.WithCells(Shop.LoadedImage(), (CellId.Journal, Bytes.FromHex("FFFE00")));
        using var world = new SimWorld(image);

        Assert.Equal([0xFFFF, 1], new[] { world.Open().Session, world.Open().Session }.Select(session => (int)session));
        world.Send(SimWorld.Showing(1, 1));
        Assert.Null(world.Gateway.LastAnswer.End);
    }

    [Fact]
    public void A_card_whose_counters_are_used_up_sends_nothing()
    {
        var image = Support.TestCard.WithCells(Shop.LoadedImage(), (CellId.UpCounter, Bytes.FromHex("FFFFFFFFFE")));
        using var world = new SimWorld(image);
        world.Open();
        world.Phone.Choose(1);

        Assert.Single(world.Gateway.Received);
        Assert.Equal("9000", world.Phone.Poll());
    }

    [Fact]
    public void Before_TERMINAL_PROFILE_the_card_takes_no_message()
    {
        var session = _world.Open().Session;
        _world.Sim.Os.Reset();
        var envelope = Assert.Single(Gateway.Envelopes(_world.Gateway.Wrap(SimWorld.Showing(session, 1))));

        Assert.Equal("9300", _world.Sim.Send(envelope));
        _world.Phone.SwitchOn();
        Assert.StartsWith("91", Assert.Single(_world.Phone.Deliver([envelope])), StringComparison.Ordinal);
        Assert.Equal("SessionNotOpen", Stop);
    }
}

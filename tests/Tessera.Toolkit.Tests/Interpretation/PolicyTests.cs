using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.1: full AIDs of an allow-list, and the commands on the list of each.</summary>
public class PolicyTests
{
    private const string Piv = "A000000308000010000100";

    [Theory]
    [InlineData("80500000 08 0102030405060708 00")]
    [InlineData("805A0000 0C 010203040506070800000001 00")]
    [InlineData("805C0000 00")]
    [InlineData("805E0000")]
    [InlineData("00B20104 00")]
    [InlineData("00B21404 00")]
    [InlineData("0020FF80")]
    [InlineData("00A40400 09 F05445535345524101 00")]
    [InlineData("00A40400 09 F05445535345524102")]
    [InlineData("00A40400 0B A000000308000010000100 00")]
    public void The_purse_takes_its_commands(string apdu) => Passes(AppletPolicies.Purse, apdu);

    [Theory]
    [InlineData("80600000 00")]
    [InlineData("80620007 08 0102030405060708 00")]
    [InlineData("80640007 0A 0001A1A2A3A4A5A6A7A8")]
    [InlineData("80620107 08 0102030405060708 00")]
    [InlineData("80640107 0A 0001A1A2A3A4A5A6A7A8")]
    [InlineData("80660107 0C 0001A1A2A3A4A5A6A7A80181")]
    public void The_store_takes_its_commands(string apdu) => Passes(AppletPolicies.Store, apdu);

    [Theory]
    [InlineData("00CB3FFF 05 5C035FC105 00")]
    [InlineData("00CB3FFF 05 5C035FC102 00")]
    [InlineData("00CB3FFF 03 5C017E 00")]
    public void PIV_shows_what_everybody_may_read(string apdu) => Passes(AppletPolicies.Piv, apdu);

    [Theory]
    // Not on the list at all, or on that of another application.
    [InlineData("00B00000 00")]
    [InlineData("00D60000 01 00")]
    [InlineData("80F24000 02 4F00 00")]
    [InlineData("80E60C00 01 00")]
    [InlineData("80600000 00")]
    [InlineData("00CB3FFF 05 5C035FC105 00")]
    [InlineData("0087119C 04 7C028100 00")]
    // Class: chaining, secure messaging in all its forms, logical channels, proprietary for interindustry and back.
    [InlineData("905C0000 00")]
    [InlineData("845C0000 00")]
    [InlineData("8C5C0000 00")]
    [InlineData("885C0000 00")]
    [InlineData("815C0000 00")]
    [InlineData("835C0000 00")]
    [InlineData("C05C0000 00")]
    [InlineData("E05C0000 00")]
    [InlineData("005C0000 00")]
    [InlineData("80B20104 00")]
    [InlineData("FF5C0000 00")]
    // Parameters and lengths.
    [InlineData("805C0100 00")]
    [InlineData("805C0001 00")]
    [InlineData("805C0000 01 00 00")]
    [InlineData("80500000 07 01020304050607 00")]
    [InlineData("80500000 09 010203040506070809 00")]
    [InlineData("80500001 08 0102030405060708 00")]
    [InlineData("805A0000 08 0102030405060708 00")]
    [InlineData("00B20004 00")]
    [InlineData("00B21504 00")]
    [InlineData("00B2010C 00")]
    [InlineData("0020FF80 01 00")]
    [InlineData("0020FF81")]
    // SELECT: partial AID, longer AID, foreign AID, empty, by file id, by path, first/next occurrence, no answer, channels.
    [InlineData("00A40400 08 F054455353455241 00")]
    [InlineData("00A40400 05 F054455353 00")]
    [InlineData("00A40400 0A F0544553534552410100 00")]
    [InlineData("00A40400 09 F05445535345524103 00")]
    [InlineData("00A40400 07 A0000000041010 00")]
    [InlineData("00A40400 09 A00000030800001000 00")]
    [InlineData("00A40400 08 A000000003000000 00")]
    [InlineData("00A40400 10 A0000000871002FF49FF0589FFFFFFFF 00")]
    [InlineData("00A40400 00")]
    [InlineData("00A40000 02 3F00 00")]
    [InlineData("00A40004 02 6F07")]
    [InlineData("00A40800 04 7F206F07 00")]
    [InlineData("00A40100 02 7F20 00")]
    [InlineData("00A40200 02 6F07 00")]
    [InlineData("00A40300 00")]
    [InlineData("00A40402 09 F05445535345524101 00")]
    [InlineData("00A40401 09 F05445535345524101 00")]
    [InlineData("00A4040C 09 F05445535345524101")]
    [InlineData("01A40400 09 F05445535345524101 00")]
    [InlineData("10A40400 09 F05445535345524101 00")]
    [InlineData("40A40400 09 F05445535345524101 00")]
    [InlineData("80A40400 09 F05445535345524101 00")]
    [InlineData("A0A40000 02 3F00")]
    [InlineData("00700000 01")]
    [InlineData("00708001")]
    public void The_purse_takes_no_other(string apdu) => Refused(AppletPolicies.Purse, apdu);

    [Theory]
    [InlineData("80620000 08 0102030405060708 00")]
    [InlineData("80600100 00")]
    [InlineData("80620207 08 0102030405060708 00")]
    [InlineData("80660007 0B 0001A1A2A3A4A5A6A7A801")]
    [InlineData("80660000 0C 0001A1A2A3A4A5A6A7A80181")]
    [InlineData("80640007 09 0001A1A2A3A4A5A6A7")]
    [InlineData("80640000 0A 0001A1A2A3A4A5A6A7A8")]
    [InlineData("805C0000 00")]
    public void The_store_takes_no_other(string apdu) => Refused(AppletPolicies.Store, apdu);

    [Theory]
    // What the holder's PIN guards: fingerprints, face, printed information; objects beside the list; several at once.
    [InlineData("00CB3FFF 05 5C035FC103 00")]
    [InlineData("00CB3FFF 05 5C035FC108 00")]
    [InlineData("00CB3FFF 05 5C035FC109 00")]
    [InlineData("00CB3FFF 05 5C047F61 00")]
    [InlineData("00CB3FFF 04 5C025FC1 00")]
    [InlineData("00CB3FFF 03 5C015F 00")]
    [InlineData("00CB3F00 05 5C035FC105 00")]
    // Raw signatures, decipherment, key generation, writing, administration.
    [InlineData("0087119C 26 7C24820081200000000000000000000000000000000000000000000000000000000000000000 00")]
    [InlineData("0087119A 04 7C028100 00")]
    [InlineData("1087079C 04 7C820106")]
    [InlineData("0087119D 04 7C028200 00")]
    [InlineData("0087039B 04 7C028100 00")]
    [InlineData("0047009A 05 AC03800111 00")]
    [InlineData("00DB3FFF 05 5C035FC105")]
    [InlineData("00FB0000")]
    [InlineData("00F70000 00")]
    public void PIV_takes_no_other(string apdu) => Refused(AppletPolicies.Piv, apdu);

    [Theory]
    [InlineData("805C0000 00")]
    [InlineData("0020FF80")]
    [InlineData("00B20104 00")]
    [InlineData("80600000 00")]
    public void Before_a_SELECT_nothing_but_SELECT(string apdu) => Refused(null, apdu);

    [Fact]
    public void A_SELECT_that_fails_leaves_nothing_selected()
    {
        var stage = new Stage { Card = command => Stage.Answer(command.Ins == 0xA4 ? "6A82" : "9000") };

        stage.Stops(
            new ScriptBuilder().ExpectAnything().Send(StoreCommands.Select).Send(PurseCommands.Balance, out var step),
            StopReason.NotAllowed, step);
    }

    [Fact]
    public void A_SELECT_moves_on_to_the_other_list()
    {
        var stage = new Stage { Situation = CardSituation.Inserted(false) };

        stage.Stops(
            new ScriptBuilder().Send(PurseCommands.Select).Send(PurseCommands.Balance).Send(StoreCommands.Select)
                .Send(new CommandApdu(0x80, 0x60, 0, 0, Le: 256)).Send(PurseCommands.Balance, out var step),
            StopReason.NotAllowed, step);

        Assert.Equal(5, stage.Sent.Count);
    }

    [Fact]
    public void A_SELECT_put_together_by_modifiers_is_still_a_full_AID()
    {
        var prefix = new CommandApdu(0x00, 0xA4, 0x04, 0x00, Bytes.FromHex("F0544553"), Le: 256);
        var whole = new Stage { Situation = CardSituation.Inserted(false) };
        var foreign = new Stage { Situation = CardSituation.Inserted(false) };
        foreign.Holder = perform => perform.Prompt is null ? Stage.Chosen(perform, 2) : Stage.Agree(perform);

        Assert.Null(whole.Play(Choosing()).Stopped);
        foreign.Stops(Choosing(), StopReason.NotAllowed, 3);
        Assert.Empty(foreign.Sent);

        ScriptBuilder Choosing() => new ScriptBuilder()
            .Perform(Toolkit.Commands.ProactiveCommand.SelectItem("?", "a", "b"))
            .Pick(4, Bytes.FromHex("5345524101"), Bytes.FromHex("5345524109"))
            .Send(prefix);
    }

    [Fact]
    public void A_SIM_reaches_purse_and_store_only()
    {
        var stage = new Stage { Rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone) };

        stage.Stops(
            new ScriptBuilder().Send(new CommandApdu(0x00, 0xA4, 0x04, 0x00, Bytes.FromHex(Piv), Le: 256)),
            StopReason.NotAllowed, 1);
    }

    private static void Passes(AppletPolicy selected, string apdu)
    {
        var stage = new Stage { Situation = new CardSituation(selected, Stage.Euro, false) };
        var command = Bytes.FromHex(apdu).Read<CommandApdu>();

        Assert.Null(stage.Play(new ScriptBuilder().Send(command)).Stopped);
        Assert.Equal(Bytes.FromHex(apdu).ToString(), stage.Sent[0]);
    }

    private static void Refused(AppletPolicy? selected, string apdu)
    {
        var stage = new Stage { Situation = new CardSituation(selected, Stage.Euro, false) };
        var command = Bytes.FromHex(apdu).Read<CommandApdu>();

        Assert.Equal(new Stopped(StopReason.NotAllowed, 1), stage.Play(new ScriptBuilder().Send(command)).Stopped);
        Assert.Empty(stage.Sent);
    }
}

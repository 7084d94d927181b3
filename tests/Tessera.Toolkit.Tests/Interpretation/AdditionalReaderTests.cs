using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.10: a second card and the battery, by the commands of ETSI TS 102 223.</summary>
public class AdditionalReaderTests
{
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private static readonly TerminalProfile Profile = TerminalProfile.TextOnly.WithAdditionalReader().WithBattery();

    [Fact]
    public void The_commands_hold()
    {
        WireFormat.Holds(ProactiveCommand.PowerOnCard(), "D009 8103013100 82028110");
        WireFormat.Holds(ProactiveCommand.PowerOffCard(7), "D009 8103013200 82028117");
        WireFormat.Holds(ProactiveCommand.GetReaderStatus(), "D009 8103013300 82028182");
        WireFormat.Holds(ProactiveCommand.ProvideBatteryState(), "D009 810301260A 82028182");
        WireFormat.Holds(
            ProactiveCommand.PerformCardApdu(StoreCommands.List, reader: 1), "D010 8103013000 82028111 A205 8060000000");
        Assert.Throws<ArgumentOutOfRangeException>(() => ProactiveCommand.PowerOnCard(8));
    }

    [Fact]
    public void The_answers_hold()
    {
        var perform = ProactiveCommand.PerformCardApdu(StoreCommands.List);
        var answered = AdditionalReader.Answered(perform, new ResponseApdu(Bytes.FromHex("010002"), StatusWord.Success));
        var reported = AdditionalReader.Reports(
            ProactiveCommand.GetReaderStatus(), CardReaderStatus.Of(0, true, true), CardReaderStatus.Of(1, true, false));

        Same(answered, "8103013000 82028281 830100 A305 0100029000");
        Same(reported, "8103013300 82028281 830100 A001F0 A00171");
        Same(
            AdditionalReader.PoweredOn(ProactiveCommand.PowerOnCard(), Bytes.FromHex("3B80")),
            "8103013100 82028281 830100 A1023B80");
        Same(
            AdditionalReader.Failed(ProactiveCommand.PowerOnCard(), ReaderProblem.NoCard), "8103013100 82028281 83023802");
        Same(
            AdditionalReader.Reports(ProactiveCommand.ProvideBatteryState(), BatteryLevel.Good),
            "810301260A 82028281 830100 E30103");

        Assert.Equal("010002", answered.CardAnswer()!.Data.ToString());
        Assert.Equal([(0, true, true), (1, true, false)], reported.Readers().Select(one => (one.Number, one.HasCard, one.IsPowered)));
        Assert.All(reported.Readers(), one => Assert.True(one is { IsPresent: true, TakesId1: true, IsRemovable: false }));
    }

    [Fact]
    public void The_profile_says_what_the_terminal_has()
    {
        Assert.Equal(22, Profile.Octets.Length);
        Assert.Equal((0x0F, 0x02), (Profile.Octets.Span[6], Profile.Octets.Span[21]));
        Assert.True(Profile is { HasAdditionalReader: true, HasBattery: true, Width: 16, Height: 2 });
        Assert.True(TerminalProfile.Phone is { HasAdditionalReader: false, HasBattery: false });
    }

    [Fact]
    public void A_script_reads_from_a_card_in_the_reader_and_asks_about_the_battery()
    {
        var stage = With(Profile);

        var answer = stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.GetReaderStatus(), out var status).Perform(ProactiveCommand.PowerOnCard(), out _)
            .Perform(ProactiveCommand.PerformCardApdu(StoreCommands.Select))
            .Perform(ProactiveCommand.PerformCardApdu(StoreCommands.Read(1, Nonce)), out var read)
            .Perform(ProactiveCommand.PowerOffCard()).Perform(ProactiveCommand.ProvideBatteryState(), out var battery));

        Assert.Null(answer.Stopped);
        Assert.Equal(6, stage.Shown.Count);
        Assert.Empty(stage.Sent);
        Assert.Equal("F0", Found(answer, status, ObjectTag.CardReaderStatus));
        Assert.Equal("C0C1C2C39000", Found(answer, read, ObjectTag.RApdu));
        Assert.Equal("03", Found(answer, battery, ObjectTag.BatteryState));
    }

    [Fact]
    public void The_worked_reading_gives_its_answer()
    {
        var stage = With(Profile);

        Assert.Equal(
            WorkedScripts.Of("readeranswer").Single(),
            Bytes.Of(stage.Play(WorkedScripts.Of("readerscript").Single().Read<CommandScript>())));
    }

    [Fact]
    public void What_the_list_does_not_allow_is_not_sent()
    {
        Refused(StopReason.NotAllowed, ProactiveCommand.PerformCardApdu(StoreCommands.List));
        Refused(StopReason.NotAllowed, ProactiveCommand.PerformCardApdu(PurseCommands.Select));
        Refused(StopReason.NotAllowed, Select, ProactiveCommand.PerformCardApdu(StoreCommands.List, reader: 1));
        Refused(StopReason.NotAllowed, Select, ProactiveCommand.PowerOnCard(), ProactiveCommand.PerformCardApdu(StoreCommands.List));
        Refused(StopReason.NotAllowed, Select, ProactiveCommand.PerformCardApdu(StoreCommands.List with { Cla = 0x84 }));
        Refused(StopReason.NotAllowed, ProactiveCommand.PowerOnCard() with { Destination = Device.Display });
        Refused(StopReason.NotAllowed, ProactiveCommand.PerformCardApdu(StoreCommands.Select) with { Destination = (Device)0x18 });
        Refused(
            StopReason.NotAllowed,
            Select, ProactiveCommand.PerformCardApdu(PurseCommands.Move(MoveKind.Load, MoveTerms.WithoutPin, 0, 1, Nonce)));
        Refused(
            StopReason.PinRule,
            Select, ProactiveCommand.PerformCardApdu(PinCommands.Status with { Data = Bytes.FromHex("313233343536FFFF") }));
        Refused(StopReason.NotCapable, ProactiveCommand.PerformCardApdu(StoreCommands.Select) with { Objects = [] });
        Refused(StopReason.NotCapable, ProactiveCommand.GetReaderStatus() with { Qualifier = 1 });
        Refused(StopReason.NotCapable, ProactiveCommand.ProvideLocalInformation(0x00));
        Refused(StopReason.NotCapable, ProactiveCommand.ProvideLocalInformation(0x01));
    }

    [Fact]
    public void A_card_that_refused_SELECT_has_nothing_selected()
    {
        var stage = With(Profile);
        stage.Holder = perform => new HolderAnswered(AdditionalReader.Answered(
            perform.Command, new ResponseApdu(StatusWord.FileNotFound)));

        stage.Stops(
            new ScriptBuilder().Perform(Select).Perform(ProactiveCommand.PerformCardApdu(StoreCommands.List), out var step),
            StopReason.NotAllowed, step);
    }

    [Fact]
    public void A_terminal_without_them_says_so()
    {
        foreach (var command in new[] { ProactiveCommand.PowerOnCard(), Select, ProactiveCommand.GetReaderStatus(), ProactiveCommand.ProvideBatteryState() })
        {
            var stage = With(TerminalProfile.Phone);
            stage.Stops(new ScriptBuilder().Perform(command, out var step), StopReason.NotCapable, step);
            Assert.Empty(stage.Shown);
        }
    }

    [Fact]
    public void A_reader_that_fails_stops_the_script()
    {
        var stage = With(Profile);
        stage.Holder = perform => new HolderAnswered(AdditionalReader.Failed(perform.Command, ReaderProblem.NoCard));

        var answer = stage.Play(new ScriptBuilder().Perform(ProactiveCommand.PowerOnCard(), out var step));

        Assert.Equal(new Stopped(StopReason.NotCapable, step), answer.Stopped);
        Assert.Equal(GeneralResult.MultipleCardProblem, ((ToolkitResult)Assert.Single(answer.Results)).Result);
    }

    /// <summary>Octets and response are the same; objects may stop anywhere, so a shorter one is another response.</summary>
    private static void Same(TerminalResponse response, string hex)
    {
        Assert.Equal(Bytes.FromHex(hex), Bytes.Of(response));
        Assert.Equal(response, Bytes.FromHex(hex).Read<TerminalResponse>());
    }

    private static ProactiveCommand Select => ProactiveCommand.PerformCardApdu(StoreCommands.Select);

    private static void Refused(StopReason reason, params ProactiveCommand[] commands)
    {
        var stage = With(Profile);
        var script = new ScriptBuilder();
        foreach (var command in commands) script.Perform(command);

        stage.Stops(script, reason, (byte)commands.Length);

        Assert.Equal(commands.Length - 1, stage.Shown.Count);
    }

    private static string? Found(ResponseScript answer, byte step, ObjectTag name) => answer.Results.OfType<ToolkitResult>()
        .Single(result => result.Step == step).Objects.Find(name)?.ToString();

    private static Stage With(TerminalProfile profile) => new()
    {
        Rules = TerminalRules.ForTerminal(Stage.Server, profile),
        Holder = perform => new HolderAnswered(perform.Command.Type switch
        {
            CommandType.GetReaderStatus => AdditionalReader.Reports(perform.Command, CardReaderStatus.Of(0, true, true)),
            CommandType.PowerOnCard => AdditionalReader.PoweredOn(perform.Command, Bytes.FromHex("3B80")),
            CommandType.ProvideLocalInformation => AdditionalReader.Reports(perform.Command, BatteryLevel.Good),
            CommandType.PerformCardApdu => AdditionalReader.Answered(
                perform.Command, new ResponseApdu(Bytes.FromHex("C0C1C2C3"), StatusWord.Success)),
            _ => TerminalResponse.To(perform.Command, GeneralResult.Success),
        }),
    };
}

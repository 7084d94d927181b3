using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.2 and §6.8: what every script leaves behind.</summary>
public class ClosingTests
{
    private static readonly Bytes Nonce = Bytes.FromHex("E1E2E3E4E5E6E7E8");

    private const string Clear = "0020FF80";
    private const string End = "805E0000";
    private const string SelectPurse = "00A4040009F0544553534552410100";

    [Fact]
    public void An_INITIALIZE_of_before_dies_with_the_script()
    {
        var stage = Play(CardSituation.Sim(Stage.Euro, true), new ScriptBuilder().Send(PurseCommands.Balance));

        Assert.Equal(["805C000000", Clear, End], stage.Sent);
        Assert.False(stage.InitializeInForce);
    }

    [Fact]
    public void It_dies_though_no_command_was_sent()
    {
        var stage = Play(CardSituation.Sim(Stage.Euro, true), new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi")));

        Assert.Equal([End], stage.Sent);
    }

    [Fact]
    public void It_dies_though_the_purse_is_not_selected()
    {
        var inserted = Play(CardSituation.Inserted(true), new ScriptBuilder().Perform(ProactiveCommand.DisplayText("hi")));
        var store = Play(CardSituation.Inserted(true), new ScriptBuilder().Send(StoreCommands.Select));

        Assert.Equal([SelectPurse, End], inserted.Sent);
        Assert.Equal([Clear, SelectPurse, End], store.Sent.Skip(1).ToList());
    }

    [Fact]
    public void An_INITIALIZE_of_its_own_outlives_the_script()
    {
        var stage = Play(CardSituation.Sim(Stage.Euro, true),
            new ScriptBuilder().Send(PurseCommands.Balance).Send(PurseCommands.Initialize(Nonce)));

        Assert.Equal(Clear, stage.Sent[^1]);
        Assert.DoesNotContain(End, stage.Sent, StringComparer.Ordinal);
        Assert.True(stage.InitializeInForce);
    }

    [Fact]
    public void One_that_failed_does_not()
    {
        var stage = new Stage
        {
            Situation = CardSituation.Sim(Stage.Euro, true),
            Card = command => Stage.Answer(command.Ins == 0x50 ? "6985" : "9000"),
        };

        stage.Play(new ScriptBuilder().Send(PurseCommands.Initialize(Nonce)));

        Assert.Equal(End, stage.Sent[^1]);
        Assert.False(stage.InitializeInForce);
    }

    [Fact]
    public void A_MOVE_or_an_END_uses_it_up()
    {
        var move = PurseCommands.Move(MoveKind.Adjust, MoveTerms.WithoutPin, 1, 0, Nonce);

        Assert.False(Play(CardSituation.Sim(Stage.Euro, false),
            new ScriptBuilder().Send(PurseCommands.Initialize(Nonce)).Move(move, out _)).InitializeInForce);
        Assert.False(Play(CardSituation.Sim(Stage.Euro, false),
            new ScriptBuilder().Send(PurseCommands.Initialize(Nonce)).Send(PurseCommands.End)).InitializeInForce);
    }

    [Fact]
    public void Without_an_INITIALIZE_there_is_nothing_to_end()
    {
        var stage = Play(CardSituation.Inserted(false), new ScriptBuilder().Send(PurseCommands.Select));

        Assert.Equal([SelectPurse, Clear], stage.Sent);
    }

    [Fact]
    public void It_dies_when_the_holder_ends_the_dialogue_or_the_script_is_refused()
    {
        var stage = new Stage
        {
            Situation = CardSituation.Sim(Stage.Euro, true),
            Holder = perform => Stage.Result(perform, GeneralResult.SessionTerminatedByUser),
        };
        stage.Stops(new ScriptBuilder().VerifyPin(), StopReason.EndedByHolder, 1);
        Assert.Equal([End], stage.Sent);

        Assert.Equal([End], Play(CardSituation.Sim(Stage.Euro, true),
            new ScriptBuilder().Send(PurseCommands.Balance with { Ins = 0x99 })).Sent);
    }

    [Fact]
    public void A_card_that_is_lost_gets_nothing_more()
    {
        var stage = new Stage { Situation = CardSituation.Sim(Stage.Euro, true), Card = _ => StepOutcome.CardLost };

        stage.Stops(new ScriptBuilder().Send(PurseCommands.Balance), StopReason.CardLost, 1);

        Assert.Single(stage.Sent);
    }

    [Fact]
    public void What_closes_a_script_is_no_part_of_its_answer()
    {
        var stage = new Stage { Situation = CardSituation.Sim(Stage.Euro, true) };

        var answer = stage.Play(new ScriptBuilder().Send(PurseCommands.Balance));

        Assert.Equal((1, 1), (answer.Executed, answer.Results.Count));
    }

    private static Stage Play(CardSituation situation, ScriptBuilder script)
    {
        var stage = new Stage { Situation = situation };
        stage.Play(script);
        return stage;
    }
}

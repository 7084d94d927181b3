using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.3: what you see is what you sign.</summary>
public class MoveRuleTests
{
    private static readonly Bytes S2 = Bytes.FromHex("B1B2B3B4B5B6B7B8");

    private static readonly CommandApdu Debit = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, -1250, 320, S2);

    private static readonly CommandApdu WithCeiling =
        PurseCommands.Move(MoveKind.Debit, MoveTerms.Ceiling | MoveTerms.WithoutPin, 0, 5000, S2);

    private static ScriptBuilder Shown => new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Tea"));

    [Fact]
    public void The_PIN_prompt_shows_item_and_amount_and_confirms_them()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(Shown.VerifyPin().Move(Debit, out _)).Stopped);

        Assert.Equal(["Tea", "3.20 EUR, PIN:\nTea"], stage.Texts);
        Assert.Equal(new Payment(PaymentMethod.Pin, Stage.Euro, 320, "Tea"), Assert.Single(stage.Trace!.Payments).Payment);
        Assert.Equal(stage.Trace.Payments[0].Payment, stage.Shown[1].Prompt!.Payment);
    }

    [Fact]
    public void Without_a_PIN_a_key_confirms()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(Shown.Move(Debit, out _)).Stopped);

        Assert.Equal("Pay 3.20 EUR?\nTea", stage.Shown[1].Command.Text);
        Assert.True(stage.Shown[1].Command.IsYesNo);
        Assert.Equal(PaymentMethod.Key, stage.Trace!.Payments[0].Payment.Method);
        Assert.Contains("8054", stage.Sent[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Goods_go_with_what_was_shown_and_confirmed()
    {
        var stage = new Stage();
        var goods = Bytes.FromHex("E10001040002ABCD");
        var sale = PurseCommands.Move(MoveKind.Debit, MoveTerms.Ceiling | MoveTerms.Goods, -1250, 2000, S2, goods);

        Assert.Null(stage.Play(Shown.VerifyPin().Add(InputStep.Amount(16)).Move(sale, out _)).Stopped);

        var sent = Assert.Single(stage.Sent, sent => sent.StartsWith("8054", StringComparison.Ordinal));
        Assert.StartsWith($"8054010624FFFFFB1E000007D0{S2}000004E2{goods}", sent, StringComparison.Ordinal);
        Assert.Equal(1250u, Assert.Single(stage.Trace!.Payments).Payment.Amount);
    }

    [Theory]
    [InlineData(GeneralResult.Success, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    public void A_payment_that_is_not_confirmed_is_not_sent(GeneralResult result, StopReason reason)
    {
        var stage = new Stage();
        stage.Holder = perform => perform.Prompt is null ? Stage.Agree(perform) : Stage.Result(perform, result);

        stage.Stops(Shown.Move(Debit, out var step), reason, step);

        Assert.Empty(stage.Sent);
        Assert.Empty(stage.Trace!.Payments);
    }

    [Fact]
    public void A_no_is_a_no()
    {
        var stage = new Stage();
        stage.Holder = perform => perform.Prompt is null
            ? Stage.Agree(perform)
            : new HolderAnswered(TerminalResponse.Decided(perform.Command, yes: false));

        stage.Stops(Shown.Move(Debit, out var step), StopReason.EndedByHolder, step);

        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void Where_a_terminal_cannot_ask_yes_or_no_clearing_the_text_is_a_yes()
    {
        var textOnly = new TerminalProfile(Bytes.FromHex("000001"), TerminalCapabilities.None);
        var rules = TerminalRules.ForTerminal(Stage.Server, textOnly);
        var stage = new Stage { Rules = rules };
        var cancelled = new Stage { Rules = rules };
        cancelled.Holder = perform =>
            Stage.Result(perform, perform.Prompt is null ? GeneralResult.Success : GeneralResult.BackwardMove);

        Assert.Null(stage.Play(Shown.Move(Debit, out _)).Stopped);
        cancelled.Stops(Shown.Move(Debit, out var step), StopReason.EndedByHolder, step);

        Assert.Equal(CommandType.DisplayText, stage.Shown[1].Command.Type);
        Assert.Empty(cancelled.Sent);
    }

    [Fact]
    public void A_wrong_PIN_confirms_nothing_even_where_the_script_goes_on()
    {
        var stage = new Stage { Card = command => Stage.Answer(command.Ins == 0x20 ? "63C2" : "9000") };

        stage.Play(Shown.ExpectAnything().VerifyPin().Move(Debit, out _));

        Assert.Equal([PromptKind.Pin, PromptKind.Payment], stage.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal(PaymentMethod.Key, stage.Trace!.Payments[0].Payment.Method);
    }

    [Fact]
    public void A_PIN_confirms_only_what_comes_directly_after_it()
    {
        Asks(Shown.VerifyPin().Perform(ProactiveCommand.GetInkey("Sugar?")).Move(Debit, out _),
            PromptKind.Pin, PromptKind.Input, PromptKind.Payment);
        Asks(Shown.VerifyPin().Send(PurseCommands.Balance).Move(Debit, out _), PromptKind.Pin, PromptKind.Payment);
        Asks(Shown.VerifyPin().Perform(ProactiveCommand.DisplayText("Coffee")).Move(Debit, out _),
            PromptKind.Pin, PromptKind.Payment);
        Asks(Shown.VerifyPin().ChangePin(out _).Move(Debit, out _),
            PromptKind.Pin, PromptKind.Pin, PromptKind.NewPin, PromptKind.RepeatNewPin, PromptKind.Payment);

        void Asks(ScriptBuilder script, params PromptKind[] kinds)
        {
            var stage = new Stage();
            Assert.Null(stage.Play(script).Stopped);
            Assert.Equal(kinds, stage.Prompts.Select(prompt => prompt.Kind));
            Assert.All(stage.Prompts.SkipLast(1), prompt => Assert.Null(prompt.Payment));
        }
    }

    [Fact]
    public void A_PIN_confirms_one_payment_and_not_the_next()
    {
        var stage = new Stage();

        stage.Play(Shown.VerifyPin().Move(Debit, out _)
            .Move(PurseCommands.Move(MoveKind.Debit, MoveTerms.WithoutPin, 0, 9999, S2), out _));

        Assert.Equal([PromptKind.Pin, PromptKind.Payment], stage.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal((uint)9999, stage.Prompts.Last().Payment!.Amount);
    }

    [Fact]
    public void A_payment_is_shown_with_its_own_PIN_only()
    {
        var stage = new Stage();

        stage.Play(Shown.VerifyPin().Move(Debit, out _).ChangePin(out _).VerifyPin());

        Assert.Equal(
            [PromptKind.Pin, PromptKind.Pin, PromptKind.NewPin, PromptKind.RepeatNewPin, PromptKind.Pin],
            stage.Prompts.Select(prompt => prompt.Kind));
        Assert.All(stage.Prompts.Skip(1), prompt => Assert.Null(prompt.Payment));
    }

    [Fact]
    public void The_terminal_looks_ahead_into_the_branch_that_was_chosen()
    {
        var stage = new Stage();
        var dear = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 99900, S2);

        Assert.Null(stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold"))
            .VerifyPin()
            .Branch(tea => tea.Move(Debit, out _), gold => gold.Move(dear, out _))).Stopped);

        Assert.Equal(["", "3.20 EUR, PIN:\nTea"], stage.Texts);
        Assert.Equal(PaymentMethod.Pin, Assert.Single(stage.Trace!.Payments).Payment.Method);
    }

    [Fact]
    public void The_terminal_looks_out_of_a_branch_that_ends()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold"))
            .Branch(tea => tea.Branch(again => again.VerifyPin()), gold => { })
            .Branch(tea => { }, gold => { })
            .Move(Debit, out _)).Stopped);

        Assert.Equal("3.20 EUR, PIN:\nTea", stage.Texts[1]);
        Assert.Equal(PaymentMethod.Pin, Assert.Single(stage.Trace!.Payments).Payment.Method);
    }

    [Fact]
    public void A_typed_amount_is_asked_first_then_shown_with_the_PIN()
    {
        var stage = new Stage();
        var script = Shown.VerifyPin().Add(InputStep.Amount(16), out var input).Move(WithCeiling, out var move);

        var answer = stage.Play(script);

        Assert.Equal([PromptKind.Amount, PromptKind.Pin], stage.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal("12.50 EUR, PIN:\nTea", stage.Texts[2]);
        Assert.Equal(5000u, stage.Prompts.First().MaxAmount);
        Assert.Equal("1250", stage.Trace!.Text(input));
        Assert.Equal(1250u, BinaryPrimitives.ReadUInt32BigEndian(stage.Trace.Command(move)!.Data.Span[16..]));

        // In the order of execution: the amount stands before the PIN.
        Assert.Equal(input, ((ToolkitResult)answer.Results[0]).Step);
        Assert.IsType<CardResult>(answer.Results[1]);
    }

    [Fact]
    public void A_typed_amount_is_asked_once_and_confirmed_by_a_key_where_there_is_no_PIN()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(Shown.Add(InputStep.Amount(16)).Move(WithCeiling, out _)).Stopped);

        Assert.Equal([PromptKind.Amount, PromptKind.Payment], stage.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal(1250u, stage.Trace!.Payments[0].Payment.Amount);
    }

    [Theory]
    [InlineData("5001")]
    [InlineData("-1")]
    [InlineData("12.50")]
    [InlineData("99999999999")]
    [InlineData("")]
    public void An_amount_above_the_ceiling_or_none_is_asked_again_three_times(string typed)
    {
        var stage = new Stage();
        stage.Holder = perform => perform.Prompt is null ? Stage.Agree(perform) : Stage.Entered(perform, typed);

        var script = Shown.VerifyPin().Add(InputStep.Amount(16), out var input).Move(WithCeiling, out _);
        stage.Stops(script, StopReason.NotCapable, input);

        Assert.Equal(3, stage.Prompts.Count());
        Assert.Empty(stage.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void A_debit_without_a_shown_item_is_refused_before_the_PIN(string item)
    {
        var stage = new Stage();
        var script = new ScriptBuilder();
        if (item.Length > 0) script.Perform(ProactiveCommand.DisplayText(item));

        Assert.Equal(StopReason.NoItem, stage.Play(script.VerifyPin().Move(Debit, out _)).Stopped?.Reason);

        Assert.Empty(stage.Prompts);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void The_item_is_the_last_chosen_and_after_a_movement_the_text_last_displayed()
    {
        var stage = new Stage();

        stage.Play(new ScriptBuilder()
            .Perform(ProactiveCommand.DisplayText("Welcome"))
            .Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold"))
            .Perform(ProactiveCommand.DisplayText("Thank you"))
            .Move(Debit, out _)
            .Move(Debit, out _));

        Assert.Equal(["Tea", "Thank you"], stage.Trace!.Payments.Select(payment => payment.Payment.Item).ToArray());
    }

    [Fact]
    public void A_text_that_was_not_shown_is_no_item()
    {
        var stage = new Stage { Holder = perform => Stage.Result(perform, GeneralResult.HelpRequired) };

        Assert.Equal(StopReason.NoItem, stage.Play(Shown.Move(Debit, out _)).Stopped?.Reason);
    }

    [Fact]
    public void An_item_cannot_paint_over_the_amount()
    {
        var stage = new Stage();
        var item = "Tea\n\n\u202E00.0 RUE\u2028" + new string('x', 100);

        stage.Play(new ScriptBuilder().Perform(ProactiveCommand.DisplayText(item)).VerifyPin().Move(Debit, out _));

        var lines = stage.Texts[1].Split('\n');
        Assert.Equal("3.20 EUR, PIN:", lines[0]);
        Assert.Equal(2, lines.Length);
        Assert.True(lines[1].Length <= 66);
        Assert.DoesNotContain('\u202E', lines[1]);
        Assert.Equal(item, stage.Trace!.Payments[0].Payment.Item);
    }

    [Fact]
    public void A_pick_without_a_choice_or_past_its_operands_stops_before_anything_is_asked()
    {
        var move = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 0, S2) with { Data = Bytes.FromHex("00000000") };
        var operand = Bytes.FromHex("00000140 B1B2B3B4B5B6B7B8");
        var none = new Stage();
        var past = new Stage
        {
            Holder = perform =>
                perform.Command.Type == CommandType.SelectItem ? Stage.Chosen(perform, 2) : Stage.Agree(perform),
        };

        Assert.Equal(StopReason.NoChoice, none.Play(Shown.VerifyPin().Pick(4, operand).Move(move, out _)).Stopped?.Reason);
        Assert.Equal(StopReason.NoChoice, past.Play(new ScriptBuilder().Perform(ProactiveCommand.SelectItem("?", "a", "b"))
            .VerifyPin().Pick(4, operand).Move(move, out _)).Stopped?.Reason);

        Assert.Empty(none.Prompts.Concat(past.Prompts));
    }

    [Fact]
    public void Adjust_and_load_are_not_confirmed()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(new ScriptBuilder()
            .Send(PurseCommands.Move(MoveKind.Adjust, MoveTerms.WithoutPin, -5, 0, S2) with { Data = new Bytes(new byte[24]) })
            .Move(PurseCommands.Move(MoveKind.Load, MoveTerms.WithoutPin, 0, 10, S2), out _)).Stopped);

        Assert.Empty(stage.Shown);
        Assert.Empty(stage.Trace!.Payments);
        Assert.Equal(2, stage.Trace.Steps.Count);
    }

    [Theory]
    [InlineData(0x0978, "3.20 EUR")]
    [InlineData(0x0392, "320 JPY")]
    [InlineData(0x0999, "320 minor of 0999")]
    public void The_currency_is_the_one_the_purse_named(int currency, string shown)
    {
        var template = Stage.PurseTemplate.ToString().Replace(
            "C2020978", $"C202{currency:X4}", StringComparison.Ordinal);
        var stage = new Stage { Situation = CardSituation.Inserted(false) };
        stage.Card = command => Stage.Answer(command.Ins == 0xA4 ? $"{template}9000" : "9000");

        stage.Play(Shown.Send(PurseCommands.Select).Move(Debit, out _));

        Assert.Equal($"Pay {shown}?\nTea", stage.Texts[1]);
        Assert.Equal(currency, stage.Trace!.Payments[0].Payment.Currency);
    }

    [Theory]
    [InlineData("9000")]
    [InlineData("6F00 9000")]
    public void A_purse_that_names_no_currency_pays_nothing(string answer)
    {
        var stage = new Stage { Situation = CardSituation.Inserted(false), Card = _ => Stage.Answer(answer) };

        var answered = stage.Play(Shown.Send(PurseCommands.Select).VerifyPin().Move(Debit, out _));

        Assert.Equal(StopReason.NotAllowed, answered.Stopped?.Reason);

        Assert.Empty(stage.Prompts);
    }

    [Fact]
    public void A_card_lost_in_a_MOVE_leaves_a_payment_without_answer()
    {
        var stage = new Stage { Card = command => command.Ins == 0x54 ? StepOutcome.CardLost : Stage.Answer("9000") };

        stage.Stops(Shown.VerifyPin().Move(Debit, out var step), StopReason.CardLost, step);

        var payment = Assert.Single(stage.Trace!.Payments);
        Assert.Null(payment.Answer);
        Assert.Equal(24, payment.Move.Data.Length);
        Assert.Equal(2, stage.Sent.Count);
    }
}

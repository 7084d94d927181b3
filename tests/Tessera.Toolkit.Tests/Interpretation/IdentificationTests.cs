using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.3: a PIN that moves nothing is asked below the reason for it.</summary>
public class IdentificationTests
{
    private static readonly Bytes S2 = Bytes.FromHex("B1B2B3B4B5B6B7B8");

    private static readonly CommandApdu Identify =
        PurseCommands.Move(MoveKind.Adjust, MoveTerms.PinRequired, -1250, 0, S2);

    private static ScriptBuilder Asked => new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Your balance"));

    [Fact]
    public void The_PIN_is_asked_below_the_reason_and_the_digest_covers_it()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(Asked.VerifyPin().Move(Identify, out var move)).Stopped);

        Assert.Equal(["Your balance", "Your balance\nIdentify, PIN:"], stage.Texts);
        Assert.Equal("Your balance", Assert.Single(stage.Prompts).Reason);
        Assert.Empty(stage.Trace!.Payments);
        var other = new Stage();
        other.Play(new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Your debts")).VerifyPin().Move(Identify, out _));
        Assert.NotEqual(Digest(stage.Trace, move), Digest(other.Trace!, move));
    }

    [Fact]
    public void The_reason_is_what_was_shown_last_be_it_an_item_taken()
    {
        var chosen = new Stage();
        var displayed = new Stage();
        var list = ProactiveCommand.SelectItem("What?", "Your balance", "Your bills");

        chosen.Play(Asked.Perform(list).VerifyPin().Move(Identify, out _));
        displayed.Play(new ScriptBuilder().Perform(list).Perform(ProactiveCommand.DisplayText("Your\u202E data"))
            .VerifyPin().Move(Identify, out _));

        Assert.Equal("Your balance\nIdentify, PIN:", chosen.Texts[^1]);
        Assert.Equal("Your  data\nIdentify, PIN:", displayed.Texts[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Without_a_reason_no_PIN_is_asked(string reason)
    {
        var stage = new Stage();
        var script = new ScriptBuilder();
        if (reason.Length > 0) script.Perform(ProactiveCommand.DisplayText(reason));

        stage.Stops(script.VerifyPin().Move(Identify, out var step), StopReason.NoItem, step);

        Assert.Empty(stage.Prompts);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void It_carries_the_digest_like_a_debit()
    {
        var stage = new Stage();
        var bare = Identify with { Data = new Bytes(new byte[24]) };

        Assert.Equal(StopReason.NotAllowed, stage.Play(Asked.VerifyPin().Send(bare)).Stopped?.Reason);
        Assert.Equal(
            StopReason.NotAllowed,
            stage.Play(Asked.VerifyPin().Add(InputStep.Amount(4)).Move(Identify with { Data = new Bytes(new byte[12]) }, out _))
                .Stopped?.Reason);

        Assert.Empty(stage.Prompts);
        Assert.Empty(stage.Sent);
    }

    [Fact]
    public void A_PIN_asked_for_anything_else_identifies_nobody()
    {
        var debit = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 320, S2);
        Stops(Asked.Move(Identify, out var alone), alone);
        Stops(Asked.VerifyPin().Send(PurseCommands.Balance).Move(Identify, out var behind), behind);
        Stops(Asked.VerifyPin().Perform(ProactiveCommand.DisplayText("Your bills")).Move(Identify, out var shown), shown);
        Stops(Asked.VerifyPin().Move(debit, out _).Move(Identify, out var paid), paid);
        Stops(Asked.VerifyPin().Move(Identify, out _).Move(Identify, out var again), again);

        static void Stops(ScriptBuilder script, byte step)
        {
            var stage = new Stage();
            stage.Stops(script, StopReason.PinRule, step);
            Assert.True(stage.Sent.Count(sent => sent.StartsWith("80540300", StringComparison.Ordinal)) <= 1);
        }
    }

    [Fact]
    public void A_wrong_PIN_identifies_nobody_even_where_the_script_goes_on()
    {
        var stage = new Stage { Card = command => Stage.Answer(command.Ins == 0x20 ? "63C2" : "9000") };

        stage.Stops(Asked.ExpectAnything().VerifyPin().Move(Identify, out var step), StopReason.PinRule, step);

        Assert.DoesNotContain(stage.Sent, sent => sent.StartsWith("8054", StringComparison.Ordinal));
    }

    [Fact]
    public void An_adjust_that_needs_no_PIN_is_what_it_was()
    {
        var stage = new Stage();

        Assert.Null(stage.Play(new ScriptBuilder()
            .Move(PurseCommands.Move(MoveKind.Adjust, MoveTerms.WithoutPin, -5, 0, S2), out _)).Stopped);

        Assert.Empty(stage.Shown);
    }

    private static Bytes Digest(ScriptTrace trace, byte move) => new(trace.Command(move)!.Data.Memory[^8..]);
}

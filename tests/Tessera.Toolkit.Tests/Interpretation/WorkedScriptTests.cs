using System.Security.Cryptography;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

public class WorkedScriptTests
{
    private static readonly CommandScript Worked = WorkedScripts.Scripts[0].Read<CommandScript>();

    [Fact]
    public void The_worked_purchase_gives_its_answer()
    {
        var stage = OnPhone();

        Assert.Equal(WorkedScripts.Responses[0], Bytes.Of(stage.Play(Worked)));

        Assert.Equal(
        [
            "0020008008313233343536FFFF",
            $"8054010018FFFFFB1E00000140A0A0A0A0A0A0A0A0{stage.Trace!.Payments[0].Digest.ToString()[..16]}00",
            "0020FF80",
            "805E0000",
        ], stage.Sent);
        Assert.Equal(new Payment(PaymentMethod.Pin, Stage.Euro, 320, "Centre 3.20"), stage.Trace.Payments[0].Payment);
        Assert.Equal("3.20 EUR, PIN:\nCentre 3.20", stage.Shown[1].Command.Text);
        Assert.True(stage.Shown[1].Command.IsHiddenInput);
    }

    [Fact]
    public void The_worked_purchase_stopped_at_the_PIN_gives_its_answer()
    {
        var stage = OnPhone();
        stage.Card = command => Stage.Answer(command.Ins == 0x20 && command.P1 == 0 ? "63C2" : "9000");

        Assert.Equal(WorkedScripts.Responses[1], Bytes.Of(stage.Play(Worked)));

        Assert.DoesNotContain(stage.Sent, sent => sent.StartsWith("8054", StringComparison.Ordinal));
        Assert.Empty(stage.Trace!.Payments);
    }

    [Theory]
    [InlineData(1, "00000140A0A0A0A0A0A0A0A0", 320, "Centre 3.20")]
    [InlineData(2, "000001E0A1A1A1A1A1A1A1A1", 480, "Airport 4.80")]
    [InlineData(3, "00000104A2A2A2A2A2A2A2A2", 260, "Harbour 2.60")]
    public void The_choice_picks_amount_and_S2(byte choice, string operand, uint amount, string item)
    {
        var stage = OnPhone();
        stage.Holder = perform =>
            perform.Command.Type == CommandType.SelectItem ? Stage.Chosen(perform, choice) : Stage.Agree(perform);

        Assert.Null(stage.Play(Worked).Stopped);

        Assert.Contains(operand, stage.Sent[1], StringComparison.Ordinal);
        Assert.Equal((amount, item), (stage.Trace!.Payments[0].Payment.Amount, stage.Trace.Payments[0].Payment.Item));
        Assert.Equal((int?)choice, stage.Trace.Choice(1));
        Assert.NotNull(stage.Trace.Answer(6));
    }

    /// <summary>The document writes out what is hashed; here it is hashed without the code under test.</summary>
    [Fact]
    public void The_worked_digest_is_the_one_the_MOVE_carries()
    {
        var stage = OnPhone();
        stage.Play(Worked);

        var written = new Bytes(SHA256.HashData(WorkedScripts.Of("digest").Single().Span));

        Assert.Equal(WorkedScripts.Of("sha256").Single(), written);
        Assert.Equal(written, stage.Trace!.Payments[0].Digest);
        Assert.EndsWith($"{written.ToString()[..16]}00", stage.Sent[1], StringComparison.Ordinal);
    }

    private static Stage OnPhone() => new()
    {
        Rules = TerminalRules.ForSim(Stage.Server, TerminalProfile.Phone),
        Situation = CardSituation.Sim(Stage.Euro, initializeInForce: true),
    };
}
